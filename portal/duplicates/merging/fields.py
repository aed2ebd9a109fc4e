"""What a guest's row is made of, and which value of two stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from portal.models import Customer
from portal.models.customer import BLOCKED

Side = Literal["keep", "lose"]
KEEP: Side = "keep"
LOSE: Side = "lose"
# Chosen one by one; all others follow from rules.
CHOSEN = (
    "first_name", "last_name", "phone", "email", "language", "preferred_treatment_type", "preferred_therapist_id",
    "preferences",
)  # fmt: skip
FLAG = ("flag", "flag_reason", "flagged_at", "flagged_by_name")
RULED = (*FLAG, "email_consent", "sms_consent", "deactivated_at", "profile_completed", "created_at")


def differing(keep: Customer, lose: Customer) -> dict[str, Side]:
    """The fields in which they differ, each with the side that is taken unless somebody chooses: what is not empty."""
    return {
        name: KEEP if getattr(keep, name) or not getattr(lose, name) else LOSE
        for name in CHOSEN
        if getattr(keep, name) != getattr(lose, name)
    }


def merged(keep: Customer, lose: Customer, take: Mapping[str, str], consents: Mapping[str, bool]) -> dict[str, Any]:
    """What the row of the one who stays becomes, as far as it is news. `consents` are what the ledger says last."""
    sides = {name: take.get(name, side) for name, side in differing(keep, lose).items()}
    values: dict[str, Any] = {name: getattr(lose, name) for name, side in sides.items() if side == LOSE}
    values |= {f"{channel}_consent": given for channel, given in consents.items()}
    if lose.flag == BLOCKED or (lose.flag and not keep.flag):
        values |= {name: getattr(lose, name) for name in FLAG}
    values["deactivated_at"] = _later(keep.deactivated_at, lose.deactivated_at)
    values["profile_completed"] = keep.profile_completed or lose.profile_completed
    values["created_at"] = min(keep.created_at, lose.created_at)
    return {name: value for name, value in values.items() if getattr(keep, name) != value}


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """She is a guest as long as one of the two is."""
    return max(one, other) if one and other else None
