"""`flask members`: staff accounts, for the first one of an organisation and for emergencies."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

import portal.audit as audit
from portal.access import Role
from portal.commands.asking import find_organisation, find_venue, one_sentence
from portal.customers.emails import is_email
from portal.database import atomic, db
from portal.errors import Conflict, Invalid
from portal.models import Person, StaffMember, Venue, VenueMember
from portal.session.passwords import hash_password, refuse_weak
from portal.session.service import end_all_sessions

COMMAND = audit.Actor("system", "flask members", "command")

members = AppGroup("members", help="Staff accounts: create, end their sessions.")


@members.command("create")
@click.option("--organisation", "slug", required=True, help="The organisation's slug.")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--venue", "venue_slugs", multiple=True, help="A venue to work at; may be repeated.")
def create(slug: str, email: str, name: str, role: str, venue_slugs: tuple[str, ...]) -> None:
    """Create a member. The password is asked for, or read from standard input."""
    with one_sentence():
        organisation = find_organisation(slug)
        venues = [find_venue(organisation, venue_slug) for venue_slug in venue_slugs]
        first_name, _, last_name = name.strip().partition(" ")
        member = StaffMember(
            organisation_id=organisation.id,
            email=email.strip().lower(),
            first_name=first_name,
            last_name=last_name.strip(),
            role=role,
        )
        _check(member)
        password = _ask_password()
        refuse_weak(password, member)
        member.password_hash = hash_password(password)
        _save(member, venues)
    click.echo(f"{member.email} can sign in now.")


@members.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """Sign the member out everywhere, at once."""
    with one_sentence():
        member = _find(email.strip().lower())
        if member is None:
            raise click.ClickException(f"There is no member with the address {email}.")
        ended = end_all_sessions(member, by=COMMAND)
    click.echo(f"{ended} session(s) of {member.email} ended.")


def _check(member: StaffMember) -> None:
    if not is_email(member.email):
        raise Invalid(f"{member.email} is not an e-mail address.")
    if not member.first_name or len(member.first_name) > 100 or len(member.last_name) > 100:
        raise Invalid("A member needs a name; first and last name have at most 100 characters each.")
    if _find(member.email) is not None:
        raise Conflict(f"There is a member with the address {member.email} already.")


def _ask_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


@atomic
def _save(member: StaffMember, venues: list[Venue]) -> None:
    if member.role == Role.THERAPIST:
        member.resource = Person(organisation_id=member.organisation_id, name=member.name)
    member.venue_links = [VenueMember(venue=venue) for venue in venues]
    db.session.add(member)
    db.session.flush()
    audit.record(COMMAND, "member:created", member, role=member.role)


def _find(email: str) -> StaffMember | None:
    return db.session.scalar(select(StaffMember).where(StaffMember.email == email))
