"""What an installation keeps beside its database, in the instance folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_secret(folder: Path, name: str, make: Callable[[], str] = secrets.token_urlsafe) -> str:
    """A secret of this installation's demo, by default 32 random bytes in URL-safe base64: made once, readable by its
    owner only.

    Two processes that start together agree on one, because the complete file is linked into place.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}-{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
