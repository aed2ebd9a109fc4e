"""Chromium for the browser tests: which one, how it is started, and what it must never complain about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

Options = dict[str, Any]
OpenBrowser = Callable[..., Page]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: Options = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESK: Options = {"viewport": {"width": 1440, "height": 900}}
PERSON: Options = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"}

# The browser itself tells of every answer of 400 and more; whether such an answer is right is for the test to say.
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    "Service Worker registration blocked by Playwright",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Any Chromium that is here; `.dev/test` has made sure that there is one."""
    path = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium")
    chosen = {"executable_path": path} if path else {}
    return {**browser_type_launch_args, **chosen, "args": FLAGS}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the consoles of all browsers of this test said; at its end there must be nothing."""
    heard: list[str] = []
    yield heard
    assert not heard, "The browser complained (errors, warnings, refused by the CSP):\n" + "\n".join(heard)


@pytest.fixture
def open_browser(browser: Browser, complaints: list[str]) -> Iterator[OpenBrowser]:
    """A browser of one's own, with its own cookies: `page = open_browser(PHONE, base_url=live_server.url)`."""
    contexts: list[BrowserContext] = []

    def open_one(*kinds: Options, **options: Any) -> Page:
        merged = {key: value for kind in (DESK, PERSON, *kinds, options) for key, value in kind.items()}
        # What a service worker fetches passes by the routes that a story lays across the network.
        context = browser.new_context(**{"service_workers": "block"} | merged)
        contexts.append(context)
        context.on("console", lambda message: _listen(message, complaints))
        context.on("weberror", lambda error: complaints.append(f"{error.error}"))
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """`look(page, "agenda")` keeps a screenshot in .screens/ (what the person who reads the result looks at)."""

    def take(page: Page, name: str) -> Path:
        path = Path(".screens") / f"{request.node.name}-{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


def assert_accessible(page: Page, *rules: str) -> None:
    """Raise AssertionError when axe finds anything on the page as it stands now; with `rules` only these are asked."""
    # A document reads the half megabyte of axe once.
    axe = Axe("0") if page.evaluate("'axe' in window") else Axe()
    only = {"runOnly": list(rules)} if rules else {}
    results = axe.run(page, options={"resultTypes": ["violations"], **only})
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


# The innermost of what reaches beyond the window, a few of them.
_STICKING_OUT = """() => {
    const edge = document.documentElement.clientWidth;
    const far = one => one.checkVisibility() && one.getBoundingClientRect().right > edge;
    return [...document.querySelectorAll("body *")].filter(one => far(one) && ![...one.children].some(far))
        .slice(0, 5).map(one => one.outerHTML.slice(0, 120));
}"""


def assert_no_sideways_scroll(page: Page) -> None:
    """Raise AssertionError when the page as a whole is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window: {page.evaluate(_STICKING_OUT)}"


def _listen(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in {"error", "warning"} and not message.text.startswith(EXPECTED):
        complaints.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")
