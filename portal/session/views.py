"""Views of the room."""

from __future__ import annotations

from flask import Blueprint

session = Blueprint("session", __name__)
