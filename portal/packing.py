"""What goes over the air is packed (gzip) for whoever can unpack it: a phone in a treatment room has little network.

Pages hold secrets beside what people have typed. The length of what is packed would give both away bit by bit to
somebody who could ask for the page in her name (BREACH): cookies are not sent along when another site asks, and each
page is longer by a few bytes of chance (Heal The Breach).
"""

from __future__ import annotations

import gzip
import io
import secrets

from flask import Flask, Response, request

_LEAST = 1000
_QUICK, _SMALL = 5, 9
_WORTH = 0.9
_MOST_CHANCE = 64
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def register_packing(app: Flask) -> None:
    """Pack every HTML page that is long enough to be worth it."""
    app.after_request(_pack_page)


def pack_file(content: bytes) -> bytes | None:
    """The same for everybody, as small as it gets; None where that gains next to nothing, as with fonts."""
    packed = gzip.compress(content, _SMALL, mtime=0)
    return packed if len(packed) < _WORTH * len(content) else None


def can_unpack() -> bool:
    """Whether whoever asks takes gzip."""
    return request.accept_encodings.quality("gzip") > 0


def _pack_page(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    length = response.content_length or 0
    if length < _LEAST or not can_unpack() or "Content-Encoding" in response.headers:
        return response
    response.set_data(_packed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    return response


def _packed(page: bytes) -> bytes:
    """The name of a file that nobody looks at makes it longer by chance."""
    name = "".join(secrets.choice(_LETTERS) for _ in range(secrets.randbelow(_MOST_CHANCE) + 1))
    packed = io.BytesIO()
    with gzip.GzipFile(name, "wb", _QUICK, packed, mtime=0) as file:
        file.write(page)
    return packed.getvalue()
