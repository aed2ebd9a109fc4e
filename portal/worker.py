"""The worker: does what is due, again and again, until it is told to end. Several may run at once."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType

import structlog
from sqlalchemy import CursorResult, delete, select

from portal.account.sending import ACCOUNT_SUBSCRIBERS
from portal.audit import SYSTEM
from portal.bookings.nightly import complete_past_bookings
from portal.bookings.proposals.service import expire_proposals
from portal.bookings.unable.service import settle_questions
from portal.bookings.waves import send_due_waves
from portal.clock import now
from portal.database import atomic, db, end_reading
from portal.imports.service import forget_imports, go_on_with_imports
from portal.live.service import forget_changes
from portal.messages.sending import send_message
from portal.messages.service import GUEST_MESSAGE
from portal.models import EmailChange, LoginAttempt, LoginLink, LoginSession, RateWindow, Venue
from portal.notices.service import forget_notices
from portal.notices.subscribers import NOTICE_SUBSCRIBERS
from portal.partners.calls.service import trim_calls
from portal.series.service import continue_series
from portal.session.onetime.service import answer_asked
from portal.session.service import FAMILIAR_FOR
from portal.session.throttle import KEPT
from portal.visits.service import tell_unread
from portal.webhooks.delivery import SUBSCRIBERS, deliver_due

PAUSE = 0.5  # seconds between two looks
AFTER_FAILURE = 5.0
KEPT_RATES, KEPT_LINKS = timedelta(minutes=5), timedelta(days=30)
_log = structlog.get_logger(__name__)

SUBSCRIBERS[GUEST_MESSAGE] = [send_message]
SUBSCRIBERS |= NOTICE_SUBSCRIBERS | ACCOUNT_SUBSCRIBERS


def complete_past() -> int:
    """Complete the settled bookings of past days at every venue."""
    venues = db.session.scalars(select(Venue).where(Venue.status == "active").order_by(Venue.id)).all()
    return sum(complete_past_bookings(venue, by=SYSTEM) for venue in venues)


def tell_of_unread() -> int:
    """Tell every desk of late changes that a therapist has not confirmed."""
    venues = db.session.scalars(select(Venue).where(Venue.status == "active").order_by(Venue.id)).all()
    return sum(tell_unread(venue) for venue in venues)


def go_on_with_series() -> int:
    """Make the bookings of every series that have come within three months."""
    venues = db.session.scalars(select(Venue).where(Venue.status == "active").order_by(Venue.id)).all()
    return sum(continue_series(venue) for venue in venues)


@atomic
def forget() -> int:
    """Remove what nobody will ask for again: told changes, old failed sign-ins, counted minutes, ended sessions,
    all but the last calls of partners.
    """
    at = now()
    old = [
        delete(LoginAttempt).where(LoginAttempt.at <= at - KEPT),
        delete(RateWindow).where(RateWindow.window < int((at - KEPT_RATES).timestamp())),
        delete(LoginSession).where(LoginSession.created_at < at - FAMILIAR_FOR, LoginSession.expires_at < at),
        delete(LoginLink).where(LoginLink.expires_at < at - KEPT_LINKS),
        delete(EmailChange).where(EmailChange.expires_at < at - KEPT_LINKS),
    ]
    results = [db.session.execute(rows, execution_options={"synchronize_session": False}) for rows in old]
    return (
        forget_changes(at=at)
        + forget_notices(at=at)
        + forget_imports(at=at)
        + trim_calls(at=at)
        + sum(found.rowcount for found in results if isinstance(found, CursorResult))
    )


@dataclass
class Duty:
    """One kind of work and how often it is looked for. `run` returns how much it did; 0 means nothing is left."""

    run: Callable[[], int]
    every: float
    next_at: float = field(default=0.0)

    @property
    def is_due(self) -> bool:
        return time.monotonic() >= self.next_at

    def do(self) -> int:
        """Do it once, and not again before its time unless there was something to do."""
        try:
            done = self.run()
            end_reading()
        finally:
            db.session.remove()
        self.next_at = 0.0 if done else time.monotonic() + self.every
        return done


def duties() -> list[Duty]:
    """All there is to do, most urgent first."""
    return [
        Duty(answer_asked, every=0.0),
        Duty(deliver_due, every=0.0),
        Duty(settle_questions, every=2.0),
        Duty(send_due_waves, every=0.0),
        Duty(expire_proposals, every=2.0),
        Duty(go_on_with_imports, every=0.0),
        Duty(tell_of_unread, every=20.0),
        Duty(complete_past, every=600.0),
        Duty(go_on_with_series, every=3600.0),
        Duty(forget, every=300.0),
    ]


def run_once() -> None:
    """Do everything that is due now, until nothing is left."""
    for duty in duties():
        while duty.do():
            pass


def run_until_told() -> None:
    """Look every half second until SIGTERM or SIGINT. A failure is logged and does not end the worker."""
    told: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    todo = duties()
    while not told:
        if not sum(_attempt(duty) for duty in todo if duty.is_due and not told):
            time.sleep(PAUSE)


def _attempt(duty: Duty) -> int:
    try:
        return duty.do()
    except Exception:  # noqa: BLE001  (whatever fails, the other duties go on)
        _log.exception("duty failed", duty=duty.run.__name__)
        duty.next_at = time.monotonic() + AFTER_FAILURE
        return 0
