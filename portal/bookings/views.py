"""Views of the room."""

from __future__ import annotations

from flask import Blueprint

bookings = Blueprint("bookings", __name__)
