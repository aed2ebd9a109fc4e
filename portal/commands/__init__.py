"""The commands that hang on `flask`."""

from __future__ import annotations

import os
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


def implied_settings(argv: Sequence[str]) -> dict[str, Any]:
    """`flask demo …` says by itself that this is the demo, unless the environment says something else."""
    by_flask = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
    if by_flask and not os.environ.get("PORTAL_ENVIRONMENT") and _command(argv[1:]) == "demo":
        return {"environment": "demo"}
    return {}


def _command(words: Sequence[str]) -> str | None:
    """The first word that is neither an option of `flask` nor an option's value."""
    before = ""
    for word in words:
        if not word.startswith("-") and before not in _WITH_VALUE:
            return word
        before = word
    return None
