"""The log of calls, from the door's side: what was asked and answered is noted once the answer has left."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import now
from portal.models import ApiCall
from portal.partners.calls.masking import MASK, answered, code_of, sent
from portal.partners.calls.service import keep_call
from portal.uuids import as_uuid

_log = structlog.get_logger()
# What may stand in an address: nothing else is kept of it.
_PARAMETERS = ("date", "from", "to", "page", "limit")
_LONGEST_PATH, _LONGEST_CODE = 400, 120


def begin() -> None:
    """From here on its time counts."""
    g.began = time.perf_counter()


def remember(response: Response) -> None:
    """Note the call of a known key when its answer has left: the partner does not wait, its booking neither.

    A process that is killed in between loses the line, never the call.
    """
    app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy at run time
    response.call_on_close(partial(_keep, app, _call(response)))


def _keep(app: Flask, call: ApiCall) -> None:
    with app.app_context():
        try:
            keep_call(call)
        except SQLAlchemyError as error:
            _log.warning("a call was not noted", error=str(error))


def _call(response: Response) -> ApiCall:
    body, told = g.get("sent"), _json(response)
    external = code_of(body.get("external_id")) if isinstance(body, dict) else None
    return ApiCall(
        uuid=uuid4(),
        organisation_id=g.api_key.organisation_id,
        api_key_id=g.api_key.id,
        at=now(),
        method=request.method[:10],
        path=_path(),
        status=response.status_code,
        code=_code(told),
        duration_ms=round((time.perf_counter() - g.began) * 1000),
        external_id=external,
        booking=_booking(told),
        request=sent(body),
        answer=answered(told),
    )


def _json(response: Response) -> Any:
    try:
        return json.loads(response.get_data(as_text=True))
    except ValueError:
        return None


def _path() -> str:
    head, mark, reference = request.path.partition("ext:")
    path = head + (mark + (code_of(reference.removesuffix("/cancel"), most=300) or MASK) if mark else "")
    asked = {name: code_of(request.args[name], most=20) or MASK for name in _PARAMETERS if name in request.args}
    whole = path + (f"?{urlencode(asked, safe='•')}" if asked else "")
    return whole.encode("utf-8", "replace").decode().replace("\0", MASK)[:_LONGEST_PATH]


def _code(told: Any) -> str | None:
    if not isinstance(told, dict) or "error" not in told:
        return None
    return " · ".join(str(told[name]) for name in ("error", "reason") if name in told)[:_LONGEST_CODE]


def _booking(told: Any) -> Any:
    """The booking that it was about, so that its guest's erasure finds the call."""
    data = told.get("data") if isinstance(told, dict) else None
    is_one = (request.endpoint or "").endswith("_booking") and isinstance(data, dict)
    return as_uuid(data.get("id")) if is_one and data else None
