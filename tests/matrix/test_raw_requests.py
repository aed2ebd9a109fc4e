"""What no client library sends, byte for byte to the real server: each gets an answer below 500, or a closed door."""

from __future__ import annotations

import http.client
import re
import socket
from urllib.parse import urlsplit

from tests.factories import House
from tests.support.server import LiveServer

HOST = b"Host: 127.0.0.1\r\n"
END = b"Connection: close\r\n\r\n"
PATHS = (
    b"/login?next=%zz", b"/%", b"/%C3%28", b"/%c0%ae%c0%ae/", b"/v/%00/agenda/", b"/v/%ED%A0%80/agenda/",
    b"/v1/venues/%ff", b"/v1/bookings/ext:%00", b"/static/%2e%2e/%2e%2e/etc/passwd", b"/static/..%2f..%2fwsgi.py",
    b"//evil.example/login", b"/\xc3\xa9", b"/\xff", b"/login?\xff=\xe9", b"/" + b"x" * 3000, b"/login?" + b"&" * 3000,
    b"http://evil.example/login", b"*", b"/login#\x01",
)  # fmt: skip
HEADERS = (
    b"Cookie: thermes=\xe9\xff\r\n", b"Cookie: " + b"a=b; " * 1600 + b"\r\n", b"Cookie: thermes-form=.e\x80\r\n",
    b"Accept-Language: \xff\r\n", b"Authorization: Bearer \xe9\r\n", b"X-Api-Key: sk_live_\xff\r\n",
    b"HX-Request: true\xe9\r\n", b"Range: bytes=\xb2-\r\n", b"If-Modified-Since: 31 Feb 99999\r\n",
    b"X-Forwarded-For: \x80\r\n", b"Sec-Fetch-Site: \xe9\r\n", b"Last-Event-ID: \xb2\r\n",
)  # fmt: skip
BODIES = (
    b"Content-Length: 5\r\n\r\nx=%zz", b"Content-Length: 4\r\n\r\n\xff\xfe=1", b"Content-Length: -1\r\n\r\n",
    b"Content-Length: 1, 1\r\n\r\nx", b"Content-Length: \xb2\r\n\r\nx", b"Content-Length: 99999999999999999999\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n3\r\nx=1\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", b"Expect: 100-continue\r\n\r\n",
)  # fmt: skip
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def test_raw_requests(house: House, live_server: LiveServer) -> None:
    requests = [b"GET " + path + b" HTTP/1.1\r\n" + HOST + END for path in PATHS]
    for path in (b"/login", b"/v1/venues", b"/live/me", b"/static/css/app.css"):
        requests += [b"GET " + path + b" HTTP/1.1\r\n" + HOST + header + END for header in HEADERS]
    key = f"Authorization: Bearer {house.key}\r\n".encode()
    for path in (b"/login", b"/v1/venues/lutetia/bookings"):
        start = b"POST " + path + b" HTTP/1.1\r\n" + HOST + FORM + key + b"Connection: close\r\n"
        requests += [start + body for body in BODIES]

    answers = {request[:400]: _send(live_server, request) for request in requests}

    broken = {request: answer[:300] for request, answer in answers.items() if re.match(rb"HTTP/1\.\d 5", answer)}
    assert not broken, broken
    assert sum(bool(answer) for answer in answers.values()) > len(answers) / 2, "Hardly anything was answered."
    assert "Traceback" not in live_server.logs(), live_server.logs()[-3000:]
    _assert_alive(live_server)


def _send(server: LiveServer, request: bytes) -> bytes:
    """The answer, empty when the server hung up."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        try:
            return connection.recv(65_536)
        except ConnectionResetError:
            return b""


def _assert_alive(server: LiveServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
    connection.request("GET", "/login")
    assert connection.getresponse().status == 200
    connection.close()
