"""Whoever adds a table or a column says what it holds of a guest."""

from __future__ import annotations

from collections import defaultdict

from portal.database import Base
from portal.persons.holding import Fate
from portal.persons.map import MAP
from portal.persons.others import OTHERS

ADVICE = "Say in portal/persons/map.py whose it is, what she is told of it and what an erasure does."


def test_every_table_is_declared() -> None:
    mapped, tables = {one.table for one in MAP}, set(Base.metadata.tables)
    assert not tables - mapped - set(OTHERS), f"{sorted(tables - mapped - set(OTHERS))}: {ADVICE}"
    assert not (mapped | set(OTHERS)) - tables, "The map names tables that are gone."
    assert not mapped & set(OTHERS), "A table holds something of a guest or does not."


def test_every_column_goes_is_emptied_or_stays() -> None:
    for holding in MAP:
        columns = set(holding.model.__table__.columns.keys())
        said = [*holding.emptied, *holding.mended, *holding.plain.split()]
        assert not set(holding.untold.split()) - columns, f"{holding.table} names columns that are gone."
        if holding.fate == Fate.GOES:
            assert not said, f"{holding.table} goes as a whole."
        else:
            assert sorted(said) == sorted(columns), f"{holding.table} {sorted(set(said) ^ columns)}: {ADVICE}"
            assert holding.why, f"{holding.table} stays: say why."


def test_whatever_points_at_a_guest_is_hers() -> None:
    """Every way from a table to a guest, over any number of others, is on the map."""
    towards = defaultdict(set)
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            towards[key.column.table.name].add(table.name)
    reached, new = set(), {"customer"}
    while new:
        reached |= new
        new = {table for name in new for table in towards[name]} - reached
    assert not reached - {one.table for one in MAP}, f"{sorted(reached - {one.table for one in MAP})}: {ADVICE}"


def test_every_part_is_told_or_says_why_not() -> None:
    bare = [one.table for one in MAP if bool(one.told) == bool(one.untold_because)]
    assert not bare, f"Name the part of the export, or say why she is not told: {bare}"
