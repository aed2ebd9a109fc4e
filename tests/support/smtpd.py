"""A mail server for tests: takes what it is given, or answers as it is told to."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class MailServer:
    """`letters` are those taken; `answers` are given, each once, to the next commands of that name (`RCPT`, `DATA`).

    `met` is called with each command before it is answered, and with `TAKEN` before that is said of a letter.
    """

    port: int = 0
    met: Callable[[str], None] = lambda _verb: None
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=spa@lutece.example"


@contextmanager
def serve_mail() -> Iterator[MailServer]:
    """A server on a free port of this machine."""
    mail = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                mail.met(verb)
                told = (mail.answers.get(verb) or [""]).pop(0) or {"QUIT": "221 bye", "DATA": "354 go"}.get(verb)
                self._say(told or "250 ok")
                if verb == "RCPT" and not told:
                    mail.recipients.append(line[8:].strip("<> ").split(">")[0])
                if verb == "DATA" and (told or "").startswith("354"):
                    self._take()
                if verb == "QUIT":
                    return

        def _take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if not line:
                return  # the sender has gone in the middle of it
            letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            mail.letters.append(letter)
            mail.met("TAKEN")
            self._say("250 taken")

        def _say(self, text: str) -> None:
            with suppress(OSError):  # whoever has gone need not hear it
                self.wfile.write(f"{text}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        mail.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield mail
        finally:
            server.shutdown()
            thread.join()
