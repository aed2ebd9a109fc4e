"""Her contact data, what she likes and whether she is offered: changed by hand, never over a newer change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal.audit import Actor
from portal.customers.editing import edit_customer, put_aside, set_preferences, take_back
from portal.customers.errors import CustomerExists, NewerGuest, WrongEmail, WrongName, WrongPhone
from portal.customers.queries import find_guests
from portal.database import db
from portal.errors import Invalid
from portal.models import AuditEntry, Customer, OutboxEvent
from tests.factories import House, make_customer


@pytest.fixture
def odile(house: House) -> Customer:
    return make_customer(
        house.organisation, first_name="Odile", last_name="Caron", phone="+33612345678", email="odile@example.org"
    )


def desk(house: House) -> Actor:
    return Actor.of_member(house.camille, door="agenda")


def edit(house: House, customer: Customer, **given: Any) -> Customer:
    words: dict[str, Any] = {
        "first_name": "Odile", "last_name": "Caron", "phone": "06 12 34 56 78", "email": "odile@example.org",
        "language": "fr", "country": "FR",
    }  # fmt: skip
    return edit_customer(house.organisation, customer=customer, by=desk(house), **words | given)


def trail(customer: Customer) -> list[tuple[str, dict[str, Any]]]:
    query = select(AuditEntry.verb, AuditEntry.details).where(AuditEntry.subject == customer.uuid)
    return [(verb, details) for verb, details in db.session.execute(query.order_by(AuditEntry.id))]


def test_what_is_new_is_taken_over_and_told(house: House, odile: Customer) -> None:
    edit(house, odile, last_name="d’Arcy", phone="06 87 65 43 21", email="Odile@Darcy.fr", language="en")
    assert (odile.name, odile.phone, odile.email, odile.language) == (
        "Odile d’Arcy", "+33687654321", "Odile@Darcy.fr", "en"
    )  # fmt: skip
    assert (odile.name_key, odile.order_key, odile.email_key) == ("odile d’arcy", "d’arcy odile", "odile@darcy.fr")
    assert trail(odile) == [("customer:edited", {"fields": ["email", "language", "last_name", "phone"]})]
    events = db.session.scalars(select(OutboxEvent.type).where(OutboxEvent.subject == odile.uuid)).all()
    assert events == ["customer.updated"]
    assert [one.id for one in find_guests(house.organisation, "darcy 654321")] == [odile.id]


def test_nothing_new_leaves_no_line(house: House, odile: Customer) -> None:
    version = odile.version
    edit(house, odile)
    assert (odile.version, trail(odile)) == (version, [])


def test_the_phone_of_another_guest_names_her(house: House, odile: Customer) -> None:
    other = make_customer(house.organisation, last_name="Martin", phone="+33611111111", email="m@example.org")
    with pytest.raises(CustomerExists) as taken:
        edit(house, odile, phone="06 11 11 11 11")
    assert (taken.value.customer.id, taken.value.field) == (other.id, "phone")
    with pytest.raises(CustomerExists) as taken:
        edit(house, odile, email="M@example.org")
    assert (taken.value.customer.id, taken.value.field) == (other.id, "email")
    assert edit(house, odile, email="M@example.org", shared_email=True).email == "M@example.org"


def test_a_newer_change_is_never_overwritten(house: House, odile: Customer) -> None:
    version = odile.version
    edit(house, odile, last_name="Martin", version=version)
    with pytest.raises(NewerGuest):
        edit(house, odile, first_name="Zoé", version=version)
    with pytest.raises(NewerGuest):
        set_preferences(
            house.organisation, customer=odile, preferences={}, therapist=None, version=version, by=desk(house)
        )
    assert odile.name == "Odile Martin"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"first_name": "", "last_name": " "}, WrongName), ({"last_name": "R2D2"}, WrongName),
        ({"phone": "none"}, WrongPhone), ({"email": "none"}, WrongEmail),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(house: House, odile: Customer, wrong: dict[str, str], error: type[Invalid]) -> None:
    with pytest.raises(error):
        edit(house, odile, **wrong)


@pytest.mark.parametrize("text", ["A\0", "x" * 10_000, "\ud800", "10" * 30, "<b>"])
def test_bad_values_change_nothing(house: House, odile: Customer, text: str) -> None:
    for field in ("last_name", "phone", "email"):
        with pytest.raises(Invalid):
            edit(house, odile, **{field: text})
    assert odile.name == "Odile Caron"


def test_preferences_are_what_the_phone_reads(house: House, odile: Customer) -> None:
    likes = {"pressure": "firm", "avoid": "Épaule gauche", "oil": ""}
    words: dict[str, Any] = {"preferences": likes, "therapist": house.therese, "by": desk(house)}
    set_preferences(house.organisation, customer=odile, **words)
    assert odile.preferences == {"pressure": "firm", "avoid": "Épaule gauche"}
    assert odile.preferred_therapist_id == house.therese.id
    set_preferences(house.organisation, customer=odile, **words)
    assert trail(odile) == [("customer:preferences", {})]
    with pytest.raises(Invalid):
        set_preferences(house.organisation, customer=odile, **words | {"preferences": {"avoid": "x" * 301}})


def test_who_is_put_aside_is_not_offered_until_taken_back(house: House, odile: Customer) -> None:
    for _twice in range(2):
        put_aside(house.organisation, customer=odile, by=desk(house))
    assert find_guests(house.organisation, "caron") == []
    for _twice in range(2):
        take_back(house.organisation, customer=odile, by=desk(house))
    assert [one.id for one in find_guests(house.organisation, "caron")] == [odile.id]
    assert [verb for verb, _details in trail(odile)] == ["customer:put_aside", "customer:taken_back"]
