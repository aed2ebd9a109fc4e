"""What every HTML answer must be like. One answer may have several faults: all are told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.inspect_document import document_faults
from tests.support.inspect_forms import form_faults
from tests.support.inspect_headers import header_faults
from tests.support.inspect_links import link_faults
from tests.support.inspect_text import text_faults
from tests.support.page import Page

LOOKERS: tuple[Callable[[Page], Iterator[str]], ...] = (document_faults, form_faults, text_faults)


def inspect(response: TestResponse, page: Page, app: Flask) -> None:
    """Raise AssertionError naming the address and every fault of the answer."""
    faults = [fault for look in LOOKERS for fault in look(page)]
    faults += header_faults(response, page)
    faults += link_faults(page, app)
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in dict.fromkeys(faults))
        raise AssertionError(f"{response.request.method} {response.request.path} ({response.status}):\n{listed}")
