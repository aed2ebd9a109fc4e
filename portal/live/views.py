"""Views of the room."""

from __future__ import annotations

from flask import Blueprint

live = Blueprint("live", __name__)
