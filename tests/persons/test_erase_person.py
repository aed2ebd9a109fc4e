"""Nothing of her is left, nothing of anybody else is touched, and the accounts add up as before."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.clock import frozen
from portal.database import db
from portal.errors import NotFound
from portal.models import AuditEntry, Booking, Customer, GuestImport, GuestImportLine, Participant, Payment
from portal.persons.erasure import erase_person, preview_erasure
from portal.persons.errors import ChangedMeanwhile, NotConfirmed, StillExpected
from portal.persons.map import MAP
from portal.persons.queries import get_guest
from tests.bookings.conftest import Book
from tests.factories import House, make_customer, save
from tests.persons.conftest import Life, found, maud

Lives = tuple[Life, Life]
# Texts in which she stood before: a world with fewer would prove little.
AT_LEAST = 35


def erase(house: House, customer: Customer, **given: object) -> dict[str, int]:
    said = {"name": customer.uuid, "version": customer.version, "typed": customer.name, "by": maud(house)} | given
    with frozen(house.at("23:00", days=3)):
        return erase_person(house.organisation, **said)  # type: ignore[arg-type]  # what the test leaves out is right


def accounts() -> list[object]:
    sums = select(func.count(Booking.id), func.sum(Booking.price_minor))
    paid = select(func.count(Payment.id), func.sum(Payment.amount_minor))
    return [tuple(db.session.execute(one).one()) for one in (sums, paid)]


def test_no_needle_is_left(house: House, lives: Lives) -> None:
    hers, _others = lives
    before, theirs, figures = found("nadel"), found("faden"), accounts()
    assert len(before) >= AT_LEAST, f"She stands in hardly a text: {sorted(before)}"

    kept = erase(house, hers.customer)

    assert not found("nadel"), "portal/persons/map.py says how these are emptied."
    assert found("faden") == theirs, "Somebody else's data was erased with hers."
    assert accounts() == figures
    assert kept == {"payment": 1, "booking": 1}
    with pytest.raises(NotFound):
        get_guest(house.organisation, hers.customer.uuid)
    line = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "customer:erased")).one()
    assert line.subject == house.organisation.uuid
    assert str(hers.customer.uuid) not in str(line.details)


def test_what_stays_stays_without_her(house: House, lives: Lives) -> None:
    hers, _others = lives
    erase(house, hers.customer)
    booking = db.session.get_one(Booking, hers.booking.id)
    assert (booking.customer_id, booking.notes, booking.price_minor) == (None, None, 9500)
    seats = db.session.scalars(select(Participant).where(Participant.booking_id == hers.session.id)).all()
    assert sorted(one.label for one in seats) == ["", "Paul Ami"]
    assert [event.verb for event in booking.events][:2] == ["requested", "accepted"]


def test_the_preview_says_what_goes_and_what_stays(house: House, lives: Lives) -> None:
    hers, _others = lives
    with frozen(house.at("23:00", days=3)):
        preview = preview_erasure(house.organisation, hers.customer)
    assert preview.is_possible
    goes = {str(one.what) for one in MAP if one.table in {"customer", "customer_note", "health_note"}}
    assert goes <= {str(one.what) for one in preview.goes}
    assert all(one.why for one in preview.stays)
    assert preview.word == "nadela nadelissime"


def test_whoever_is_expected_is_not_erased(house: House, lives: Lives) -> None:
    hers, _others = lives
    with pytest.raises(StillExpected) as refused:
        erase_person(
            house.organisation, name=hers.customer.uuid, version=hers.customer.version, typed=hers.customer.name,
            by=maud(house),
        )  # fmt: skip
    assert [one.uuid for one in refused.value.bookings] == [hers.booking.uuid, hers.session.uuid]
    assert get_guest(house.organisation, hers.customer.uuid)


@pytest.mark.parametrize("typed", ["", "nadela", "faden", "\0", "x" * 10_000])
def test_another_name_erases_nobody(house: House, lives: Lives, typed: str) -> None:
    with pytest.raises(NotConfirmed):
        erase(house, lives[0].customer, typed=typed)


def test_accents_and_case_are_no_obstacle(house: House) -> None:
    lea = make_customer(house.organisation, first_name="Léa", last_name="Martin")
    erase(house, lea, typed="lea MARTIN")
    with pytest.raises(NotFound):
        get_guest(house.organisation, lea.uuid)


def test_a_change_meanwhile_is_in_the_way(house: House) -> None:
    lea = make_customer(house.organisation)
    with pytest.raises(ChangedMeanwhile):
        erase(house, lea, version=lea.version + 1)


def test_other_tenants_find_nobody(house: House) -> None:
    lea = make_customer(house.neighbour)
    with pytest.raises(NotFound):
        erase(house, lea)


def test_twice_is_not_found(house: House) -> None:
    lea = make_customer(house.organisation)
    given = {"name": lea.uuid, "version": lea.version, "typed": lea.name}
    erase(house, lea, **given)
    with pytest.raises(NotFound):
        erase_person(house.organisation, **given, by=maud(house))  # type: ignore[arg-type]  # as above


def test_a_file_that_waits_would_bring_her_back(house: House) -> None:
    lea = make_customer(house.organisation, email="lea@example.org", email_key="lea@example.org")
    files = [
        save(
            GuestImport(
                organisation_id=house.organisation.id, venue_id=house.lutetia.id, by_name="Maud", file_name="a.csv",
                encoding="utf-8", delimiter=";", content=text.encode(), status="checked",
            )
        )
        for text in ("mail\nLEA@example.org", "mail\nzoe@example.org")
    ]  # fmt: skip
    save(GuestImportLine(organisation_id=house.organisation.id, import_id=files[0].id, number=2, action="create"))
    erase(house, lea)
    db.session.expire_all()
    assert [(one.status, one.content is None) for one in files] == [("cancelled", True), ("checked", False)]
    assert db.session.scalar(select(func.count(GuestImportLine.id))) == 0


def test_a_booking_that_was_made_meanwhile_is_refused(house: House, book: Book) -> None:
    lea = make_customer(house.organisation)
    version = lea.version
    book("10:00", customer=lea)
    with pytest.raises(StillExpected):
        erase_person(house.organisation, name=lea.uuid, version=version, typed=lea.name, by=maud(house))
