"""Whoever asks who works asks for what is published: slots, offers, agenda, month, phones, feeds, exchanges, blocks."""

from __future__ import annotations

import ast

import pytest

from portal.absences.queries import next_shift_of, shifts_of, team_of
from portal.absences.swaps.queries import find_shift, get_own_shift, shifts_ahead
from portal.agenda.months.queries import load_month
from portal.agenda.queries import load_day
from portal.blocks.queries import shifts_of as shifts_blocked
from portal.clock import now
from portal.errors import NotFound
from portal.feeds.queries import list_shifts
from portal.models import Shift
from portal.models.shift import DRAFT, PUBLISHED, REMOVED
from tests.blocks.conftest import can_book
from tests.factories import House, save
from tests.shifts.conftest import Plan
from tests.support.client import PageClient
from tests.support.sign_in import sign_in
from tests.support.source import modules

# Where drafts are meant to be read: whoever plans, undoes, or exchanges around them; and rows that are held or joined.
PLANNING = {
    "portal/shifts/queries.py": "the rota itself",
    "portal/changes/queries.py": "undo puts back whatever it was",
    "portal/absences/swaps/queries.py lock_shifts": "rows that are known already",
    "portal/absences/swaps/queries.py load_facts": "a draft is in the way of an exchange",
    "portal/absences/swaps/queries.py swaps_for": "the shift of an exchange",
    "portal/absences/swaps/queries.py open_swaps_at": "the shift of an exchange",
    "portal/absences/swaps/queries.py _is_open": "the shift of an exchange",
    "portal/absences/swaps/queries.py _swaps": "the shift of an exchange",
    "portal/absences/desk/queries.py _news": "the shift of an exchange",
    "portal/absences/queries.py shifts_of": "narrows _shifts",
    "portal/absences/queries.py next_shift_of": "narrows _shifts",
    "portal/absences/queries.py _off_until_its_end": "narrows what its callers read",
    "portal/members/leaving/queries.py shifts_to_come": "whoever leaves takes her drafts along",
    "portal/members/leaving/queries.py lock_shifts_to_come": "whoever leaves takes her drafts along",
    "portal/members/leaving/queries.py _to_come": "whoever leaves takes her drafts along",
    "portal/agenda/queries.py _touching": "narrows what its callers read",
    "portal/settings/zone/queries.py lock_shifts": "drafts follow the venue's clock like all that is planned",
    "portal/settings/zone/queries.py shifts_around": "a draft may collide when its instants move, too",
    "portal/settings/zone/queries.py count_shifts": "counts what will be moved, drafts included",
}


@pytest.mark.parametrize("status", [PUBLISHED, DRAFT, REMOVED])
def test_every_reader(bare: House, plan: Plan, client: PageClient, status: str) -> None:
    mine, his = plan(bare.therese), plan(bare.marc, publish=True)
    mine.status, counts = status, status == PUBLISHED
    save(mine)
    venue, day, start, end = bare.lutetia, bare.day, bare.at("00:00"), bare.at("23:55")
    person = bare.therese.resource
    assert person is not None

    assert can_book(bare, "10:00", bare.therese) is counts
    assert bool(shifts_of(bare.therese, day, day)) is counts
    assert (next_shift_of(bare.therese, at=now()) is not None) is counts
    assert bool(team_of(bare.marc, [his], at=now())) is counts
    assert bool(list_shifts(bare.therese, start=start, end=end)) is counts
    assert (find_shift(venue, mine.uuid) is not None) is counts
    assert (mine in shifts_ahead(venue, [bare.therese.id], start, end)) is counts
    assert bool(shifts_blocked(venue, person, day, day)) is counts
    [month] = [one for week in load_month(venue, day, day).weeks for one in week if one is not None]
    assert month.planned == (1 + counts) * 8 * 3600
    if counts:
        assert get_own_shift(bare.therese, mine.uuid) is mine
    else:
        with pytest.raises(NotFound):
            get_own_shift(bare.therese, mine.uuid)
    sign_in(client, bare.therese)
    client.get(f"/my/week/{day}?lang=en")
    assert ("09:00" in client.page.text) is counts
    known = load_day(venue, day)
    assert next(bool(one.shifts) for one in known.people if one.uuid == bare.therese.uuid) is counts


def test_no_query_forgets_to_ask() -> None:
    forgetful = set()
    for module in modules():
        if not module.where.endswith("queries.py"):
            continue
        for node in module.tree.body:
            told = ast.unparse(node)
            name = getattr(node, "name", None)
            reads = any(
                f"{row}.{column}" in told
                for row in ("Shift", "ShiftRow")
                for column in Shift.__table__.columns.keys()  # noqa: SIM118  (columns are no dict)
            )
            asks = "Shift.counts()" in told or "ShiftRow.counts()" in told
            if reads and not asks and not {module.where, f"{module.where} {name}"} & set(PLANNING):
                forgetful.add(f"{module.where} {name}")
    assert not forgetful, f"Ask Shift.counts(), or say here why drafts belong there: {sorted(forgetful)}"
