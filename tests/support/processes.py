"""Processes of the portal, forked from one that has imported it already: to import it takes two seconds each time.

What is worked out from files that stay as they are is inherited too (preloaded.py). Nothing else is shared: each has
its own environment and log, and leads a process group of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import socket
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path

STOP_SECONDS = 10

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(
    ["pytest", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "flask.cli", "tests.support.preloaded", __name__]
)


def start(
    module: str, *words: str, environment: dict[str, str], folder: Path, log: Path, listener: socket.socket
) -> ForkServerProcess:
    """`python -m module words…` in the folder, with this environment alone; `{listener}` stands for its descriptor."""
    process = forks.Process(target=_run, args=(module, words, environment, folder, log, listener), daemon=True)
    process.start()
    return process


def stop(started: list[ForkServerProcess]) -> None:
    """End them, each with all that it has started when it does not end in time."""
    for process in started:
        process.terminate()
    for process in started:
        process.join(STOP_SECONDS)
        if process.is_alive() and process.pid is not None:
            os.killpg(process.pid, signal.SIGKILL)
            process.join()


def _run(
    module: str, words: tuple[str, ...], environment: dict[str, str], folder: Path, log: Path, listener: socket.socket
) -> None:
    os.setsid()
    with log.open("ab") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = [module, *(word.format(listener=listener.fileno()) for word in words)]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
