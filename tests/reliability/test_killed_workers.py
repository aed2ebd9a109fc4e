"""Workers killed in the middle of whatever they do: nothing is lost, nothing is sent twice but what was in hand.

Real processes on the same database, killed without warning while they send waves, notices and letters. The controls
take the care away and demand that letters are then lost, or sent twice without any kill: else nothing was proved.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import Select, func, select, update

from portal.audit import Actor
from portal.bookings.creation import request_booking
from portal.bookings.request import Request
from portal.clock import frozen, now
from portal.database import db
from portal.messages.service import Kind, tell_guest
from portal.models import Booking, BookingEvent, BookingItem, Delivery, GuestMessage, Notice, Offer, OutboxEvent
from portal.models.notice import EMAIL
from portal.vapid import new_private_key
from tests.factories import House, make_customer, make_member, make_shift, make_variant
from tests.notices.conftest import keep
from tests.notices.push_service import Browser, PushService, serve_push
from tests.support import processes
from tests.support.databases import Database
from tests.support.portal_app import ROOT, as_environment
from tests.support.sign_in import open_session
from tests.support.smtpd import MailServer, serve_mail

pytestmark = pytest.mark.race

BOOKINGS, WORKERS, KILLS = 12, 2, 10
# How much more is done, and how many seconds later, when the next worker is killed.
STEPS, MOMENT = (1, 8), (0.0, 0.05)
THINKING = 0.003
PATIENCE = 30
# Every lease has run out by then, and whoever did not show a push in time is sent a letter.
LATER = timedelta(minutes=3)
WORKER = ("flask", "--app", "wsgi:app", "worker")
CARELESS = ("tests.reliability.careless", "--app", "wsgi:app", "worker")


@dataclass
class Post:
    """Where letters and pushes arrive, and how the workers that send them are run."""

    mail: MailServer
    push: PushService
    environment: dict[str, str]
    folder: Path
    listener: socket.socket
    running: list[ForkServerProcess] = field(default_factory=list)

    def start(self, *words: str, **more: str) -> ForkServerProcess:
        process = processes.start(
            *words, environment={**self.environment, **more}, folder=ROOT, log=self.folder / "worker.log",
            listener=self.listener,
        )  # fmt: skip
        self.running.append(process)
        return process

    def kill(self, process: ForkServerProcess) -> None:
        process.kill()
        process.join()
        self.running.remove(process)

    def finish(self) -> None:
        """What is left is due by now, and a little later what follows from that."""
        self.mail.met, self.push.met = (lambda _verb: None), (lambda _push: None)
        for wait in (LATER, 2 * LATER):
            last = self.start(*WORKER, "--once", "--at", (now() + wait).isoformat())
            last.join(PATIENCE)
            assert last.exitcode == 0, (self.folder / "worker.log").read_text()[-4000:]


@pytest.fixture
def post(house: House, database: Database, tmp_path: Path) -> Iterator[Post]:
    with ExitStack() as stack:
        mail, push = stack.enter_context(serve_mail()), stack.enter_context(serve_push())
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        mail.met, push.met = (lambda _verb: time.sleep(THINKING)), (lambda _push: time.sleep(THINKING))
        environment = as_environment(
            database.url, mail_url=mail.url, vapid_private_key=new_private_key(), instance_path=str(tmp_path)
        )
        made = Post(mail, push, environment, tmp_path, listener)
        stack.callback(processes.stop, made.running)
        yield made


@pytest.fixture
def phone(house: House, post: Post) -> Browser:
    """Marc's, to be woken; it shows nothing, so that a letter follows."""
    made = Browser(f"{post.push.url}/marc")
    _token, login = open_session(house.marc)
    keep(made, login)
    return made


@pytest.fixture
def bookings(house: House) -> list[Booking]:
    """Short ones of a guest who is told, offered to Thérèse and Marc; the wave of the second rank is due."""
    second = make_member(house.organisation, house.lutetia, first_name="Second", priority=2)
    make_shift(house.lutetia, second, house.day)
    short = make_variant(house.massage, duration=10)
    guest = make_customer(house.organisation, email="odile@example.org", email_key="odile@example.org")
    desk = Actor.of_member(house.camille, door="agenda")
    made = []
    with frozen(now() - timedelta(minutes=1)):  # what waits for the undo bar has waited
        for number in range(BOOKINGS):
            starts_at = house.at("10:00") + number * timedelta(minutes=10)
            wish = Request(variant=short, starts_at=starts_at, customer=guest, price_minor=1, channel="desk", desk=True)
            booking = request_booking(house.lutetia, wish, by=desk)
            tell_guest(house.lutetia, booking, Kind.BOOKED, by=desk)
            made.append(booking)
    db.session.execute(update(BookingItem).values(next_wave_at=now() - timedelta(seconds=1)))
    db.session.commit()
    return made


