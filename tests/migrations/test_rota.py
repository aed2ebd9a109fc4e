"""Shifts that overlapped before the database refused it: one stays, as long as both were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.database import db
from portal.models import Shift
from tests.factories import make_member, make_organisation, make_shift, make_venue
from tests.support.databases import Databases
from tests.support.portal_app import ROOT, make_app

MIGRATIONS = str(ROOT / "migrations")
BEFORE = "0006"
COPY = """
INSERT INTO shift (uuid, member_id, venue_id, organisation_id, day, start_time, end_time, starts_at, ends_at)
SELECT :name, member_id, :venue, organisation_id, day, start_time, :end, :starts_at, :ends_at FROM shift WHERE id = :id
"""


@pytest.fixture
def fresh_app(backend: str, databases: Databases) -> Iterator[Flask]:
    """The portal on a database of its own."""
    app = make_app(databases.create(backend).url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_overlaps_become_one_shift(fresh_app: Flask) -> None:
    organisation = make_organisation()
    here, there = make_venue(organisation), make_venue(organisation)
    member, colleague = make_member(organisation, here, there), make_member(organisation, here)
    day = here.today()
    shift, alone = make_shift(here, member, day), make_shift(here, colleague, day)
    names, starts, ends = [shift.id, alone.id], shift.starts_at, shift.ends_at
    twins = [(here.id, starts + timedelta(hours=5), ends + timedelta(hours=2)), (there.id, starts, ends)]
    db.session.remove()
    flask_migrate.downgrade(directory=MIGRATIONS, revision=BEFORE)
    with db.engine.execution_options(thermes_write=True).begin() as connection:
        for number, (venue, since, until) in enumerate(twins):
            values = {"name": f"{number:032x}", "venue": venue, "end": "22:00:00", "id": names[0],
                      "starts_at": since, "ends_at": until}  # fmt: skip
            if connection.dialect.name == "sqlite":
                values |= {"end": "22:00:00.000000", "starts_at": f"{since:%Y-%m-%d %H:%M:%S}.000000",
                           "ends_at": f"{until:%Y-%m-%d %H:%M:%S}.000000"}  # fmt: skip
            connection.execute(text(COPY), values)
    flask_migrate.upgrade(directory=MIGRATIONS)

    found = db.session.scalars(select(Shift).where(Shift.counts()).order_by(Shift.id)).all()
    assert [one.id for one in found] == names
    assert (found[0].starts_at, found[0].ends_at) == (starts, ends + timedelta(hours=2))
    assert f"{found[0].end_time:%H:%M}" == "22:00"
    assert len(db.session.scalars(select(Shift)).all()) == 4, "nothing is lost: the others are removed ones"
