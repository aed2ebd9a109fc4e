"""Writing down what a member does, with the state before it, in the transaction of the change itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from portal.audit import Actor
from portal.changes.memento import State, Subject, asking_of, made, state_of, version_of
from portal.clock import now
from portal.database import db
from portal.models import Booking, Change, Payment, Series, Venue
from portal.payments.queries import lines_of


class Recording:
    """The change being made. `ref` stands in the history lines that it leaves."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.uuid = uuid.uuid4()
        self.before: list[State] = []
        self.subjects: list[Subject] = []
        self._told: set[int] = set()

    def note_asking(self) -> None:
        """Say of which bookings the asking was left alone: an undo leaves alone what it has come to since."""
        for subject, state in zip(self.subjects, self.before, strict=True):
            if isinstance(subject, Booking) and not state.get("created"):
                state["asking_left_alone"] = asking_of(state_of(subject)) == asking_of(state)

    @property
    def ref(self) -> str:
        return str(self.uuid)

    def watch(self, *subjects: Subject, ledger: Sequence[Payment] | None = None) -> None:
        """Take the state of these as it is now: they are about to change. `ledger` as in `recording`."""
        for subject in subjects:
            if any(known is subject for known in self.subjects):
                continue  # its first state is the one to go back to
            lines = lines_of(self.venue, subject) if isinstance(subject, Booking) and ledger is None else ledger
            self.before.append(state_of(subject, payments=lines))
            self.subjects.append(subject)
            if isinstance(subject, Booking):
                self._told |= {line.id for line in subject.events}

    def created(self, *subjects: Subject) -> None:
        """These did not exist before: an undo takes them away."""
        self.before += map(made, subjects)
        self.subjects += subjects

    def sign(self) -> None:
        """The lines of the history that this change has left lead to it."""
        for booking in self.subjects:
            if isinstance(booking, Booking):
                for line in booking.events:
                    if line.id not in self._told and "change" not in line.details:
                        line.details = {**line.details, "change": self.ref}


@contextmanager
def recording(
    venue: Venue, verb: str, *subjects: Subject, by: Actor, ledger: Sequence[Payment] | None = None
) -> Iterator[Recording]:
    """`with recording(venue, "booking:moved", booking, by=by) as change:` around the change, inside the transaction.

    The bookings must be locked and loaded with their items; `ledger` are the lines of a single one, where they were
    read already. Whatever has no member (a partner, the worker) is not recorded. Sends the changes to the database at
    its end, so the schema's refusals are raised there. A verb that is part of another one joins its recording: one
    undo takes back both.
    """
    outer: Recording | None = db.session().info.get("recording")
    if outer is not None:
        outer.watch(*subjects, ledger=ledger)
        yield outer
        return
    change = Recording(venue)
    if by.member is None:
        yield change
        return
    change.watch(*subjects, ledger=ledger)
    db.session().info["recording"] = change
    try:
        yield change
    finally:
        del db.session().info["recording"]
    change.sign()
    db.session.flush()
    change.note_asking()
    after = {str(one.uuid): version_of(one) for one in change.subjects if not isinstance(one, Series)}
    db.session.add(
        Change(
            uuid=change.uuid, organisation_id=venue.organisation_id, venue_id=venue.id, member_id=by.member.id,
            at=now(), verb=verb, before=change.before, after=after,
        )
    )  # fmt: skip
    db.session.flush()
