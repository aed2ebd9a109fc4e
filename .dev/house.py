"""What the commands in this folder share: a virtual environment that matches the locks.

Standard library only, because it runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
RUNTIME_LOCK = ROOT / "requirements.txt"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.txt"
OLDEST_PYTHON = (3, 11)


class SetUpFailed(Exception):
    """The set-up cannot go on; the text says in one sentence what the reader can do."""


def prepare(lock: Path) -> None:
    """Make `.venv` hold exactly what `lock` names; does nothing when it already does.

    Raises SetUpFailed with a sentence for the reader.
    """
    _check_python()
    with _one_at_a_time():
        _ensure_venv()
        _install(lock)


def tell(sentence: str) -> None:
    """One line of progress, on standard error so that a command's own output stays clean."""
    print(f"· {sentence}", file=sys.stderr, flush=True)


def run(*command: str | Path, why: str) -> None:
    """Run a set-up command silently; when it fails, show what it printed and raise SetUpFailed(why)."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise SetUpFailed(why)


def apt_install(*packages: str, why: str) -> bool:
    """Install Debian packages when this is root on a Debian-like machine; False when that cannot be tried."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return False
    tell(f"Installing {' '.join(packages)} with apt-get")
    quiet = ("env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "DPkg::Lock::Timeout=300")
    run(*quiet, "update", why=why)
    run(*quiet, "install", "-y", "--no-install-recommends", *packages, why=why)
    return True


def _check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise SetUpFailed(f"Thermes needs Python 3.11 or newer, this is {found}: start it with a newer one.")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started together must not build the same environment at once."""
    folder = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _ensure_venv() -> None:
    if _works(BIN / "python", "-m", "pip", "--version"):
        return
    if importlib.util.find_spec("ensurepip") is None:
        _install_ensurepip()
    tell("Creating the virtual environment in .venv")
    run(sys.executable, "-m", "venv", "--clear", VENV, why="python3 -m venv failed; its own words are above.")


def _works(*command: str | Path) -> bool:
    try:
        probe = subprocess.run(
            [str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0


def _install_ensurepip() -> None:
    advice = "This Python lacks its venv module. On Debian or Ubuntu: apt-get install python3-venv"
    if not apt_install("python3-venv", why=advice) or not _works(sys.executable, "-c", "import ensurepip"):
        raise SetUpFailed(advice)


def _install(lock: Path) -> None:
    stamp = VENV / f".{lock.name}.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    tell(f"Installing what {lock.name} names (a minute or two the first time)")
    pip = (BIN / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")
    # The lock names everything. Left to look for itself, an older pip takes the newest `coverage[toml]` that some
    # package wishes for, finds it without a hash, and refuses the whole.
    words = ("install", "--require-hashes", "--no-deps", "-r", lock)
    run(*pip, *words, why=f"pip could not install {lock.name}; its words are above.")
    run(*pip, "check", why=f"What {lock.name} names does not fit together: renew it with .dev/lock.")
    stamp.write_text(wanted)
