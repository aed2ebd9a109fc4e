"""What one types in the guest box is taken apart: a name, a phone, an e-mail address, in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.customers.names import MAX_NAME
from portal.customers.reading import TypedGuest, read_guest
from tests.matrix.bad_values import BAD

HELENE = TypedGuest("Hélène", "Dupont", "+33612345678")


@pytest.mark.parametrize(
    "text",
    [
        "Hélène Dupont 06 12 34 56 78",
        "06.12.34.56.78 Hélène Dupont",
        "Hélène Dupont, +33 6 12 34 56 78",
        "  Hélène   Dupont 0033612345678 ",
        "Hélène Dupont +33 (0)6 12 34 56 78",
        "Mme Hélène Dupont 06-12-34-56-78",
        "Hélène DUPONT 0612345678",
        "DUPONT Hélène 0612345678",
        "Hélène 06 12 34 56 78 Dupont",
    ],
)
def test_a_name_and_a_phone(text: str) -> None:
    assert read_guest(text, "FR") == HELENE


@pytest.mark.parametrize(
    ("text", "guest"),
    [
        ("Dupont", TypedGuest("", "Dupont")),
        ("Mme Dupont", TypedGuest("", "Dupont")),
        ("M. Dupont", TypedGuest("", "Dupont")),
        ("Jean-Pierre d’Arcy", TypedGuest("Jean-Pierre", "d’Arcy")),
        ("Charles de la Tour", TypedGuest("Charles", "de la Tour")),
        ("LE GALL Loïc", TypedGuest("Loïc", "Le Gall")),
        ("HÉLÈNE DUPONT", TypedGuest("Hélène", "Dupont")),
        ("odile caron", TypedGuest("Odile", "Caron")),
        ("jean-pierre d’arcy", TypedGuest("Jean-Pierre", "d’Arcy")),
        ("emily o'connor", TypedGuest("Emily", "O'Connor")),
        ("charles de la tour", TypedGuest("Charles", "de la Tour")),
        ("caron", TypedGuest("", "Caron")),
        ("李 小龍", TypedGuest("李", "小龍")),
        ("helene@example.org", TypedGuest(email="helene@example.org")),
        ("Hélène Dupont helene@example.org 06 12 34 56 78",
         TypedGuest("Hélène", "Dupont", "+33612345678", "helene@example.org")),
        ("Hélène 0612", TypedGuest("", "Hélène", digits="0612")),
        ("Ruby Clarke +44 7700 900123", TypedGuest("Ruby", "Clarke", "+447700900123")),
        ("06 12 34 56 78", TypedGuest(phone="+33612345678")),
        ("", TypedGuest()),
        ("@ ! 4 ;", TypedGuest()),
    ],
)  # fmt: skip
def test_what_can_be_made_out(text: str, guest: TypedGuest) -> None:
    assert read_guest(text, "FR") == guest


def test_a_national_number_is_one_of_the_venues_country() -> None:
    assert read_guest("Marie 0692 12 34 56", "RE").phone == "+262692123456"
    assert read_guest("Marie 0692 12 34 56", None) == TypedGuest("", "Marie", digits="0692 12 34 56")


@pytest.mark.parametrize("name", BAD)
def test_nonsense_is_no_guest_that_could_not_be_stored(name: str) -> None:
    guest = read_guest(BAD[name], "FR")
    assert "\x00" not in repr(guest)
    guest.name.encode()
    assert len(guest.first_name) <= 2 * MAX_NAME


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    read_guest(text, "FR")
