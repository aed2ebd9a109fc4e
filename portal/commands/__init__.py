"""The commands that hang on `flask`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask

from portal.commands.check import check
from portal.commands.demo import demo
from portal.commands.keys import keys
from portal.commands.members import members
from portal.commands.worker import worker

# Options of `flask` itself that are followed by a value.
_WITH_VALUE = {"-A", "--app", "-e", "--env-file"}


def register_commands(app: Flask) -> None:
    """Hang the commands on `app.cli`."""
    for command in (check, demo, keys, members, worker):
        app.cli.add_command(command)


# Commands that only read and write the database: they sign nothing, so they need no secret.
_WITHOUT_SECRET = {"db", "keys", "members"}


def implied_settings(argv: Sequence[str]) -> dict[str, Any]:
    """What a command of `flask` says by itself, unless the environment says something else.

    `flask demo …` is the demo; commands that sign nothing get a secret that lasts as long as they do.
    """
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        return {}
    command = _command(argv[1:])
    if command == "demo" and not os.environ.get("PORTAL_ENVIRONMENT"):
        return {"environment": "demo"}
    if command in _WITHOUT_SECRET and not os.environ.get("PORTAL_SECRET_KEY"):
        return {"secret_key": secrets.token_hex(32)}
    return {}


def _command(words: Sequence[str]) -> str | None:
    """The first word that is neither an option of `flask` nor an option's value."""
    before = ""
    for word in words:
        if not word.startswith("-") and before not in _WITH_VALUE:
            return word
        before = word
    return None
