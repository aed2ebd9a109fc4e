"""Bodies that partners send."""

from __future__ import annotations

from typing import Any

from tests.factories import House

ABSENT = object()


def make_wish(house: House, at: str = "10:00", days: int = 0, **members: Any) -> dict[str, Any]:
    """60 minutes for one guest at a local time of the house's day; members replace those of the body, or are ABSENT."""
    body = {
        "variant_id": str(house.single.uuid),
        "start_at": instant_text(house, at, days),
        "guest": {"first_name": "Hélène", "last_name": "Dupont", "phone": "+33612345678"},
        "price_paid": {"amount": 120.0, "currency": "EUR"},
    }
    return {name: value for name, value in {**body, **members}.items() if value is not ABSENT}


def instant_text(house: House, at: str, days: int = 0) -> str:
    """The instant of a local time at lutetia, as the API writes it."""
    return f"{house.at(at, days=days):%Y-%m-%dT%H:%M:%SZ}"
