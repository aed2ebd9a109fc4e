"""Views of the room."""

from __future__ import annotations

from flask import Blueprint

offers = Blueprint("offers", __name__)
