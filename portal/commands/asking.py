"""What all commands share: finding what a slug names, and failing in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.database import db
from portal.errors import PortalError
from portal.models import Organisation, Venue


@contextmanager
def one_sentence() -> Iterator[None]:
    """Whatever the house refuses ends the command with its sentence and exit code 1, without a trace."""
    try:
        with force_locale("en"):
            yield
    except PortalError as refusal:
        with force_locale("en"):
            raise click.ClickException(str(refusal.message)) from refusal
    except DBAPIError as error:
        first_line = str(error.orig).strip().split("\n")[0]
        raise click.ClickException(f"The database refuses: {first_line}.") from error


def find_organisation(slug: str) -> Organisation:
    """The organisation of that slug. Raises ClickException."""
    found = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise click.ClickException(f"There is no organisation “{slug}”.")
    return found


def find_venue(organisation: Organisation, slug: str) -> Venue:
    """The organisation's venue of that slug. Raises ClickException."""
    found = db.session.scalar(select(Venue).where(Venue.organisation_id == organisation.id, Venue.slug == slug))
    if found is None:
        raise click.ClickException(f"There is no venue “{slug}” in “{organisation.slug}”.")
    return found
