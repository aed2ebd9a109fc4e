"""`flask keys`: API keys for partners and integrations."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup

from portal.commands.asking import find_organisation, find_venue, one_sentence
from portal.errors import NotFound
from portal.partners.keys.service import create_key, revoke_key
from portal.vapid import new_private_key, public_key_of

keys = AppGroup("keys", help="API keys: create, revoke. Keys for encryption and for push messages.")


@keys.command("create")
@click.option("--organisation", "slug", required=True, help="The organisation's slug.")
@click.option("--name", required=True, help="Whose key this is.")
@click.option("--surface", type=click.Choice(["partner", "management"]), default="partner", show_default=True)
@click.option("--venue", "venue_slug", help="Narrow the key to one venue.")
@click.option("--scope", "scopes", multiple=True, help="A scope; may be repeated. Without any: all of the surface.")
@click.option("--test", is_flag=True, help="A sandbox key: its bookings are only a rehearsal.")
@click.option("--rate", type=int, help="Requests per minute; without it there is no limit.")
def create(
    slug: str, name: str, surface: str, venue_slug: str | None, scopes: tuple[str, ...], *, test: bool, rate: int | None
) -> None:
    """Create a key and print it, alone and only this once."""
    with one_sentence():
        organisation = find_organisation(slug)
        venue = find_venue(organisation, venue_slug) if venue_slug else None
        chosen = list(scopes) or None
        key, _row = create_key(
            organisation, name=name, surface=surface, venue=venue, scopes=chosen, test=test, rate=rate
        )
    click.echo(key)


@keys.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """End the key that begins with PREFIX (sk_live_ and 8 hex digits), at once."""
    with one_sentence():
        try:
            row = revoke_key("_".join(prefix.split("_")[:3]))
        except NotFound as unknown:
            raise click.ClickException(f"There is no key that begins with {prefix}.") from unknown
    click.echo(f"{row.prefix} is revoked.")


@keys.command("encryption")
def encryption() -> None:
    """Print a new key for PORTAL_ENCRYPTION_KEYS: put it in front, the older ones still open what they sealed."""
    click.echo(secrets.token_urlsafe(32))


@keys.command("vapid")
def vapid() -> None:
    """Make a key for push messages and print it as a line of settings, with what browsers will know it by."""
    private_key = new_private_key()
    click.echo(f"# Browsers know it as {public_key_of(private_key)}. With another key they must be asked again.")
    click.echo(f"PORTAL_VAPID_PRIVATE_KEY={private_key}")
