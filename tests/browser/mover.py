"""A member's hands in the agenda: what she drags, presses and taps is counted, and what her browser asks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from playwright.sync_api import Locator, Page, Request

from portal.database import db
from portal.models import Booking, StaffMember
from tests.browser.conftest import Stage
from tests.browser.hands import forget_news
from tests.factories import House

STEP = 8
FINGER = """(card, [kind, y]) => card.dispatchEvent(
    new PointerEvent(kind, {bubbles: true, pointerType: "touch", clientX: 200, clientY: y})
)"""


class Hand:
    """A member's browser that counts what she does: clicks, taps, Enter, and a drag as one."""

    def __init__(self, page: Page, house: House) -> None:
        self.page, self.house, self.actions = page, house, 0
        self.asked: list[str] = []
        page.on("request", self._note)

    def card(self, booking: Booking, column: StaffMember | None = None) -> Locator:
        around = f"[data-column='{column.uuid}'] " if column else ""
        return self.page.locator(f"{around}.card[data-booking='{booking.uuid}']")

    def point(self, column: UUID | date, clock: str) -> tuple[float, float]:
        """Where a time stands in a column, or on a day of a week, in the window."""
        hours, minutes = map(int, clock.split(":"))
        name = "day" if isinstance(column, date) else "column"
        box = self.page.locator(f".column[data-{name}='{column}']").bounding_box()
        first = self.page.locator(".gutter time").first.inner_text()
        assert box is not None
        steps = (hours - int(first[:2])) * 12 + minutes // 5
        return box["x"] + box["width"] / 2, box["y"] + steps * STEP + 2

    def drag(self, card: Locator, to: tuple[float, float], *, hold: str = "", drop: bool = True) -> None:
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + 3
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + 6, y + 6, steps=3)
        self.page.locator(".no").first.wait_for(state="attached")
        if hold:
            self.page.keyboard.down(hold)
        self.page.mouse.move(to[0], to[1], steps=25)
        if drop:
            self.drop(hold)

    def stretch(self, card: Locator, minutes: int, *, drop: bool = True) -> None:
        """Drag the bottom edge."""
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        assert box is not None
        x, y = box["x"] + 40, box["y"] + box["height"] - 3
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        with self.page.expect_response("**/lengths?*"):
            self.page.mouse.move(x, y + 6, steps=3)
        self.page.mouse.move(x, y + minutes // 5 * STEP, steps=25)
        if drop:
            self.drop()

    def drop(self, hold: str = "") -> None:
        self.page.mouse.up()
        if hold:
            self.page.keyboard.up(hold)
        self.actions += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.actions += key == "Enter"

    def click(self, target: Locator) -> None:
        target.click()
        self.actions += 1

    def tap(self, target: Locator) -> None:
        target.tap()
        self.actions += 1

    def _note(self, request: Request) -> None:
        if "/bookings/" in request.url:
            self.asked.append(f"{request.method} {request.url.split('?')[0].rsplit('/', 1)[-1]}")


def enter(
    stage: Stage, member: StaffMember, *kinds: dict[str, object], lang: str = "en", view: str = "", path: str = ""
) -> Hand:
    """Her browser with the house's day on it, or another `view` of it (`/week`)."""
    forget_news()
    let_go()
    kinds = kinds or ({"viewport": {"width": 1440, "height": 1300}},)
    page = stage.enter(member, *kinds, at=f"/v/lutetia/agenda/{stage.house.day}{view}?lang={lang}{path}")
    page.wait_for_load_state("networkidle")
    return Hand(page, stage.house)


def let_go() -> None:
    """What the test knows stays readable, and nothing is held open that would keep the server waiting."""
    for one in list(db.session):
        getattr(one, "uuid", None)
    db.session.expunge_all()
    db.session.rollback()


def stands(booking: Booking) -> Booking:
    """The booking as the database has it now."""
    db.session.rollback()
    found = db.session.get_one(Booking, booking.id)
    assert [item.starts_at for item in found.items]
    let_go()
    return found
