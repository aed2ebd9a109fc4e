"""`flask members`: the first account of an organisation, and ending sessions in an emergency."""

from __future__ import annotations

import pytest

from portal.clock import now
from portal.database import db
from portal.models import AuditEntry, LoginSession, StaffMember
from portal.session.passwords import LONGEST, SHORTEST, verify
from tests.commands.conftest import Command
from tests.factories import House, save

PASSWORD = "un bon mot de passe"
CREATE = ("members", "create", "--organisation", "maison-lutece", "--name", "Nora Vidal")


def test_create_reads_the_password_from_standard_input(flask: Command, house: House) -> None:
    words = ("--email", "Nora@Maison-Lutece.example", "--role", "therapist", "--venue", "lutetia", "--venue", "marais")
    result = flask(*CREATE, *words, input=f"{PASSWORD}\n")
    assert (result.exit_code, result.stdout) == (0, "nora@maison-lutece.example can sign in now.\n"), result.output
    nora = db.session.query(StaffMember).filter_by(email="nora@maison-lutece.example").one()
    assert (nora.first_name, nora.last_name, nora.role) == ("Nora", "Vidal", "therapist")
    assert {link.venue.slug for link in nora.venue_links} == {"lutetia", "marais"}
    assert nora.resource is not None, "a therapist's time can be claimed"
    assert verify(nora.password_hash, PASSWORD)
    assert db.session.query(AuditEntry).filter_by(verb="member:created", subject=nora.uuid).count() == 1


@pytest.mark.parametrize(
    ("words", "password", "sentence"),
    [
        (["--email", "camille@maison-lutece.example"], PASSWORD,
         "There is a member with the address camille@maison-lutece.example already."),
        (["--email", "nora"], PASSWORD, "nora is not an e-mail address."),
        (["--email", "nora@example.org"], "short", f"Please choose a password of {SHORTEST} to {LONGEST} characters."),
        (["--email", "nora@example.org"], "thermes-demo",
         "This password is too easy to guess. Several words in a row are a good choice."),
        (["--email", "nora@example.org", "--venue", "chamonix"], PASSWORD,
         "There is no venue “chamonix” in “maison-lutece”."),
    ],
)  # fmt: skip
def test_a_wrong_wish_is_one_sentence_and_nobody_new(
    flask: Command, house: House, words: list[str], password: str, sentence: str
) -> None:
    before = db.session.query(StaffMember).count()
    result = flask(*CREATE, "--role", "receptionist", *words, input=f"{password}\n")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {sentence}\n")
    assert db.session.query(StaffMember).count() == before


def test_end_sessions_ends_all_of_hers_and_nobody_elses(flask: Command, house: House) -> None:
    save(*[
        LoginSession.start(member, token_hash=f"{n}", address=None, user_agent=None, at=now())
        for n, member in enumerate([house.camille, house.camille, house.maud])
    ])  # fmt: skip
    result = flask("members", "end-sessions", house.camille.email)
    assert (result.exit_code, result.stdout) == (0, f"2 session(s) of {house.camille.email} ended.\n")
    db.session.expire_all()
    still_open = db.session.query(LoginSession).filter(LoginSession.ended_at.is_(None)).all()
    assert [login.member_id for login in still_open] == [house.maud.id]


def test_end_sessions_of_a_stranger_is_one_sentence(flask: Command, house: House) -> None:
    result = flask("members", "end-sessions", "nobody@example.org")
    expected = "Error: There is no member with the address nobody@example.org.\n"
    assert (result.exit_code, result.stderr) == (1, expected)
