"""Logs: one JSON line per event, with the request's id; never a header, a cookie or a form."""

from __future__ import annotations

import logging
import uuid

import structlog
from flask import Flask, Response, g, request

_PROCESSORS: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
    structlog.processors.JSONRenderer(),
]


def register_logs(app: Flask) -> None:
    """Give each request an id, which its log lines and its answer carry."""
    structlog.configure(processors=_PROCESSORS, logger_factory=structlog.stdlib.LoggerFactory())
    logging.getLogger("portal").setLevel(logging.INFO)

    @app.before_request
    def name_request() -> None:
        g.request_id = uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def tell_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if response.status_code >= 500:
            structlog.get_logger(__name__).error("answered", status=response.status_code, endpoint=request.endpoint)
        return response
