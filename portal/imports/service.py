"""Files of guests: taken in, tried line by line, and taken over as a whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

import portal.audit as audit
from portal.audit import Actor
from portal.clock import now, today
from portal.customers.emails import email_key
from portal.database import Base, atomic, db
from portal.imports.columns import checked, guessed
from portal.imports.errors import NotNow
from portal.imports.lines import Line, read_line
from portal.imports.matching import Seen, Step, plan
from portal.imports.queries import (
    all_lines,
    content_of,
    forget_lines,
    forget_old,
    lock_import,
    named,
    seen_before,
    take_waiting,
)
from portal.imports.table import lines_of, shape_of
from portal.models import (
    AuditEntry,
    Customer,
    CustomerConsent,
    CustomerKey,
    CustomerNote,
    GuestImport,
    GuestImportLine,
    OutboxEvent,
    Venue,
)
from portal.models.customer import compared_as
from portal.models.customer_key import key_rows
from portal.models.guest_import import CANCELLED, CHECKED, CHECKING, CREATE, DONE, ERROR, FAILED, MAPPING, UPDATE

CHUNK = 500
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
KEPT, WAITS = timedelta(days=30), timedelta(days=7)


@atomic
def take_in(venue: Venue, *, content: bytes, file_name: str, by: Actor) -> GuestImport:
    """Keep a file until its columns are known and its lines were looked at. Raises WrongFile: nothing is kept then."""
    shape = shape_of(content)
    batch = GuestImport(
        organisation_id=venue.organisation_id, venue_id=venue.id, by_name=by.name,
        member_id=by.member.id if by.member else None, file_name=file_name[:200], content=content,
        encoding=shape.encoding, delimiter=shape.delimiter, header=shape.header, sample=shape.sample,
        columns=guessed(shape.header), total=shape.total,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    return batch


@atomic
def check_lines(venue: Venue, *, batch: GuestImport, columns: Mapping[str, int]) -> GuestImport:
    """Let a worker look at every line with these columns; nothing is taken over yet. Raises WrongColumns, NotNow."""
    batch = lock_import(venue, batch)
    if batch.status not in {MAPPING, CHECKED}:
        raise NotNow()
    wanted = checked(columns, len(batch.header))
    forget_lines(venue, batch)
    batch.begin_check(wanted)
    return batch


@atomic
def take_over(venue: Venue, *, batch: GuestImport, by: Actor) -> GuestImport:
    """Let a worker do what was tried. Raises NotNow unless all lines were looked at."""
    batch = lock_import(venue, batch)
    if batch.status != CHECKED:
        raise NotNow()
    batch.begin_run()
    audit.record(by, "import:started", batch, lines=batch.total)
    return batch


@atomic
def call_off(venue: Venue, *, batch: GuestImport) -> GuestImport:
    """Nothing is taken over, and nothing of it is kept; harmless when it was. Raises NotNow once it has begun."""
    batch = lock_import(venue, batch)
    if batch.status == CANCELLED:
        return batch
    if batch.status not in {MAPPING, CHECKING, CHECKED}:
        raise NotNow()
    forget_lines(venue, batch)
    batch.end(CANCELLED, at=now())
    return batch


def go_on_with_imports() -> int:
    """Do the next piece of work for the files that wait, as the worker; returns how many lines that were.

    A worker that dies leaves what it had committed: the next one goes on behind it. Taking over is one transaction.
    """
    batch = _lease()
    if batch is None:
        return 0
    if batch.status == CHECKING:
        return _check(batch.venue, batch)
    return _carry_out(batch.venue, batch)


@atomic
def forget_imports(*, at: datetime) -> int:
    """Files that nobody went on with for a week are cancelled; lines are kept for 30 days, to be read."""
    return forget_old(waiting=at - WAITS, over=at - KEPT)


@atomic
def _lease() -> GuestImport | None:
    at = now()
    batch = take_waiting(at=at)
    if batch is None:
        return None
    batch.attempts += 1
    batch.lease_until = at + LEASE
    if batch.attempts > MOST_ATTEMPTS:
        batch.end(FAILED, at=at)
        return None
    return batch


def _check(venue: Venue, batch: GuestImport) -> int:
    """Look at all lines that nobody has looked at, a chunk a transaction."""
    seen = Seen()
    for number, values in seen_before(venue, batch):
        if values:
            seen.add(number, values)
    rows = list(lines_of(content_of(venue, batch), encoding=batch.encoding, delimiter=batch.delimiter))
    done, start = 0, batch.processed
    while start < len(rows) or start == 0 == len(rows):
        taken = _check_some(venue, batch, rows[start : start + CHUNK], seen, start)
        if not taken:
            break
        done, start = done + taken, start + taken
    return done


@atomic
def _check_some(venue: Venue, batch: GuestImport, rows: list[tuple[int, list[str]]], seen: Seen, start: int) -> int:
    batch = lock_import(venue, batch)
    if batch.status != CHECKING or batch.processed != start:
        return 0  # it was cancelled, or another worker has it
    language, day = venue.organisation.default_language, today(venue.timezone)
    lines = [
        read_line(number, row, batch.columns, country=venue.country, language=language, today=day)
        for number, row in rows
    ]
    steps = plan(venue.organisation, lines, seen)
    _insert(GuestImportLine, [_kept(venue, batch, step) for step in steps])
    batch.processed += len(rows)
    batch.counts = dict(Counter(batch.counts) + Counter(step.action for step in steps))
    batch.lease_until, batch.attempts = now() + LEASE, 0
    if batch.processed >= batch.total:
        batch.status, batch.lease_until = CHECKED, None
    return len(rows)


def _kept(venue: Venue, batch: GuestImport, step: Step) -> dict[str, Any]:
    return {
        "organisation_id": venue.organisation_id, "import_id": batch.id, "number": step.line.number,
        "action": step.action, "cells": step.line.values, "faults": step.line.faults,
        "customer_id": step.customer.id if step.customer else None,
    }  # fmt: skip


@atomic
def _carry_out(venue: Venue, batch: GuestImport) -> int:
    """All good lines, in one transaction: whom they mean is asked again, for the world has gone on since the trial."""
    batch = lock_import(venue, batch)
    kept = [line for line in all_lines(venue, batch) if line.action != ERROR]
    by, seen, counts = Actor("import", batch.by_name, "import"), Seen(), Counter[str]()
    for start in range(0, len(kept), CHUNK):
        rows = kept[start : start + CHUNK]
        lines = [Line(row.number, dict(row.cells)) for row in rows]
        steps = plan(venue.organisation, lines, seen, lock=True)
        _write(venue, batch, steps, by)
        counts.update(step.action for step in steps)
        for row, step in zip(rows, steps, strict=True):
            if (row.action, row.faults) != (step.action, step.line.faults):
                row.action, row.faults = step.action, step.line.faults
        db.session.flush()
    counts[ERROR] += batch.counts.get(ERROR, 0)
    batch.counts = {action: number for action, number in counts.items() if number}
    batch.end(DONE, at=now())
    audit.record(by, "import:done", batch, **batch.counts)
    return max(1, len(kept))


def _write(venue: Venue, batch: GuestImport, steps: Iterable[Step], by: Actor) -> None:
    made = [step for step in steps if step.action == CREATE]
    _create(venue, made)
    changed = [step for step in steps if step.action == UPDATE]
    for step in changed:
        for name, value in step.news.items():
            setattr(step.customer, name, value)
        for channel in step.consents:
            setattr(step.customer, f"{channel}_consent", True)
    db.session.flush()
    at, own = now(), {"organisation_id": venue.organisation_id}
    told = [(step, step.customer) for step in (*made, *changed) if step.customer is not None]
    _insert(CustomerNote, [_note(step, one, by, at, own) for step, one in told if step.note])
    agreed = [(step, one, channel) for step, one in told for channel in step.consents]
    _insert(CustomerConsent, [_consent(step, one, channel, by, at, own) for step, one, channel in agreed])
    trail = {"venue_id": venue.id, "at": at, "actor_kind": by.kind, "actor_name": by.name, "door": by.door}
    trail |= {"details": {"import": str(batch.uuid)}, **own}
    verbs = {CREATE: "customer:created", UPDATE: "customer:edited"}
    _insert(AuditEntry, [{**trail, "verb": verbs[step.action], "subject": one.uuid} for step, one in told])
    events = {CREATE: "customer.created", UPDATE: "customer.updated"}
    _insert(OutboxEvent, [{"type": events[step.action], "subject": one.uuid, **own} for step, one in told])


def _create(venue: Venue, steps: list[Step]) -> None:
    """New guests in bulk, with what they are found by."""
    if not steps:
        return
    rows = [_row(venue, step) for step in steps]
    _insert(Customer, rows)
    made = named(venue.organisation, [row["uuid"] for row in rows])
    for step, row in zip(steps, rows, strict=True):
        step.customer = made[row["uuid"]]
    _insert(CustomerKey, [key for guest in made.values() for key in key_rows(guest)])


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Many rows at once, which are no objects of the session: its bookkeeping costs more than the writing."""
    if rows:
        db.session.connection().execute(insert(model), rows)


