"""`flask worker`: what leaves after the commit, and what the night does."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import with_appcontext

import portal.worker as jobs
from portal.clock import frozen
from portal.commands.asking import one_sentence


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant with its offset."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not an ISO 8601 instant such as 2026-11-20T03:00:00Z.", param, ctx)
        if instant.tzinfo is None:
            self.fail(f"{value} has no offset: write 2026-11-20T03:00:00Z or 2026-11-20T04:00:00+01:00.", param, ctx)
        return instant


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@click.option("--at", "instant", type=Instant(), help="With --once: do what would be due at that instant.")
@with_appcontext
def worker(*, once: bool, instant: datetime | None) -> None:
    """Carry outbox deliveries, complete the bookings of past days, forget what is old. Several may run at once."""
    if instant is not None and not once:
        raise click.UsageError("--at needs --once.")
    if not once:
        jobs.run_until_told()
        return
    with one_sentence():
        if instant is None:
            jobs.run_once()
        else:
            with frozen(instant):
                jobs.run_once()
