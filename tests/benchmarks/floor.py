"""The floor under creating a booking: the portal as it is served, and one more endpoint that only writes.

`POST /floor` inserts a booking, its item and its claim as it is told, through the portal's own pool: no key, no check,
no guest, nobody told. gunicorn serves this module in place of `wsgi:app`, so both sides run in the same processes; each
answer says which one it came from.
"""

from __future__ import annotations

import os
import uuid
from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import insert

from portal import create_app
from portal.database import db
from portal.extensions import csrf
from portal.models import Booking, BookingItem, Claim
from tests.benchmarks.crowd import WORKER

_BOOKING = insert(Booking).returning(Booking.id)
_ITEM = insert(BookingItem).returning(BookingItem.id)
_CLAIM = insert(Claim)


def add_floor(app: Flask) -> Flask:
    """Give the portal the endpoint `/floor`."""
    app.add_url_rule("/floor", view_func=csrf.exempt(write), methods=["POST"])
    app.after_request(_tell_worker)
    return app


def write() -> Response:
    """Three INSERTs in one transaction."""
    told: dict[str, Any] = request.get_json()
    place = {name: told[name] for name in ("organisation_id", "venue_id")}
    place |= {name: datetime.fromisoformat(told[name]) for name in ("starts_at", "ends_at")}
    with db.engine.connect().execution_options(thermes_write=True) as connection, connection.begin():
        booking = connection.execute(_BOOKING, {**place, **told["booking"], "uuid": uuid.uuid4()}).scalar_one()
        item = {**place, **told["item"], "uuid": uuid.uuid4(), "booking_id": booking}
        item_id = connection.execute(_ITEM, item).scalar_one()
        connection.execute(_CLAIM, {**place, **told["claim"], "item_id": item_id})
    return Response('{"data":{}}', 201, mimetype="application/json")


def _tell_worker(response: Response) -> Response:
    response.headers[WORKER] = str(os.getpid())
    return response


def make_app() -> Flask:
    """What gunicorn serves: `tests.benchmarks.floor:make_app()`."""
    return add_floor(create_app())
