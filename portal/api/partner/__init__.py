"""The partner API."""

from __future__ import annotations

from flask import Blueprint

partner = Blueprint("partner", __name__)
