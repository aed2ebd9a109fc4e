"""A push service for tests (RFC 8030), and a browser that subscribes there: it opens what it is sent by its own keys.

What is sent is decrypted here by the letter of RFC 8291 and RFC 8188, and the signature checked by that of RFC 8292,
with nothing of what the portal uses for it.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Answer = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Push:
    """One message as the service has taken it."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """`answers` are given, each once, to the next messages; then 201. `met` is called while a message is in hand."""

    url: str = ""
    pushes: list[Push] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    met: Callable[[Push], None] = lambda _push: None

    def answer(self, status: int, **headers: str) -> None:
        """To the next message."""
        self.answers.append((status, {name.replace("_", "-"): value for name, value in headers.items()}))


class Browser:
    """A subscription with the keys that only the browser has."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"sixteen bytes ok"
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def form(self) -> dict[str, str]:
        """What its script sends us."""
        return {"endpoint": self.endpoint, "p256dh": text(self.point), "auth": text(self.secret)}

    def open(self, push: Push) -> dict[str, Any]:
        """The message in clear (RFC 8291, 3.4 and RFC 8188, 2); AssertionError or InvalidTag when it is not for us."""
        assert push.headers["content-encoding"] == "aes128gcm"
        body = push.body
        salt, record, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= record <= 4096
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), public)
        ikm = derive(shared, salt=self.secret, info=b"WebPush: info\0" + self.point + sender, length=32)
        key = derive(ikm, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
        nonce = derive(ikm, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        content, _, padding = plain.rpartition(b"\x02")
        assert not padding.strip(b"\0")
        told: dict[str, Any] = json.loads(content)
        return told


def claims_of(push: Push, public_key: str) -> dict[str, Any]:
    """What the sender says about itself, signed with the key that browsers know; raises InvalidSignature."""
    scheme, _, rest = push.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", public_key)
    head, claims, signature = parts["t"].split(".")
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    r, s = (int.from_bytes(half, "big") for half in (raw(signature)[:32], raw(signature)[32:]))
    known = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(public_key))
    known.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    told: dict[str, Any] = json.loads(raw(claims))
    return told


def derive(key: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(word: str) -> bytes:
    return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))


@contextmanager
def serve_push() -> Iterator[PushService]:
    """A service on a free port of this machine."""
    service = PushService()

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            push = Push(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            status, headers = service.answers.pop(0) if service.answers else (201, {"Location": f"{self.path}/1"})
            if status < 300:
                service.pushes.append(push)
            service.met(push)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Nothing is said on the test's own output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Talk) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
