"""(f) Fifty open screens: how soon a change by a partner stands on all of them.

Half of them are phones, half agendas. Each does what its script does: it listens, and when it hears of something that
it shows, it reads that part of itself again. The time runs from before the partner's request to the last byte of the
part that shows the booking.
"""

from __future__ import annotations

import html
import http.client
import json
import re
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from portal.database import db
from portal.models import StaffMember
from tests.api.wishes import make_wish
from tests.benchmarks.report import Line, at_most, percentiles
from tests.benchmarks.streams import percentile
from tests.factories import House, make_house
from tests.support.server import LiveServer, serve
from tests.support.sign_in import COOKIE, new_cookie

SCREENS = 50
HOURS = range(9, 20)
LONGEST, PATIENCE = 1.0, 5.0
_LANE = re.compile(r'hx-get="([^"]+)"\s+hx-trigger="changed:column:[\d-]+:lane ')
_TOPICS = re.compile(rb'"topics":(\[[^\]]*\])')


@dataclass
class Screen:
    """An open page: the part that it reads again, and what it waits for; `came` when it was there."""

    server: LiveServer
    cookie: str
    stream: str
    part: str
    topic: str
    wanted: str = ""
    came: threading.Event = field(default_factory=threading.Event)
    at: float = 0.0

    def listen(self, ready: threading.Barrier, over: threading.Event) -> None:
        """Until it is over: hear, read, look."""
        stream = self._connect()
        stream.request("GET", self.stream, headers={"Cookie": self.cookie})
        answer = stream.getresponse()
        ready.wait()
        while not over.is_set() and (line := answer.readline()):
            found = _TOPICS.search(line)
            if found is None or self.topic not in json.loads(found[1]):
                continue
            if self.wanted in self._read() and not self.came.is_set():
                self.at = time.monotonic()
                self.came.set()
        stream.close()

    def _read(self) -> str:
        with closing(self._connect()) as page:  # one that was kept open may have been closed by the server meanwhile
            page.request("GET", self.part, headers={"Cookie": self.cookie, "HX-Request": "true"})
            return page.getresponse().read().decode()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=60)


@dataclass
class Seen:
    """Seconds until each change stood on each screen, and how often it did not."""

    seconds: list[float] = field(default_factory=list)
    missed: int = 0


def measure(app: Flask, url: str, folder: Path) -> Seen:
    """One booking after the other, each seen by all."""
    result, over = Seen(), threading.Event()
    with ExitStack() as stack:
        stack.enter_context(app.app_context())
        server = stack.enter_context(serve(url, folder, threads=SCREENS + 14))
        house = make_house()
        screens = [_phone(server, house.therese if n % 4 else house.marc) for n in range(SCREENS // 2)]
        screens += [_agenda(server, house) for _ in range(SCREENS - len(screens))]
        ready = threading.Barrier(SCREENS + 1)
        threads = [threading.Thread(target=one.listen, args=(ready, over), daemon=True) for one in screens]
        for thread in threads:
            thread.start()
        ready.wait(60)
        for hour in HOURS:
            _book(server, house, f"{hour:02}:00", screens, result)
        over.set()
        db.session.remove()
        db.engine.dispose()
    for thread in threads:
        thread.join(PATIENCE)
    return result


def describe(seen: Seen) -> list[Line]:
    """The figures as lines of the table."""
    late, all_of_them = percentile(seen.seconds, 95), len(seen.seconds) + seen.missed
    return [
        at_most(
            f"(f) change to {SCREENS} screens, read again and shown, p50 / p95 / p99", percentiles(seen.seconds), late,
            LONGEST, "s at p95",
        ),
        at_most("(f) changes that a screen missed", f"{seen.missed} of {all_of_them}", seen.missed, 0),
    ]  # fmt: skip


def _book(server: LiveServer, house: House, clock: str, screens: Sequence[Screen], result: Seen) -> None:
    name, shown = "Guest" + chr(ord("A") + int(clock[:2])), f'datetime="{house.at(clock).isoformat()}"'
    wish = make_wish(house, clock, guest={"first_name": name, "last_name": "Dupont", "phone": f"+336000000{clock[:2]}"})
    for one in screens:
        one.came.clear()
        one.wanted = shown if one.topic == "offers" else name
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {house.key}", "Content-Type": "application/json"}
    began = time.monotonic()
    connection.request("POST", "/v1/venues/lutetia/bookings", json.dumps(wish), headers)
    answer = connection.getresponse()
    if answer.status != 201:
        raise RuntimeError(f"The partner was answered {answer.status}: {answer.read()[:300]!r}")
    for one in screens:
        if one.came.wait(max(0.0, began + PATIENCE - time.monotonic())):
            result.seconds.append(one.at - began)
        else:
            result.missed += 1
    connection.close()


def _phone(server: LiveServer, member: StaffMember) -> Screen:
    return Screen(server, f"{COOKIE}={new_cookie(member)}", "/live/me", "/my/day", "offers")


def _agenda(server: LiveServer, house: House) -> Screen:
    """Camille's or Maud's, with the lane of what nobody has taken yet."""
    cookie = f"{COOKIE}={new_cookie(house.camille)}"
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request("GET", f"/v/lutetia/agenda/{house.day}", headers={"Cookie": cookie})
    found = _LANE.search(connection.getresponse().read().decode())
    connection.close()
    if found is None:
        raise RuntimeError("The agenda has no lane that is read again.")
    return Screen(server, cookie, "/live/lutetia", html.unescape(found[1]), f"column:{house.day}:lane")
