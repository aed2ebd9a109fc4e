"""Errors of the partner API."""

from __future__ import annotations

from flask import Response


def answer(error: Exception) -> Response | None:
    return None
