"""The portal as in production: gunicorn with two worker processes, on a free loopback port, always ended."""

from __future__ import annotations

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.support import processes
from tests.support.portal_app import ROOT, as_environment

START_SECONDS = 30
GUNICORN = ("gunicorn", "--worker-class", "gthread", "--graceful-timeout", "1", "--no-control-socket")


@dataclass
class LiveServer:
    """A running portal; `url` has no slash at its end."""

    url: str
    log: Path
    processes: list[ForkServerProcess] = field(default_factory=list)

    def logs(self) -> str:
        """What server and worker have written so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    @property
    def memory(self) -> int:
        """Resident bytes of the server and its worker processes (Linux)."""
        return sum(
            _resident(pid) for process in self.processes for pid in (process.pid or 0, *_children(process.pid or 0))
        )


@contextmanager
def serve(
    database_url: str,
    folder: Path,
    *,
    workers: int = 2,
    threads: int = 64,
    jobs: bool = False,
    application: str = "wsgi:app",
    config: str | None = None,
    **settings: Any,
) -> Iterator[LiveServer]:
    """Run the portal on `database_url`, with `flask worker` beside it when `jobs`; `settings` as in portal/config.py.

    `application` is what gunicorn loads; a `config` file says how it serves, in place of `threads`.

    Raises RuntimeError with the logs when it does not become ready.
    """
    with ExitStack() as stack, socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = LiveServer(url, folder / "server.log")
        stack.callback(processes.stop, server.processes)
        ours = {"base_url": url, "instance_path": str(folder.absolute() / "instance"), **settings}
        environment = {**_clean_environment(), **as_environment(database_url, **ours)}
        how = ("--config", config) if config else ("--threads", str(threads))
        size = ("--workers", str(workers), "--bind", "fd://{listener}")
        commands: list[tuple[str, ...]] = [(*GUNICORN, *how, *size, application)]
        if jobs:
            commands.append(("flask", "--app", "wsgi:app", "worker"))
        for command in commands:
            process = processes.start(*command, environment=environment, folder=ROOT, log=server.log, listener=listener)
            server.processes.append(process)
        _wait_until_ready(server)
        yield server


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "FLASK_"))}


def _wait_until_ready(server: LiveServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    answer = "no answer"
    while time.monotonic() < deadline and all(process.is_alive() for process in server.processes):
        try:
            with urllib.request.urlopen(f"{server.url}/readyz", timeout=2):  # noqa: S310  (our own loopback address)
                return
        except urllib.error.HTTPError as error:
            answer = f"{error.code} {error.read().decode(errors='replace')}"
        except OSError as error:
            answer = str(error)
        time.sleep(0.05)
    raise RuntimeError(f"The server did not become ready ({answer}). Its log:\n{server.logs()[-4000:]}")


def _children(pid: int) -> list[int]:
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
