"""What every HTML answer must be like. One answer may have several faults: all are told at once.

What was found good once is known again by its text, in which three things differ each time: the token, the nonce, and
the moment at which it was drawn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.inspect_document import document_faults
from tests.support.inspect_forms import form_faults
from tests.support.inspect_headers import header_faults
from tests.support.inspect_links import link_faults
from tests.support.inspect_text import text_faults
from tests.support.page import Page

# A token of Flask-WTF is a signed piece of JSON, a string of hexadecimal digits.
ONCE = re.compile(
    r"\bI[jm][\w-]{40,}\.[\w-]+\.[\w-]{20,}"
    r"|\bnonce=\"[^\"]+\""
    r"|\bsince=[^\"&]+"
    r"|\bdata-now=\"[^\"]+\""
)
LOOKERS: tuple[Callable[[Page], Iterator[str]], ...] = (document_faults, form_faults, text_faults)


def inspect(response: TestResponse, page: Page, app: Flask) -> None:
    """Raise AssertionError naming the address and every fault of the answer."""
    good: set[bytes] = app.extensions.setdefault("pages found good", set())
    faults, same = list(header_faults(response, page)), _same_each_time(page)
    if same not in good:
        faults += [fault for look in LOOKERS for fault in look(page)]
        faults += link_faults(page, app)
    if not faults:
        good.add(same)
    else:
        listed = "\n".join(f"  - {fault}" for fault in dict.fromkeys(faults))
        raise AssertionError(f"{response.request.method} {response.request.path} ({response.status}):\n{listed}")


def _same_each_time(page: Page) -> bytes:
    return hashlib.blake2b(ONCE.sub("once", page.html).encode("utf-8", "surrogatepass")).digest()