def test_nothing_is_lost_and_nothing_sent_twice_but_what_was_in_hand(
    house: House, post: Post, phone: Browser, bookings: list[Booking]
) -> None:
    dice = random.Random(BOOKINGS)
    for _ in range(WORKERS):
        post.start(*WORKER)
    for _ in range(KILLS):
        _wait_for(_done, _done() + dice.randint(*STEPS))
        time.sleep(dice.uniform(*MOMENT))
        post.kill(post.running[0])
        post.start(*WORKER)
    for worker in list(post.running):
        post.kill(worker)
    assert _count(select(func.count(OutboxEvent.id)).where(OutboxEvent.done_at.is_(None))), "they were killed too late"
    post.finish()

    offers = _count(select(func.count(Offer.id)))
    assert offers == _count(select(func.count(Offer.id)).where(Offer.status == "open")) == BOOKINGS * 3
    waves = _count(select(func.count(BookingEvent.id)).where(BookingEvent.verb == "asked"))
    assert waves == BOOKINGS, "a wave was lost, or sent twice"
    assert _count(select(func.count(OutboxEvent.id)).where(OutboxEvent.done_at.is_(None))) == 0
    letters, pushes = _letters(post), Counter(phone.open(push)["receipt"] for push in post.push.pushes)
    assert set(letters) == _owed(), "a letter was lost"
    assert len(pushes) == BOOKINGS, "a push was lost"
    again = sum((letters + pushes).values()) - len(letters) - len(pushes)
    assert again <= KILLS + WORKERS, f"{again} were sent twice by {KILLS + WORKERS} kills"


def test_ticked_off_before_it_is_carried_a_letter_would_be_lost(post: Post, bookings: list[Booking]) -> None:
    spoken_to, gone = threading.Event(), threading.Event()

    def wait(verb: str) -> None:
        if verb == "RCPT":
            spoken_to.set()
            gone.wait(PATIENCE)

    post.mail.met = wait
    worker = post.start(*CARELESS, PORTAL_CARELESS="early")
    assert spoken_to.wait(PATIENCE)
    post.kill(worker)
    gone.set()
    post.finish()

    assert len(_owed() - set(_letters(post))) == 1, "No letter was lost, so the test above proves nothing."


def test_without_the_lease_two_workers_would_send_the_same(post: Post, bookings: list[Booking]) -> None:
    for _ in range(WORKERS):
        post.start(*CARELESS, PORTAL_CARELESS="shared")
    _wait_for(lambda: max(_letters(post).values(), default=0), 2)  # else the test above proves nothing


def _letters(post: Post) -> Counter[str]:
    """How often each letter has arrived, by its Message-ID."""
    return Counter(str(letter["Message-ID"]).strip("<>").partition("@")[0] for letter in list(post.mail.letters))


def _owed() -> set[str]:
    """The letters that are to be sent: to the guest about each booking, to each therapist about each offer."""
    told = _all(select(Notice.uuid).join(Delivery).where(Delivery.channel == EMAIL))
    assert len(told) == _count(select(func.count(Notice.id)).where(Notice.kind == "offer"))
    written = _all(select(GuestMessage.uuid))
    assert len(written) == BOOKINGS
    return {str(uuid) for uuid in (*told, *written)}


def _count(query: Select[int]) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(query) or 0


def _all(query: Select[object]) -> list[object]:
    with db.engine.connect() as connection:
        return list(connection.scalars(query))


def _done() -> int:
    """How many rows are done with, and how many waves were sent."""
    rows = select(func.count(OutboxEvent.id)).where(OutboxEvent.done_at.is_not(None))
    return _count(rows) + _count(select(func.count(BookingEvent.id)).where(BookingEvent.verb == "asked"))


def _wait_for(figure: Callable[[], int], aim: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while (reached := figure()) < aim:
        assert time.monotonic() < deadline, f"The workers got stuck at {reached} of {aim}."
        time.sleep(0.01)
