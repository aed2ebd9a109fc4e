"""The application, for `gunicorn wsgi:app` and `flask`."""

from __future__ import annotations

import sys

from portal import create_app
from portal.config import WrongSetting

try:
    app = create_app()
except WrongSetting as wrong:
    sys.exit(f"Thermes cannot start: {wrong}.")
