"""How often one may guess: pure rules about failed sign-ins, counted per account, per network and for the house."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

WINDOW = timedelta(minutes=5)
MEMORY = timedelta(hours=1)
KEPT = timedelta(days=1)
FAILURES_PER_KEY = 10
# A spa's staff share one address: its count is for whoever tries many accounts from there.
FAILURES_PER_NETWORK = 100
FAILURES_IN_ALL = 1000
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
# Codes have six digits: whoever has the password must not get at them by trying.
_CODES = ((5, WINDOW), (20, timedelta(hours=1)), (50, KEPT))
MOST_CODES = _CODES[-1][0]
_DOUBLINGS = 5  # after these the delay is the longest one


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures in WINDOW are allowed under this key; `key` is a hash, so that the table names nobody."""

    key: str
    allowed: int = FAILURES_PER_KEY

    @property
    def worth_reading(self) -> int:
        """How many of the newest failures decide."""
        return self.allowed + _DOUBLINGS


def limits(account: str, network: str, *, familiar: bool) -> list[Limit]:
    """What a sign-in to `account` from `network` is measured by.

    Strangers to the account share one count, from wherever they come; a network has a wide one over all accounts. A
    network from which the member has signed in before has a count of its own for her, so that guesses made elsewhere
    never lock the owner out.
    """
    if familiar:
        return [limit_of("familiar", account, network), _of_network(network)]
    return [limit_of("account", account), _of_network(network), limit_of("all", allowed=FAILURES_IN_ALL)]


def wait(failures: Sequence[datetime], allowed: int, at: datetime) -> timedelta:
    """How long until the next try, given the failures of the last MEMORY, newest first; zero or less: now.

    Never more than `allowed` failures in any WINDOW; and once they are used up, each further one doubles the delay.
    """
    if len(failures) < allowed:
        return timedelta(0)
    doublings = min(len(failures) - allowed, _DOUBLINGS)
    delay = min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
    return max(failures[allowed - 1] + WINDOW, failures[0] + delay) - at


def wait_for_code(failures: Sequence[datetime], at: datetime) -> timedelta:
    """How long until the next code, given the wrong ones of the last day, newest first; zero or less: now."""
    waits = [failures[most - 1] + span - at for most, span in _CODES if len(failures) >= most]
    return max(waits, default=timedelta(0))


def network_of(address: str | None) -> str:
    """What one household or house is reached by: an IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    if found.version == 4 or mapped:
        return str(mapped or found)
    return str(ip_network((found, 64), strict=False))


def _of_network(network: str) -> Limit:
    return limit_of("network", network, allowed=FAILURES_PER_NETWORK)


def key_of(*words: str) -> str:
    """Under what something is counted, without naming it."""
    return hashlib.sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()


def limit_of(*words: str, allowed: int = FAILURES_PER_KEY) -> Limit:
    """So many under a key of these words."""
    return Limit(key_of(*words), allowed)