def _row(venue: Venue, step: Step) -> dict[str, Any]:
    news = {name: step.news.get(name) for name in ("first_name", "last_name", "phone", "email")}
    return {
        "uuid": uuid4(),
        **news,
        **compared_as(news["first_name"], news["last_name"], news["email"]),
        "organisation_id": venue.organisation_id,
        "language": step.news["language"],
        "email_key": email_key(news["email"]) if news["email"] else None,
        "email_consent": "email" in step.consents,
        "sms_consent": "sms" in step.consents,
        "profile_completed": False,
    }


def _note(step: Step, customer: Customer, by: Actor, at: datetime, own: dict[str, int]) -> dict[str, Any]:
    return {
        "customer_id": customer.id, "text": step.note, "author_name": by.name, "created_at": at, "updated_at": at,
        **own,
    }  # fmt: skip


def _consent(
    step: Step, customer: Customer, channel: str, by: Actor, at: datetime, own: dict[str, int]
) -> dict[str, Any]:
    day = step.line.values.get("consent_date")
    given_at = datetime.combine(datetime.fromisoformat(day).date(), time(12), UTC) if day else at
    return {
        "customer_id": customer.id, "channel": channel, "given": True, "way": "import", "at": min(given_at, at),
        "actor_name": by.name, **own,
    }  # fmt: skip


@atomic
def note_export(venue: Venue, *, filters: Mapping[str, str], by: Actor) -> None:
    """That the list of guests was taken out of the house, and how it was filtered; not whom somebody looked for."""
    kept = {name: word for name, word in filters.items() if name != "q"}
    audit.record(by, "customer:list_exported", venue, **kept)
