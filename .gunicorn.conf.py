"""How the portal is served: `gunicorn -c .gunicorn.conf.py`. Words on the command line win."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

wsgi_app = "wsgi:app"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# An open page holds a thread: all streams that a process may hold, and as many again as pages need at a time.
threads = int(os.environ.get("PORTAL_MAX_STREAMS", "200")) + 56
keepalive = 5
graceful_timeout = 5
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  (a heartbeat file, not data)


def post_worker_init(worker: Any) -> None:  # noqa: ARG001  (gunicorn's signature)
    """What was built at start lives as long as the process: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
