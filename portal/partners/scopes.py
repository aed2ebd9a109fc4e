"""What a key may do: `noun:read` and `noun:write`, per surface."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """Scopes of the partner API, in the order in which its contract lists them."""

    VENUES_READ = "venues:read"
    TREATMENTS_READ = "treatments:read"
    CUSTOMERS_READ = "customers:read"
    BOOKINGS_READ = "bookings:read"
    AVAILABILITY_READ = "availability:read"
    BOOKINGS_WRITE = "bookings:write"


# Reserved by the contract: a key may carry it, no operation asks for it yet.
RESERVED = ("therapists:read",)
_MANAGED = (
    "bookings", "customers", "events", "locations", "catalogue", "staff", "forms", "orders", "reviews", "tickets",
    "webhooks",
)  # fmt: skip
SURFACES: dict[str, tuple[str, ...]] = {
    "partner": tuple(Scope),
    "management": tuple(f"{noun}:{verb}" for noun in _MANAGED for verb in ("read", "write")),
}
