"""A crowd of separate processes that all want the same few rooms and people, over real HTTP."""

from __future__ import annotations

import http.client
import json
import random
import re
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.support.processes import forks

PROCESSES = 16
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
CARDS = re.compile(r'data-booking="([0-9a-f-]{36})"')
AGREED = re.compile(r'name="push" value="([^"]+)"')
ANSWERS = re.compile(r'action="(/v/[^"]+/(?:accept|decline|withdraw))"')


@dataclass(frozen=True)
class Stage:
    """What the crowd fights for: two venues that share therapists, a few starts that overlap each other."""

    url: str
    key: str
    variants: list[tuple[str, str, int]]  # venue, variant, guests
    starts: list[str]
    therapists: list[str]
    password: str
    desk: str
    day: str
    columns: list[str]


@dataclass
class Person:
    """One process of the crowd: a partner or a therapist with a connection and a memory of its own."""

    stage: Stage
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    booked: list[str] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.connection = http.client.HTTPConnection(self.stage.url.removeprefix("http://"), timeout=60)

    def book_or_cancel(self, start: str) -> None:
        if self.booked and self.dice.random() < 0.3:
            path = f"/v1/bookings/{self.booked.pop(self.dice.randrange(len(self.booked)))}/cancel"
            status, _ = self._call(path, {"reason": "Race"})
            self.counts[f"cancel {status}"] += 1
            return
        venue, variant, guests = self.dice.choice(self.stage.variants)
        status, answer = self._call(f"/v1/venues/{venue}/bookings", self._wish(variant, guests, start))
        self.counts[f"book {status}"] += 1
        if status == 201:
            self.booked.append(answer["data"]["id"])

    def answer_an_offer(self) -> None:
        page = self._page("/my/day")
        token, actions = TOKEN.search(page), ANSWERS.findall(page)
        if token is None or not actions:
            self.counts["nothing to answer"] += 1
            return
        accepting = [action for action in actions if action.endswith("/accept")]
        action = self.dice.choice(accepting if accepting and self.dice.random() < 0.8 else actions)
        status = self._submit(action, {"csrf_token": token[1]})
        self.counts[f"{action.rsplit('/', 1)[1]} {status}"] += 1

    def move_or_undo(self, start: str) -> None:
        """The receptionist puts a visit elsewhere, to another therapist perhaps, or takes her last step back."""
        page = self._page(f"/v/lutetia/agenda/{self.stage.day}")
        token, cards = TOKEN.search(page), CARDS.findall(page)
        if token is None or not cards:
            self.counts["nothing to move"] += 1
            return
        form = {"csrf_token": token[1]}
        if self.dice.random() < 0.3:
            self.counts[f"undo {self._submit('/v/lutetia/changes/undo', form)}"] += 1
            return
        if self.dice.random() < 0.3:
            self._lengthen(self.dice.choice(cards), form)
            return
        form |= {"at": start.replace("Z", "+00:00"), "tell": "no"}
        if self.dice.random() < 0.6:
            form["column"] = self.dice.choice(self.stage.columns)
        path = f"/v/lutetia/bookings/{self.dice.choice(cards)}/move"
        self.counts[f"move {self._submit(path, form)}"] += 1

    def _lengthen(self, booking: str, form: dict[str, str]) -> None:
        """A quarter of an hour more; those in its way begin later, if they are asked about."""
        path = f"/v/lutetia/bookings/{booking}/resize"
        status, page = self._send(path, {**form, "delta": "15"})
        self.counts[f"resize {status}"] += 1
        if asked := AGREED.search(page):
            self.counts[f"push {self._submit(path, {**form, 'delta': '15', 'push': asked[1]})}"] += 1

    def sign_in(self, email: str) -> None:
        token = TOKEN.search(self._page("/login"))
        assert token is not None
        self._submit("/login", {"csrf_token": token[1], "email": email, "password": self.stage.password})

    def _wish(self, variant: str, guests: int, start: str) -> dict[str, Any]:
        return {
            "variant_id": variant,
            "start_at": start,
            "guest_count": guests,
            "guest": {"first_name": "Léa", "last_name": "Martin", "phone": f"+3361{self.dice.randrange(10**7):07d}"},
            "price_paid": {"amount": 95, "currency": "EUR"},
            "external_id": f"RACE-{self.seed}-{self.dice.randrange(10**9)}",
        }

    def _call(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.stage.key}", "Content-Type": "application/json"}
        self.connection.request("POST", path, json.dumps(body), headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def _page(self, path: str) -> str:
        self.connection.request("GET", path, headers=self._cookie_header())
        return self._read()[1]

    def _submit(self, path: str, form: dict[str, str]) -> int:
        return self._send(path, form)[0]

    def _send(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self._cookie_header()}
        self.connection.request("POST", path, urllib.parse.urlencode(form), headers)
        return self._read()

    def _read(self) -> tuple[int, str]:
        response = self.connection.getresponse()
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.read().decode()

    def _cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}


def let_loose(stage: Stage, attempts: int, *, round_: int = 0) -> Counter[str]:
    """So many attempts by so many processes: partners, therapists, the desk; what was answered, counted.

    They begin at the same moment, and all partners want the same start at the same time.
    """
    people = [(stage, 1000 * round_ + number, attempts // PROCESSES) for number in range(PROCESSES)]
    with forks.Pool(PROCESSES, _take_place, (forks.Barrier(PROCESSES),)) as pool:
        return sum(pool.starmap(_play, people, chunksize=1), Counter())


_line: list[Any] = []


def _take_place(barrier: Any) -> None:
    _line.append(barrier)


def _play(stage: Stage, seed: int, attempts: int) -> Counter[str]:
    person = Person(stage, seed)
    if seed % 2:
        person.sign_in(stage.therapists[seed // 2 % len(stage.therapists)])
    elif seed % 8 == 2:
        person.sign_in(stage.desk)
    _line[0].wait(timeout=60)
    for attempt in range(attempts):
        start = stage.starts[attempt % len(stage.starts)]
        if seed % 2:
            person.answer_an_offer()
        elif seed % 8 == 2:
            person.move_or_undo(start)
        else:
            person.book_or_cancel(start)
    return person.counts
