"""French is complete: nothing missing, nothing guessed, the same placeholders, French typography."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.support.source import ROOT

FRENCH = ROOT / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
ADVICE = "Run `python3 .dev/translations`, then mend translations/fr/LC_MESSAGES/messages.po and run it again."
FEWEST = 60  # extraction that looks in the wrong place finds nothing and says nothing
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
FAMILIAR = re.compile(r"\b(tu|toi|ton|ta|tes)\b", re.IGNORECASE)
PLAIN_SPACE = re.compile(r"\w* [:;!?»]|« ")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return _read(FRENCH)


def test_the_catalogue_is_not_empty(catalogue: Catalog) -> None:
    assert len(catalogue) >= FEWEST, f"Only {len(catalogue)} messages: does .babel.cfg find the source? {ADVICE}"


def test_nothing_is_missing_or_guessed(catalogue: Catalog) -> None:
    missing = [message.id for message in _messages(catalogue) if not (_strings(message) and all(_strings(message)))]
    fuzzy = [message.id for message in _messages(catalogue) if message.fuzzy]
    assert (missing, fuzzy) == ([], []), ADVICE


def test_placeholders_are_the_same(catalogue: Catalog) -> None:
    wrong = [
        f"{message.id!r} → {text!r}"
        for message in _messages(catalogue)
        for text in _strings(message)
        if not _placeholders(text) <= _placeholders(*_sources(message))
    ]
    missing = [
        f"{message.id!r} → {message.string!r}"
        for message in _messages(catalogue)
        if _placeholders(*_strings(message)) != _placeholders(*_sources(message))
    ]
    assert not wrong + missing, "\n".join([*wrong, *missing, ADVICE])


def test_french_typography(catalogue: Catalog) -> None:
    wrong = [text for message in _messages(catalogue) for text in _strings(message) if PLAIN_SPACE.search(text)]
    assert not wrong, f"Use a no-break space before : ; ! ? » and after «: {wrong}"


def test_formal_address(catalogue: Catalog) -> None:
    wrong = [text for message in _messages(catalogue) for text in _strings(message) if FAMILIAR.search(text)]
    assert not wrong, f"We say vous: {wrong}"


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="fr")


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _sources(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _placeholders(*texts: str) -> set[str]:
    return {name for text in texts for name in PLACEHOLDER.findall(text)}
