"""How much comes over the air before a page stands, and how long it takes on a network and a phone that are slow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page

# What Chromium's own tools call slow 4G, and a phone four times as slow as this machine.
SLOW_4G: dict[str, Any] = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4


@dataclass
class Load:
    """Bytes as they were transferred, headers included, by address; the second of the first paint."""

    bytes: dict[str, int] = field(default_factory=dict)
    painted: float = 0.0

    @property
    def total(self) -> int:
        return sum(self.bytes.values())


def first_load(page: Page, address: str, *, throttled: bool) -> Load:
    """Open a page in a browser that has nothing of it yet; its live stream is left out, which never ends."""
    load, addresses = Load(), dict[str, str]()
    session: CDPSession = page.context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))

    def note(told: dict[str, Any]) -> None:
        name = addresses.get(told["requestId"], "")
        load.bytes[name] = load.bytes.get(name, 0) + int(told["encodedDataLength"])

    session.on("Network.loadingFinished", note)
    session.send("Network.enable")
    if throttled:
        session.send("Network.emulateNetworkConditions", SLOW_4G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    load.painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000
    return load
