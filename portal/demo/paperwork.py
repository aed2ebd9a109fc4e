"""What waits on the team's desk in the demo: guests who are there twice, a file that was taken over, an invitation."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

from portal.audit import Actor
from portal.database import db
from portal.demo.cast import Cast
from portal.demo.guests import VISITORS
from portal.demo.idents import ident
from portal.imports.service import check_lines, go_on_with_imports, take_in, take_over
from portal.models import Customer, StaffMember, VenueMember
from portal.models.account import INVITATION
from portal.models.guest_import import RUNNING
from portal.session.onetime.service import make_link

FILE_NAME = "fichier-clients.csv"
HEAD = ("Prénom", "Nom", "Téléphone", "E-mail", "Langue", "Note", "Accord e-mail")
# What spreadsheets of a spa hold beside good lines.
BROKEN = (
    ("Jeanne", "Perrin", "06 39 98", "", "fr", "", ""),
    ("Odile", "Caron", "", "odile.caron(at)courriel.example", "fr", "", ""),
    ("", "", "06 39 98 09 98", "", "fr", "Cliente du samedi", ""),
)


def make_paperwork(cast: Cast, at: datetime) -> None:
    """Only where there is a house full of guests."""
    if len(cast.venues) > 1:
        _make_twins(cast.guests)
        _take_file_over(cast, at)
        _invite(cast, at)


def _make_twins(guests: list[Customer]) -> None:
    """Three guests who were entered a second time: misheard, with the same address, with a cipher less in front."""
    first, second, third = guests[-len(VISITORS) - 3 : -len(VISITORS)]
    _name_like(first, guests[10], last_name=guests[10].last_name)
    _name_like(second, guests[12], last_name=guests[12].last_name)
    second.email = guests[12].email = guests[12].email or "accueil.famille@courriel.example"
    _name_like(third, guests[14], last_name=f"{guests[14].last_name}s")
    db.session.flush()


def _name_like(twin: Customer, guest: Customer, *, last_name: str | None) -> None:
    twin.first_name, twin.last_name, twin.email = guest.first_name, last_name, None


def _take_file_over(cast: Cast, at: datetime) -> None:
    """Lines that bring news of guests, lines that bring none, and lines that cannot be taken over."""
    venue, known = cast.venues[0], [guest for guest in cast.guests[30:60] if guest.phone and guest.email][:6]
    told = ["Allée de gauche au parking", "", "Offrir le livret des cures", "", "", ""]
    rows = [_line(guest, note) for guest, note in zip(known, told, strict=True)]
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=";").writerows([HEAD, *rows[:4], *BROKEN, *rows[4:], rows[0]])
    by = Actor.of_member(cast.desk_of(venue), door="guests")
    batch = take_in(venue, content=sheet.getvalue().encode(), file_name=FILE_NAME, by=by)
    check_lines(venue, batch=batch, columns=batch.columns)
    go_on_with_imports()
    take_over(venue, batch=batch, by=by)
    while batch.status == RUNNING and go_on_with_imports():
        pass
    batch.created_at, batch.finished_at = at - timedelta(days=2, minutes=4), at - timedelta(days=2)


def _line(guest: Customer, note: str) -> tuple[str, ...]:
    return (guest.first_name or "", guest.last_name or "", guest.phone or "", guest.email or "", "fr", note, "")


def _invite(cast: Cast, at: datetime) -> None:
    """Somebody at the desk of the second venue who has not opened her letter yet."""
    address = f"lucie@{cast.organisation.slug}.example"
    member = StaffMember(
        uuid=ident("member", address), organisation=cast.organisation, invited_as=address, first_name="Lucie",
        last_name="Armand", role="receptionist", languages=["fr", "en"], locale="fr", created_at=at - timedelta(days=1),
        venue_links=[VenueMember(venue=cast.venues[1], priority=1)],
    )  # fmt: skip
    db.session.add(member)
    db.session.flush()
    admin = next(one for one in cast.members if one.role == "admin")
    make_link(member, INVITATION, by=Actor.of_member(admin, door="team"))
