"""`flask demo`: the portal with people, menus and bookings to look at."""

from __future__ import annotations

import json

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup

from portal.clock import now
from portal.commands.asking import one_sentence
from portal.database import db
from portal.demo import launch
from portal.demo.load import NotEmpty, is_empty, load_demo, renew_keys
from portal.demo.report import describe, invitation


@click.group("demo", cls=AppGroup, invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.pass_context
def demo(context: click.Context, host: str, port: int) -> None:
    """Load the demo into an empty database and show it until Ctrl-C."""
    _refuse_in_production()
    if context.invoked_subcommand is not None:
        return
    try:
        with launch.listen(host, port) as listener:
            _prepare()
            launch.run(listener, _tell)
    except launch.CannotStart as reason:
        raise click.ClickException(str(reason)) from reason


@demo.command("load")
@click.option("--json", "as_json", is_flag=True, help="Print everything a script needs as one JSON object.")
def load(*, as_json: bool) -> None:
    """Load the demo into an empty database; says the same again when it is there already."""
    with one_sentence():
        flask_migrate.upgrade()
        try:
            loaded = load_demo(now())
        except NotEmpty:
            raise click.ClickException("The database holds other data: the demo wants an empty one.") from None
        if as_json:
            click.echo(json.dumps(describe(), ensure_ascii=False))
        else:
            click.echo("The demo is loaded." if loaded else "The demo was loaded before.")


def _prepare() -> None:
    with one_sentence():
        flask_migrate.upgrade()
        if is_empty():
            click.echo("Loading the demo …", err=True)
            load_demo(now())
        else:
            renew_keys()
        db.session.remove()


def _tell(url: str) -> None:
    click.echo(invitation(url))
    db.session.remove()
    db.engine.dispose()


def _refuse_in_production() -> None:
    if current_app.config["SETTINGS"].environment == "production":
        raise click.ClickException("The demo is refused where PORTAL_ENVIRONMENT is production.")
