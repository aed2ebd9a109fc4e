"""Reading the trail of an organisation, and what its lines are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Uuid, literal, or_, select, union_all

from portal.database import db
from portal.models import (
    ApiKey,
    AuditEntry,
    Booking,
    Customer,
    Organisation,
    Partner,
    Room,
    StaffMember,
    Treatment,
    Venue,
)
from portal.trail.words import KINDS

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines: by whom (`who`, or the house itself), in which time, where, of which kind, about whom or what.

    `before` is the place of the last line of the page before: its instant and key.
    """

    since: datetime
    until: datetime
    who: UUID | None = None
    by_itself: bool = False
    venue: Venue | None = None
    kind: str = ""
    about: UUID | None = None
    before: tuple[datetime, int] | None = None


def lines_of(organisation: Organisation, wanted: Wanted, *, limit: int = PAGE + 1) -> Sequence[AuditEntry]:
    """The lines, newest first: one statement along the index of the organisation's time, or of the subject."""
    query = select(AuditEntry).where(
        AuditEntry.organisation_id == organisation.id, AuditEntry.at >= wanted.since, AuditEntry.at < wanted.until,
        *_conditions(organisation, wanted),
    )  # fmt: skip
    return db.session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)).all()


def actors_of(organisation: Organisation) -> list[tuple[UUID, str]]:
    """Who may have done something: the team and the partners' keys, by name."""
    people = select(StaffMember).where(StaffMember.organisation_id == organisation.id)
    keys = select(ApiKey.uuid, ApiKey.name, Partner.name).join(Partner, Partner.id == ApiKey.partner_id)
    keys = keys.where(ApiKey.organisation_id == organisation.id)
    team = [(one.uuid, one.name) for one in db.session.scalars(people)]
    return sorted(team, key=_by_name) + sorted(
        ((row[0], f"{row[2]} – {row[1]}") for row in db.session.execute(keys)), key=_by_name
    )


def subjects_of(organisation: Organisation, uuids: Iterable[UUID]) -> dict[UUID, tuple[str, Row[Any]]]:
    """What still stands of these: its kind and what names it. One statement a kind, however many lines there are."""
    wanted = set(uuids)
    if not wanted:
        return {}
    queries: dict[str, Any] = {
        "booking": select(Booking.uuid, Booking.number, Venue.slug).join(Venue, Venue.id == Booking.venue_id),
        "customer": select(Customer.uuid, Customer.first_name, Customer.last_name),
        "member": select(StaffMember.uuid, StaffMember.first_name, StaffMember.last_name),
        "room": select(Room.uuid, Room.name, Venue.slug).join(Venue, Venue.id == Room.venue_id),
        "treatment": select(Treatment.uuid, Treatment.name, Venue.slug).join(Venue, Venue.id == Treatment.venue_id),
        "partner": select(Partner.uuid, Partner.name),
        "key": select(ApiKey.uuid, ApiKey.name, Partner.uuid).join(Partner, Partner.id == ApiKey.partner_id),
    }
    models: dict[str, Any] = {
        "booking": Booking, "customer": Customer, "member": StaffMember, "room": Room, "treatment": Treatment,
        "partner": Partner, "key": ApiKey,
    }  # fmt: skip
    found: dict[UUID, tuple[str, Row[Any]]] = {}
    for kind, model in models.items():
        scoped = queries[kind].where(model.organisation_id == organisation.id, model.uuid.in_(wanted))
        found |= {row[0]: (kind, row) for row in db.session.execute(scoped)}
    return found


def _conditions(organisation: Organisation, wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.who is not None:
        yield AuditEntry.actor == wanted.who
    if wanted.by_itself:
        yield AuditEntry.actor_kind == "system"
    if wanted.venue is not None:
        yield AuditEntry.venue_id == wanted.venue.id
    if wanted.kind in KINDS:
        yield or_(*[AuditEntry.verb.startswith(f"{noun}:", autoescape=True) for noun in KINDS[wanted.kind][1]])
    if wanted.about is not None:
        hers = select(Booking.uuid).join(Customer, Customer.id == Booking.customer_id)
        hers = hers.where(Customer.organisation_id == organisation.id, Customer.uuid == wanted.about)
        # Not by OR: PostgreSQL would read through the whole time instead of asking the index of subjects.
        yield AuditEntry.subject.in_(union_all(select(literal(wanted.about, Uuid())), hers))
    if wanted.before is not None:
        at, key = wanted.before
        yield AuditEntry.at <= at  # the index leads there
        yield or_(AuditEntry.at < at, AuditEntry.id < key)


def _by_name(one: tuple[UUID, str]) -> str:
    return one[1].casefold()
