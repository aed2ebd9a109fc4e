"""One story, told by several hands: by mouse, by keys alone, by a finger. Their clicks are counted, typing is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from portal.clock import now
from portal.database import db
from portal.models import LiveEvent, StaffMember
from tests.browser.conftest import Stage
from tests.support.browser import PHONE
from tests.support.databases import BACKENDS

How = tuple[str, str]

# A busy machine is slow, not wrong. How soon a change must be seen is asked by test_story.py alone.
expect.set_options(timeout=10_000)
AN_HOUR = timedelta(hours=1)
# Where a key can lead: further than this nobody presses Tab.
FARTHEST = 150
# The next key on the way to a thing; none on the thing itself. The grid is one Tab stop, and so is a group of radio
# buttons: in them arrows lead on. What is drawn again meanwhile is looked for again.
NEXT_KEY = """thing => {
    const here = document.activeElement, grid = thing.closest("[role=grid]");
    const lies = (other, way) => Boolean(here.compareDocumentPosition(other) & way);
    if (thing === here || thing.contains(here)) return "";
    if (!thing.isConnected) return "again";
    if (grid?.contains(here)) {
        const columns = [...grid.querySelectorAll(".column")];
        const sideways = columns.indexOf(thing.closest(".column")) - columns.indexOf(here.closest(".column"));
        if (sideways) return sideways > 0 ? "ArrowRight" : "ArrowLeft";
        // The place that moves with the arrows stands last in its column, whatever its time.
        const below = thing.getBoundingClientRect().top - here.getBoundingClientRect().top;
        return below < 0 || (!below && lies(thing, Node.DOCUMENT_POSITION_PRECEDING)) ? "ArrowUp" : "ArrowDown";
    }
    if (thing.matches("[type=radio]") && here.name === thing.name && here.form === thing.form) return "ArrowDown";
    const isBehind = here !== document.body && lies(grid ?? thing, Node.DOCUMENT_POSITION_PRECEDING);
    return isBehind ? "Shift+Tab" : "Tab";
}"""


class Hand:
    """Somebody at work in a page: what she presses, opens and follows is counted, what she types is not."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def choose(self, thing: Locator) -> None:
        """Press a button, follow a link, open what is folded, tick a box."""
        raise NotImplementedError

    def fill(self, field: Locator, text: str) -> None:
        """Type into a field, in the place of what stands there."""
        raise NotImplementedError

    def pick(self, field: Locator, value: str) -> None:
        """One of a list: a click, however far it lies."""
        raise NotImplementedError

    def press(self, *keys: str) -> None:
        """Keys that stand for a button: each is a click."""
        for key in keys:
            self.clicks += 1
            self.page.keyboard.press(key)


class Mouse(Hand):
    """By mouse."""

    def choose(self, thing: Locator, **options: Any) -> None:
        self.clicks += 1
        thing.click(**options)

    def fill(self, field: Locator, text: str) -> None:
        field.fill(text)

    def pick(self, field: Locator, value: str) -> None:
        self.clicks += 1
        field.select_option(value)


class Finger(Mouse):
    """By touch, without dragging."""

    def choose(self, thing: Locator, **options: Any) -> None:
        self.clicks += 1
        thing.tap(**options)


class Keys(Hand):
    """By keyboard alone: Tab, arrows, Enter and Space."""

    def choose(self, thing: Locator) -> None:
        self.reach(thing)
        self.press(thing.evaluate("thing => thing.matches('[type=checkbox], [type=radio]') ? 'Space' : 'Enter'"))

    def fill(self, field: Locator, text: str) -> None:
        self.reach(field)
        if field.evaluate("field => ['date', 'time'].includes(field.type)"):
            field.fill(text)  # in what order its figures are typed depends on the browser's language
            return
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def pick(self, field: Locator, value: str) -> None:
        self.clicks += 1
        self.reach(field)
        away = field.evaluate(
            "(field, value) => [...field.options].findIndex((one) => one.value === value) - field.selectedIndex", value
        )
        for _step in range(abs(away)):
            self.page.keyboard.press("ArrowDown" if away > 0 else "ArrowUp")
        expect(field).to_have_value(value)

    def reach(self, thing: Locator) -> None:
        """Tab to it, in the grid by its arrows. AssertionError when no key leads there."""
        expect(thing).to_be_visible()
        for _press in range(FARTHEST):
            key = thing.evaluate(NEXT_KEY)
            if not key:
                return
            if key != "again":
                self.page.keyboard.press(key)
        raise AssertionError(f"No key leads to {thing}.")


HANDS: dict[str, type[Hand]] = {"mouse": Mouse, "keys": Keys, "touch": Finger}


def by(*hows: str) -> pytest.MarkDecorator:
    """`@by("mouse-fr", "keys-en")`: the story is told once by each of these hands, in that language."""
    return pytest.mark.parametrize("how", [tuple(how.split("-")) for how in hows], ids=hows)


def by_on_both(*hows: str) -> pytest.MarkDecorator:
    """The same for what the database may decide: one hand works on SQLite, the next on PostgreSQL, and so on."""
    told = [(tuple(how.split("-")), BACKENDS[number % 2]) for number, how in enumerate(hows)]
    names = [f"{how}-{backend}" for how, (_, backend) in zip(hows, told, strict=True)]
    return pytest.mark.parametrize(("how", "backend"), told, ids=names, indirect=["backend"], scope="session")


def at_work(stage: Stage, member: StaffMember, how: How, **options: Any) -> Hand:
    """The member in front of her agenda; who touches has a phone."""
    forget_news()
    let_go()
    kind, language = how
    kinds = (PHONE,) if kind == "touch" else ()
    page = stage.enter(member, *kinds, locale=language, **options)
    expect(page.locator("html")).to_have_attribute("lang", language)
    let_go()
    return HANDS[kind](page)


def forget_news() -> None:
    """What stands already is no news to a page that is opened now."""
    db.session.execute(update(LiveEvent).values(at=now() - AN_HOUR))
    db.session.commit()


def let_go() -> None:
    """What the test knows stays readable, and nothing is held open that would keep the server waiting."""
    session = db.session()
    for one in list(session):
        getattr(one, "uuid", None)
    session.expire_on_commit = False
    session.commit()
