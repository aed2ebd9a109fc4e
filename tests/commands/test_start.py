"""Starting with wrong settings, and `flask demo` as a person starts it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from portal.commands import implied_settings
from portal.config import WrongSetting, read_settings
from tests.support.databases import Databases
from tests.support.portal_app import ROOT

BIN = Path(sys.executable).parent


def environment(folder: Path, **given: str) -> dict[str, str]:
    """Nothing but an instance folder of the test's own, and what is given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "FLASK_"))}
    return plain | {"PORTAL_INSTANCE_PATH": str(folder)} | given


def run(folder: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it in the repository's folder."""
    return subprocess.run(  # noqa: S603  (our own words)
        [BIN / words[0], *words[1:]], cwd=ROOT, env=environment(folder, **given), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"environment": "production"}, "PORTAL_SECRET_KEY is required (at least 16 characters)"),
        ({"environment": "production", "secret_key": "short"}, "PORTAL_SECRET_KEY is required"),
        ({"environment": "holiday"}, "PORTAL_ENVIRONMENT "),
        ({"database_url": "mysql://x"}, "PORTAL_DATABASE_URL must be a sqlite or postgresql address"),
        ({"database_url": "rubbish"}, "PORTAL_DATABASE_URL is not a database address"),
        ({"base_url": "spa.example"}, "PORTAL_BASE_URL must be an http or https address"),
        ({"unsafe_without_guards": "1"}, "PORTAL_UNSAFE_WITHOUT_GUARDS is refused outside testing"),
        ({"instance_path": "here"}, "PORTAL_INSTANCE_PATH must be the absolute path of a folder"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongSetting) as wrong:
        read_settings(**{"environment": "demo", **given})
    assert str(wrong.value).startswith(sentence)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize("words", [["flask", "check"], ["gunicorn", "wsgi:app", "--check-config"]], ids=" ".join)
def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path: Path, words: list[str]) -> None:
    result = run(tmp_path, *words)
    assert result.returncode != 0
    assert result.stdout == ""
    sentence = "PORTAL_SECRET_KEY is required (at least 16 characters) outside demo and testing"
    assert result.stderr == f"Thermes cannot start: {sentence}.\n"


def test_only_the_demo_command_implies_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_ENVIRONMENT", raising=False)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    assert implied_settings(["flask", "demo", "--port", "1"]) == {"environment": "demo"}
    assert implied_settings(["flask", "--app", "wsgi:app", "--debug", "demo"]) == {"environment": "demo"}
    keys = implied_settings(["flask", "-A", "demo", "keys", "create", "--organisation", "demo"])
    assert keys.keys() == {"secret_key"}
    assert implied_settings(["flask", "worker"]) == {}
    assert implied_settings(["flask"]) == {}
    monkeypatch.setenv("PORTAL_ENVIRONMENT", "production")
    assert implied_settings(["flask", "demo"]) == {}
    monkeypatch.delenv("PORTAL_ENVIRONMENT")
    monkeypatch.delenv("FLASK_RUN_FROM_CLI")
    assert implied_settings(["gunicorn", "demo"]) == {}


def test_the_demo_starts_tells_and_ends(tmp_path: Path, backend: str, databases: Databases) -> None:
    """On a database without tables: the default file in the instance folder, or PostgreSQL."""
    given = {} if backend == "sqlite" else {"PORTAL_DATABASE_URL": databases.create(backend, migrated=False).url}
    with (tmp_path / "told").open("wb") as told:
        process = subprocess.Popen(  # noqa: S603
            [BIN / "flask", "demo", "--port", "0"], cwd=ROOT, env=environment(tmp_path, **given), stdout=told,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        text = wait_for(tmp_path / "told", "Ctrl-C", process)
        url = re.search(r"running at (http://127\.0\.0\.1:\d+)", text)
        assert url is not None
        for email in ("camille", "therese", "marc", "maud", "ada"):
            assert f"{email}@maison-lutece.example" in text
        assert "thermes-demo" in text
        with urllib.request.urlopen(f"{url[1]}/readyz", timeout=5) as answer:  # noqa: S310
            assert answer.status == 200
        book_as_printed(text)
        again = run(tmp_path, "flask", "demo", "load", "--json", **given)
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["organisations"][0]["keys"][0]["key"] in text
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert is_gone(process.pid), "server or worker outlived the demo"
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    secret = tmp_path / "demo-secret-key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_text()) >= 32


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(tmp_path, "flask", "demo", "--port", str(port))
    assert result.returncode == 1
    assert result.stdout == ""
    assert f"Error: Port {port} of 127.0.0.1 cannot be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_database_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    result = run(tmp_path, "flask", "demo", "load", "--json", PORTAL_DATABASE_URL="postgresql://x@127.0.0.1:9/x")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: The database refuses: connection failed")
    assert result.stderr.count("\n") == 1


def wait_for(path: Path, words: str, process: subprocess.Popen[bytes]) -> str:
    """What was written, once these words stand in it and the paragraph is complete."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        text = path.read_text()
        if words in text and text.rstrip().endswith("'"):
            return text
        time.sleep(0.1)
    raise AssertionError(path.read_text())


def book_as_printed(text: str) -> None:
    """The command that is printed for people really books."""
    command = text[text.index("  export KEY=") :]
    shell = ["/bin/sh", "-ec", command]
    result = subprocess.run(shell, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["data"]["status"] == "pending"


def is_gone(group: int) -> bool:
    """Whether no process of the group is left, once the dead have been buried."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
