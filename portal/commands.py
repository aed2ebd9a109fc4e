"""Commands."""

from __future__ import annotations

from flask import Flask


def register_commands(app: Flask) -> None:
    """Hang the commands on `app.cli`."""
