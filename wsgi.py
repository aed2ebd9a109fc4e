"""The application, for `gunicorn wsgi:app` and `flask`."""

from __future__ import annotations

import sys

from portal import create_app
from portal.commands import implied_settings
from portal.config import WrongSetting
from portal.live.hub import end_streams_at_shutdown

try:
    app = create_app(**implied_settings(sys.argv))
except WrongSetting as wrong:
    sys.exit(f"Thermes cannot start: {wrong}.")

end_streams_at_shutdown(app)
