"""Notes, consents, linked people and flags."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit import Actor
from portal.customers.consents import record_consent
from portal.customers.errors import NewerNote, NothingToWriteTo, SamePerson, WrongNote, WrongReason
from portal.customers.flags import flag_customer, unflag_customer
from portal.customers.notes import LONGEST, add_note, delete_note, edit_note, pin_note
from portal.customers.people import link_guests, unlink_guests
from portal.database import db
from portal.errors import Invalid, NotAllowed, NotFound
from portal.models import AuditEntry, Customer, CustomerConsent, CustomerLink, CustomerNote
from tests.factories import House, make_customer


@pytest.fixture
def odile(house: House) -> Customer:
    return make_customer(house.organisation, first_name="Odile", last_name="Caron", email="odile@example.org")


def by(member: object) -> Actor:
    return Actor.of_member(member, door="agenda")  # type: ignore[arg-type]  # a member of the cast


def verbs(customer: Customer) -> list[str]:
    query = select(AuditEntry.verb).where(AuditEntry.subject == customer.uuid)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_a_note_is_written_changed_pinned_and_deleted(house: House, odile: Customer) -> None:
    note = add_note(house.organisation, customer=odile, text="  Aime le silence ", by=by(house.camille))
    assert (note.text, note.author_name, note.pinned, note.is_edited) == (
        "Aime le silence", house.camille.name, False, False
    )  # fmt: skip
    version = note.version
    words = {"customer": odile, "note": note.uuid, "by": by(house.camille)}
    edit_note(house.organisation, **words, text="Aime parler", version=version)  # type: ignore[arg-type]
    assert note.is_edited
    with pytest.raises(NewerNote):
        edit_note(house.organisation, **words, text="Autre", version=version)  # type: ignore[arg-type]
    for _twice in range(2):
        pin_note(house.organisation, **words, pinned=True)  # type: ignore[arg-type]
    delete_note(house.organisation, **words)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        delete_note(house.organisation, **words)  # type: ignore[arg-type]
    assert db.session.scalars(select(CustomerNote)).all() == []
    assert verbs(odile) == [
        "customer:noted", "customer:note_edited", "customer:note_pinned", "customer:note_deleted"
    ]  # fmt: skip
    told = [str(entry.details) for entry in db.session.scalars(select(AuditEntry))]
    assert not any("Aime" in text for text in told), "What was noted must not stay in the trail."


def test_somebody_elses_note_is_the_managers(house: House, odile: Customer) -> None:
    note = add_note(house.organisation, customer=odile, text="De Maud", by=by(house.maud))
    with pytest.raises(NotAllowed):
        delete_note(house.organisation, customer=odile, note=note.uuid, by=by(house.camille))
    mine = add_note(house.organisation, customer=odile, text="De Camille", by=by(house.camille))
    delete_note(house.organisation, customer=odile, note=mine.uuid, by=by(house.maud))


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST + 1)])
def test_a_note_says_something(house: House, odile: Customer, text: str) -> None:
    with pytest.raises(WrongNote):
        add_note(house.organisation, customer=odile, text=text, by=by(house.camille))


def test_notes_of_another_guest_or_house_are_not_there(house: House, odile: Customer) -> None:
    note = add_note(house.organisation, customer=odile, text="Ici", by=by(house.camille))
    other = make_customer(house.organisation)
    with pytest.raises(NotFound):
        pin_note(house.organisation, customer=other, note=note.uuid, pinned=True, by=by(house.maud))
    with pytest.raises(NotFound):
        pin_note(house.neighbour, customer=odile, note=note.uuid, pinned=True, by=by(house.eve))


def test_consents_are_a_ledger(house: House, odile: Customer) -> None:
    maud = by(house.maud)
    for _twice in range(2):
        record_consent(
            house.organisation, customer=odile, channel="email", given=True, way="form", note="Fiche 12", by=maud
        )
    assert (odile.email_consent, odile.sms_consent) == (True, False)
    record_consent(house.organisation, customer=odile, channel="email", given=False, way="reply", by=maud)
    assert not odile.agrees_to("email")
    lines = db.session.scalars(select(CustomerConsent).order_by(CustomerConsent.id)).all()
    assert [(one.given, one.way, one.note, one.actor_name) for one in lines] == [
        (True, "form", "Fiche 12", house.maud.name), (False, "reply", None, house.maud.name)
    ]  # fmt: skip
    assert verbs(odile) == ["customer:agreed", "customer:withdrew"]


def test_nobody_agrees_to_what_cannot_be_sent(house: House) -> None:
    guest = make_customer(house.organisation, email=None)
    words = {"customer": guest, "given": True, "by": by(house.maud)}
    with pytest.raises(NothingToWriteTo):
        record_consent(house.organisation, **words, channel="email", way="desk")  # type: ignore[arg-type]
    for channel, way in (("pigeon", "desk"), ("sms", "dream")):
        with pytest.raises(Invalid):
            record_consent(house.organisation, **words, channel=channel, way=way)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        record_consent(house.organisation, **words, channel="sms", way="desk", note="x" * 301)  # type: ignore[arg-type]


def test_she_books_for_somebody_until_that_is_removed_from_either_side(house: House, odile: Customer) -> None:
    child = make_customer(house.organisation, first_name="Léo", last_name="Caron")
    link = link_guests(house.organisation, customer=odile, other=child, relation="friend", by=by(house.camille))
    again = link_guests(house.organisation, customer=odile, other=child, relation="family", by=by(house.camille))
    assert (link.id, again.relation) == (again.id, "family")
    unlink_guests(house.organisation, customer=child, link=link.uuid, by=by(house.camille))
    assert db.session.scalars(select(CustomerLink)).all() == []
    with pytest.raises(SamePerson):
        link_guests(house.organisation, customer=odile, other=odile, relation="family", by=by(house.camille))
    with pytest.raises(NotFound):
        unlink_guests(house.organisation, customer=odile, link=uuid4(), by=by(house.camille))


def test_the_database_refuses_a_link_to_oneself(house: House, odile: Customer) -> None:
    db.session.add(
        CustomerLink(
            organisation_id=house.organisation.id, customer=odile, other=odile, relation="other", created_by_name="x"
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_flag_has_a_reason_an_author_and_a_moment(house: House, odile: Customer) -> None:
    flag_customer(house.organisation, customer=odile, flag="blocked", reason=" Trois  absences ", by=by(house.maud))
    assert odile.is_blocked
    assert odile.flagged_at is not None
    assert (odile.flag_reason, odile.flagged_by_name) == ("Trois absences", house.maud.name)
    flag_customer(house.organisation, customer=odile, flag="deposit", reason="Deux absences", by=by(house.maud))
    assert odile.owes_deposit
    for _twice in range(2):
        unflag_customer(house.organisation, customer=odile, by=by(house.maud))
    assert not any((odile.flag, odile.flag_reason, odile.flagged_at, odile.flagged_by_name))
    assert verbs(odile) == ["customer:blocked", "customer:deposit_required", "customer:unflagged"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_no_flag_without_a_reason(house: House, odile: Customer, reason: str) -> None:
    with pytest.raises(WrongReason):
        flag_customer(house.organisation, customer=odile, flag="blocked", reason=reason, by=by(house.maud))
    with pytest.raises(Invalid):
        flag_customer(house.organisation, customer=odile, flag="banned", reason="Oui", by=by(house.maud))
