"""Views of the room."""

from __future__ import annotations

from flask import Blueprint

agenda = Blueprint("agenda", __name__)
