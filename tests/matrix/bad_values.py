"""What nobody types by mistake: the values that break careless software, by name."""

from __future__ import annotations

from urllib.parse import quote
from zlib import crc32

MARKUP = "<svg onload=alert(1)>"
LURE = '" hx-get="/x" autofocus onfocus="alert(1)'
TEMPLATE = "{{7*7}}${7*7}#{7*7}"

BAD: dict[str, str] = {
    "NUL": "\x00",
    "NUL inside": "a\x00b",
    "lone surrogate": "\ud800",
    "surrogate inside": "a\udfffb",
    "empty": "",
    "spaces": "   ",
    "next line": "\x85",
    "escape": "\x1b[31m",
    "zero width": "a\u200bb\u200d",
    "right to left": "\u202eadnega\u202c",
    "byte order mark": "\ufeffa",
    "noncharacter": "\uffff\U0010ffff",
    "family emoji": "👩‍👩‍👧‍👦",
    "decomposed": "Thére\u0300se",
    "arabic digits": "١٢",
    "superscript digit": "²",
    "2^31": str(2**31),
    "2^63": str(2**63),
    "huge integer": "9" * 5000,
    "10^400": "1e400",
    "minus": "-1",
    "minus zero": "-0",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "half": "0.5",
    "hexadecimal": "0x10",
    "underscored": "1_0",
    "true": "true",
    "null": "null",
    "list": "[1, 2]",
    "object": '{"a": 1}',
    "a date": "2026-02-30",
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "24:00": "2027-03-01T24:00",
    "spring gap": "2027-03-28T02:30:00",
    "offset": "2027-03-01T10:00:00+99:99",
    "week date": "2027-W01-1",
    "compact date": "20270301",
    "CRLF": "x\r\nSet-Cookie: evil=1\r\n\r\n<p>",
    "formula": '=1+1|cmd" /C calc',
    "template": TEMPLATE,
    "format": "%s%n%(password)s{0.__class__}",
    "markup": MARKUP,
    "attribute": LURE,
    "script address": "javascript:alert(1)//",
    "other host": "//evil.example/",
    "quote": "'); DROP TABLE booking;--",
    "like": "%_\\%",
    "path": "../../../../etc/passwd",
    "device": "con",
    "long": "x" * 10_000,
    "long wide": "💆" * 5_000,
}
# Bytes that are no text: as they stand in an address, and in a form's body.
BAD_BYTES: dict[str, str] = {
    "not UTF-8": "%FF%FE",
    "overlong slash": "%C0%AF",
    "surrogate bytes": "%ED%A0%80",
    "half a sequence": "%E2%82",
    "no hexadecimals": "%zz%",
    "null byte": "%00",
    "dots": "%2e%2e%2f",
    "twice encoded": "%252e%252e%252f%2500",
}


# What a database itself may choke on is sent in each field (and to both, as far as they are handed it: handed.py).
FOR_DATABASES = {
    "NUL", "NUL inside", "null byte", "lone surrogate", "surrogate bytes", "not UTF-8", "noncharacter", "2^31", "2^63",
    "huge integer", "NaN", "minus", "year 1", "year 9999", "like", "long", "long wide",
}  # fmt: skip
# Everything else is read in Python, the same way for every field of a kind: hundreds of fields share it out.
SHARES = 3


def encoded(backend: str, field: str) -> dict[str, str]:
    """Bad values as they stand in an address or in a form's body: on SQLite also the share that falls to this field."""
    texts = {name: quote(value.encode("utf-8", "surrogatepass"), safe="") for name, value in BAD.items()} | BAD_BYTES
    others = [name for name in texts if name not in FOR_DATABASES] if backend == "sqlite" else []
    return {name: texts[name] for name in (*sorted(FOR_DATABASES), *others[crc32(field.encode()) % SHARES :: SHARES])}
