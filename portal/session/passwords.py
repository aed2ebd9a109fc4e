"""Passwords: how they are kept, compared and chosen. Nothing here touches the database."""

from __future__ import annotations

import base64
import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

from portal.errors import Invalid, Unavailable
from portal.models import StaffMember

# Argon2id with 19 MiB, 2 passes, 1 lane: the least that OWASP and ASVS accept, about 25 ms.
STRONG = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # for tests, which have nothing to protect

DEMO_PASSWORD = "thermes-demo"  # noqa: S105  (public by design, see verify)
SHORTEST, LONGEST = 12, 1024
# What everybody tries first; compared without case, and without digits and signs at both ends.
COMMON = {
    "admin", "administrateur", "administrator", "azerty", "azertyuiop", "bienvenue", "bonjour", "chocolat",
    "doudou", "iloveyou", "jetaime", "letmein", "loulou", "marseille", "massage", "motdepasse", "nicolas",
    "password", "passw0rd", "princess", "qwerty", "qwertyuiop", "reception", "relaxation", "secret", "soleil",
    "spa", "thermes", "welcome", "bienetre", "wellness", "zxcvbnm", "abcdefghijkl", "abcdefghijklm", "qsdfghjklm",
    "qwertyuiopas", "azertyuiopqs", "1q2w3e4r5t6y", "motdepassemotdepasse", "changezmoi", "changeme", "superman",
    "footballfootball", "monmotdepasse", "mypassword", "bienvenuechez", "letmeinletmein", "trustno",
}  # fmt: skip
_PATIENCE = 10  # seconds
_turns = threading.BoundedSemaphore(max(2, (os.cpu_count() or 2) // 2))


def hash_password(password: str) -> str:
    """What is stored of a password: Argon2id with a salt of its own. Raises Unavailable when too many wait."""
    with _turn():
        return _hasher().hash(_bytes(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether `password` belongs to the stored hash.

    Costs the same without a hash (a dummy is tried), so that the time does not tell who exists. The password of the
    demo is never right on a portal that others can reach. Raises Unavailable when too many wait for their turn.
    """
    with _turn():
        right = _matches(stored, password)
    return right and (password != DEMO_PASSWORD or may_try_out())


def renewed(stored: str, password: str) -> str | None:
    """A fresh hash when `stored` was made with other parameters than today's, else None."""
    return hash_password(password) if _hasher().check_needs_rehash(stored) else None


def refuse_weak(password: str, member: StaffMember) -> None:
    """Raise Invalid when the password is too short, too long, common, or made of the member's own name or address.

    Nothing is asked of its signs (NIST SP 800-63B): length is what counts.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        sentence = _("Please choose a password of %(least)d to %(most)d characters.", least=SHORTEST, most=LONGEST)
        raise Invalid(sentence, field="password")
    plain = _plain(password)
    address = member.email or member.invited_as or ""
    own = {_plain(word) for word in (member.first_name, member.last_name, member.name, *address.split("@"))} - {""}
    if _once(plain) in COMMON | own or len(set(password)) < 5 or _is_counted(password) or password == DEMO_PASSWORD:
        sentence = _("This password is too easy to guess. Several words in a row are a good choice.")
        raise Invalid(sentence, field="password")


def is_demo() -> bool:
    """Whether this is the demo, which shows its logins to everybody."""
    return bool(current_app.config["SETTINGS"].environment == "demo")


@contextmanager
def _turn() -> Iterator[None]:
    """A hash takes 19 MiB and a processor: only so many at a time, or guesses would starve everybody else."""
    if not _turns.acquire(timeout=_PATIENCE):
        raise Unavailable()
    try:
        yield
    finally:
        _turns.release()


def _matches(stored: str | None, password: str) -> bool:
    try:
        _hasher().verify(stored or _dummy(), _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _once(word: str) -> str:
    """A word that is written several times, written once."""
    size = (word + word).find(word, 1) if word else 0
    return word[:size] if 0 < size < len(word) else word


def _is_counted(password: str) -> bool:
    """Whether it is nothing but digits that follow each other: 123456789012, 987654321098."""
    if not (password.isascii() and password.isdigit()):
        return False
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(password)}
    return len(steps) == 1


def may_try_out() -> bool:
    """Everybody knows the password of the demo: it opens the demo, and what is served to this machine alone."""
    return is_demo() or _is_test() or current_app.config["SETTINGS"].is_loopback


def _dummy() -> str:
    """A well-formed hash with today's parameters that no password has."""
    hasher = _hasher()
    salt, digest = (base64.b64encode(bytes(length)).decode().rstrip("=") for length in (16, hasher.hash_len))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${digest}"


def _hasher() -> PasswordHasher:
    return QUICK if _is_test() else STRONG


def _is_test() -> bool:
    return bool(current_app.config["SETTINGS"].environment == "testing")


def _bytes(password: str) -> bytes:
    """The same bytes whether a keyboard sends é as one character or as two."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _plain(word: str) -> str:
    return word.casefold().strip("0123456789 !?.,;:*#@$€%&+-_/()")
