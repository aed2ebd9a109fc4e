"""Runs the demo: the server and a worker as processes of their own, ended together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from portal.config import ROOT

GUNICORN = ("-m", "gunicorn", "--config", ".gunicorn.conf.py", "--workers", "2", "--log-level", "warning")
WORKER = ("-m", "flask", "--app", "wsgi:app", "worker")
START_SECONDS, STOP_SECONDS = 60, 10
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(Exception):
    """The demo cannot be shown; the text says why in one sentence."""


def listen(host: str, port: int) -> socket.socket:
    """The door of the server, opened before anything else is done. Raises CannotStart."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise CannotStart(f"Port {port} of {host} cannot be used ({error}): choose another with --port.") from error


def run(listener: socket.socket, tell: Callable[[str], None]) -> None:
    """Serve until a signal comes; `tell` is given the URL once the server answers. Raises CannotStart."""
    with ExitStack() as stack:
        stopped = stack.enter_context(_until_signal())
        host, port = listener.getsockname()[:2]
        url = f"http://{_reachable(host)}:{port}"
        environment = _environment(url)
        bind = ("--bind", f"fd://{listener.fileno()}")
        server = _start(stack, (*GUNICORN, *bind), environment, inherited=(listener.fileno(),))
        worker = _start(stack, WORKER, environment)
        _wait_until_ready(url, [server, worker], stopped)
        if not stopped():
            tell(url)
        while not stopped():
            _check([server, worker])
            time.sleep(0.2)


@contextmanager
def _until_signal() -> Iterator[Callable[[], bool]]:
    """A question that is answered with yes once somebody wants this process to end."""
    seen: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        seen.append(number)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _reachable(host: str) -> str:
    """The host as a browser on this machine names it."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _environment(url: str) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
    environment.setdefault("PORTAL_BASE_URL", url)
    environment.setdefault("PORTAL_ENVIRONMENT", "demo")
    return environment


def _start(
    stack: ExitStack, words: tuple[str, ...], environment: dict[str, str], inherited: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(  # noqa: S603  (our own words)
        [sys.executable, *words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, pass_fds=inherited
    )
    stack.callback(_stop, process)
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(url: str, processes: list[subprocess.Popen[bytes]], stopped: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not stopped() and time.monotonic() < deadline:
        _check(processes)
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.1)
    if not stopped():
        raise CannotStart("The server does not answer; its words are above.")


def _check(processes: list[subprocess.Popen[bytes]]) -> None:
    if any(process.poll() is not None for process in processes):
        raise CannotStart("The server or the worker has ended by itself; its words are above.")
