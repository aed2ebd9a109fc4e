"""The menu: made, changed, ordered, archived, deleted; who can do what; and what bookings made before keep."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.bookings.desk.queries import load_variants
from portal.database import db
from portal.errors import Invalid
from portal.models import Qualification, Treatment
from portal.settings.errors import Stale
from portal.settings.menu.queries import all_treatments, get_treatment, who_can
from portal.settings.menu.service import (
    add_variant,
    archive_treatment,
    archive_variant,
    change_treatment,
    change_variant,
    create_treatment,
    delete_treatment,
    delete_variant,
    restore_treatment,
    shift_treatment,
)
from tests.factories import House, make_treatment, qualify
from tests.settings.conftest import Book, manager, trail
from tests.support.client import PageClient

PAGE = "/v/lutetia/settings/treatments/"
HOUR: dict[str, Any] = {"label": "60 min", "duration": 60, "guest_count": 1, "price_minor": 9500}


def able(house: House, treatment: Treatment) -> set[str]:
    return {member.first_name for member, can, _all in who_can(house.lutetia, treatment) if can}


def test_a_new_treatment_can_be_booked_by_those_who_can_do_it(house: House, book: Book) -> None:
    made = create_treatment(
        house.lutetia, values={"name": "Hammam"}, variant=HOUR, therapists=[house.marc], by=manager(house)
    )
    assert all_treatments(house.lutetia)[-1] is made or made.sort_order == 1
    assert able(house, made) == {"Marc"}
    # Thérèse did everything: all but this one is written down now.
    assert able(house, house.massage) == {"Thérèse", "Marc"}
    booking = book("10:00", variant=made.variants[0])
    assert [offer.member.first_name for offer in booking.item.offers] == ["Marc"]


def test_who_is_left_with_nothing_would_do_everything(house: House) -> None:
    other = make_treatment(house.lutetia)
    qualify(house.therese, house.massage)
    with pytest.raises(Invalid) as refused:
        change_treatment(
            house.lutetia, treatment=house.massage, values={}, therapists=[house.marc], version=None, by=manager(house)
        )
    assert refused.value.field == "therapists"
    change_treatment(
        house.lutetia, treatment=other, values={}, therapists=[house.therese, house.marc], version=None,
        by=manager(house),
    )  # fmt: skip
    assert trail("treatment:changed") == [{"therapists": [["Marc Test"], ["Marc Test", "Thérèse Test"]]}]
    assert db.session.scalars(select(Qualification.treatment_id).order_by("treatment_id")).all() == [
        house.massage.id, other.id,
    ]  # fmt: skip


def test_who_can_do_it_makes_older_forms_stale(house: House) -> None:
    version = house.massage.version
    make_treatment(house.lutetia)
    change_treatment(
        house.lutetia, treatment=house.massage, values={}, therapists=[house.marc], version=version, by=manager(house)
    )
    with pytest.raises(Stale):
        change_treatment(
            house.lutetia, treatment=house.massage, values={"name": "X"}, version=version, by=manager(house)
        )


def test_bookings_made_before_keep_length_price_and_deposit(house: House, book: Book) -> None:
    booking = book("10:00")
    change_variant(
        house.lutetia, treatment=house.massage, variant=house.single, version=None, by=manager(house),
        values=HOUR | {"duration": 90, "price_minor": 14000, "is_default": True},
    )  # fmt: skip
    change_treatment(
        house.lutetia, treatment=house.massage, version=None, by=manager(house),
        values={"deposit_kind": "percent", "deposit_percent": 50, "buffer_minutes": 15},
    )  # fmt: skip
    db.session.expire_all()
    assert (booking.item.duration, booking.price_minor, booking.item.buffer_minutes) == (60, 9500, 0)
    assert booking.deposit_required_minor is None
    later = book("15:00", price_minor=14000)
    assert (later.item.duration, later.deposit_required_minor) == (90, 7000)
    with pytest.raises(Invalid) as refused:
        change_treatment(
            house.lutetia, treatment=house.massage, values={"kind": "class"}, version=None, by=manager(house)
        )
    assert refused.value.field == "kind"


def test_archived_and_deleted(house: House, book: Book) -> None:
    book("10:00")
    with pytest.raises(Invalid):
        delete_treatment(house.lutetia, treatment=house.massage, by=manager(house))
    archive_treatment(house.lutetia, treatment=house.massage, by=manager(house))
    assert load_variants(house.lutetia) == []
    restore_treatment(house.lutetia, treatment=house.massage, by=manager(house))
    assert len(load_variants(house.lutetia)) == 2
    other = make_treatment(house.lutetia)
    qualify(house.marc, other, house.massage)
    delete_treatment(house.lutetia, treatment=other, by=manager(house))
    assert [one.name for one in all_treatments(house.lutetia)] == ["Massage relaxant"]


def test_exactly_one_is_offered_first(house: House) -> None:
    def first() -> list[str]:
        db.session.expire_all()
        found = get_treatment(house.lutetia, house.massage.uuid)
        return [one.label for one in found.variants if one.is_default and one.active]

    long = add_variant(
        house.lutetia, treatment=house.massage, values=HOUR | {"label": "90 min", "is_default": True}, by=manager(house)
    )
    assert first() == ["90 min"]
    with pytest.raises(Invalid):
        change_variant(
            house.lutetia, treatment=house.massage, variant=long, values=HOUR, version=None, by=manager(house)
        )
    archive_variant(house.lutetia, treatment=house.massage, variant=long, by=manager(house))
    assert len(first()) == 1
    delete_variant(house.lutetia, treatment=house.massage, variant=house.duo, by=manager(house))
    assert first() == ["60 min"]
    with pytest.raises(Invalid):
        archive_variant(house.lutetia, treatment=house.massage, variant=house.single, by=manager(house))


def test_the_order_of_the_menu(house: House) -> None:
    other = make_treatment(house.lutetia, name="Accueil")
    shift_treatment(house.lutetia, treatment=other, up=False, by=manager(house))
    assert [one.name for one in all_treatments(house.lutetia)] == ["Massage relaxant", "Accueil"]


def test_the_pages(house: House, maud: PageClient) -> None:
    maud.get(PAGE)
    assert "€95.00" in maud.page.text
    maud.get(f"{PAGE}new")
    assert maud.submit(".//main//form", {"name": "", "price": "x", "label": ""}).status_code == 422
    form = maud.page.values_of(maud.page.one(".//main//form"))
    sent = form | {
        "name": "Yoga", "kind": "class", "max_participants": "8", "category": "Bien-être", "label": "75 min",
        "duration": "75", "price": "20,50", "weekdays": ["1", "3"], "therapists": [str(house.marc.uuid)],
    }  # fmt: skip
    assert maud.post(f"{PAGE}new", data=sent).status_code == 303
    yoga = db.session.scalars(select(Treatment).where(Treatment.name == "Yoga")).one()
    assert (yoga.kind, yoga.max_participants, yoga.available_days, yoga.category) == ("class", 8, [1, 3], "bien-être")
    assert (yoga.variants[0].price_minor, yoga.variants[0].duration, able(house, yoga)) == (2050, 75, {"Marc"})

    page = f"{PAGE}{yoga.uuid}"
    maud.get(page)
    save = f".//form[@action='{page}']"
    assert maud.submit(save, {"deposit_kind": "fixed"}).status_code == 422
    assert maud.page.one(".//*[@id='deposit_amount']").get("aria-invalid") == "true"
    variant = f"{page}/variants/{yoga.variants[0].uuid}"
    maud.get(variant)
    assert maud.submit(f".//form[@action='{variant}']", {"price": "", "duration": "80"}).status_code == 422
    assert maud.submit(f".//form[@action='{variant}']", {"price": "25"}).status_code == 303
    assert (yoga.variants[0].price_minor, yoga.variants[0].duration) == (2500, 80)
    maud.get(page)
    assert maud.submit(f".//form[@action='{page}/delete']").status_code == 303
    assert db.session.scalars(select(Treatment).where(Treatment.name == "Yoga")).all() == []


def test_the_list_is_read_in_a_few_statements(house: House, maud: PageClient, statements: Any) -> None:
    for _each in range(12):
        make_treatment(house.lutetia)
    with statements() as sent:
        assert maud.get(PAGE).status_code == 200
    sent.at_most(12)
