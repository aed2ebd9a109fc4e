"""The table says something about every route, every place and every actor, and about nothing else."""

from __future__ import annotations

from flask import Flask

from tests.matrix.asking import routes
from tests.matrix.declared import DECLARED, KEYS, PAGES, PARTNER
from tests.matrix.people import ACTORS


def test_every_route_is_declared(portal: Flask) -> None:
    missing = sorted(set(routes(portal)) - set(DECLARED))
    assert not missing, (
        "Say in tests/matrix/declared.py who may use these routes where, in PAGES or, below /v1, in PARTNER "
        f"(take the rows of a route like it, and think about strangers first): {missing}"
    )


def test_nothing_is_declared_that_is_not_there(portal: Flask) -> None:
    stale = sorted(set(DECLARED) - set(routes(portal)))
    assert not stale, f"Remove from tests/matrix/declared.py, or correct the method or name, of: {stale}"


def test_every_row_names_every_actor() -> None:
    for table, actors in ((PAGES, ACTORS), (PARTNER, KEYS)):
        for route, declared in table.items():
            for place, row in declared.rows.items():
                assert set(row) == set(actors), f"{route} at {place}: name each of {actors}"


def test_below_a_venue_both_strangers_places_are_asked(portal: Flask) -> None:
    for route, rule in routes(portal).items():
        # Below an organisation the door is hers; that a stranger's venue stands behind none is asked in tests/partners.
        if "organisation" not in rule.arguments and rule.arguments & {"venue", "venue_id", "booking_id"}:
            wanted = {"lutetia", "marais", "chamonix"}
            assert wanted <= set(DECLARED[route].rows), f"{route}: declare the places {sorted(wanted)}"
        elif "organisation" in rule.arguments:
            wanted = {"maison-lutece", "alpes-bien-etre"}
            assert wanted <= set(DECLARED[route].rows), f"{route}: declare the places {sorted(wanted)}"
        else:
            assert set(DECLARED[route].rows) == {"nowhere"}, f"{route} has no venue: declare `nowhere` only"


def test_an_object_is_also_asked_for_under_the_wrong_venue(portal: Flask) -> None:
    things = {"booking", "offer", "variant_id", "customer_id"}
    for route, rule in routes(portal).items():
        mixed = {place for place in DECLARED[route].rows if " with " in place}
        if rule.arguments & things:
            assert len(mixed) == 3, f"{route}: declare `lutetia with marais`, `lutetia with chamonix` and the reverse"


def test_every_operation_of_an_api_declares_its_scope(portal: Flask) -> None:
    for route, declared in PARTNER.items():
        view = portal.view_functions[route.split()[1]]
        assert declared.scope == getattr(view, "scope", None), f"{route}: the scope is {getattr(view, 'scope', None)}"
