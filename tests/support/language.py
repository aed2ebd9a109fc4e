"""What is said outside of a request, where nobody's language is known."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import force_locale


def in_english(say: Callable[[], object]) -> str:
    """`in_english(lambda: error.message)`: the text as an English reader gets it."""
    with force_locale("en"):
        return str(say())
