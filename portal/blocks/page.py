"""What the pages of a block show beside the block itself, and how a form begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from werkzeug.datastructures import MultiDict

import portal.clock as clock
from portal.blocks import words
from portal.blocks.errors import BookingsUnderneath, JustTaken
from portal.blocks.facts import Kind, Place, Span, Underneath
from portal.blocks.forms import BlockForm, ChangeForm, RemoveForm
from portal.blocks.queries import batch_of, bookings_under, people_and_rooms
from portal.errors import Invalid, PortalError
from portal.i18n import name_of
from portal.models import Block, Venue

# What a person can mend in the form; anything else is answered as everywhere.
REFUSALS = (Invalid, BookingsUnderneath, JustTaken)
# How long a block is thought to be when only its start is known.
USUAL = timedelta(hours=1)


def prefilled(venue: Venue, places: list[Place], asked: MultiDict[str, str]) -> tuple[BlockForm, bool]:
    """The form for the time `at` (until `until`) and the `column` of the address; and whether all three are known."""
    start, end = _wall(venue, asked.get("at")), _wall(venue, asked.get("until"))
    column = next((place for place in places if str(place.uuid) == asked.get("column")), None)
    begins = start or _next_quarter(venue)
    ends = end if end and end > begins else begins + USUAL
    form = BlockForm(
        formdata=None, day=begins.date(), start=begins.time(), end=ends.time(),
        last_day=ends.date() if ends.date() != begins.date() else None, who=[str(column.uuid)] if column else [],
        kind=asked["kind"] if asked.get("kind") in {*Kind} else Kind.BREAK.value,
    )  # fmt: skip
    return form, bool(start and end and end > start and column and not asked.get("full"))


def asking(
    venue: Venue,
    form: BlockForm,
    *,
    places: list[Place] | None = None,
    error: PortalError | None = None,
    quick: bool = False,
) -> dict[str, Any]:
    """The context of `blocks/new.html`; with the error beside its field, and the bookings that it names."""
    people = people_and_rooms(venue) if places is None else places
    return {
        "venue": venue,
        "form": form,
        "places": people,
        "found": _refused(form, error),
        "quick": quick,
        "planned": _planned(venue, form, people) if quick else "",
        "full_url": url_for("blocks.new", venue=venue.slug, full=1, **_asked()),
        "day": form.day.data or venue.today(),
        "words": words,
    }


def panel(
    venue: Venue, block: Block, *, form: ChangeForm | None = None, error: PortalError | None = None
) -> dict[str, Any]:
    """The context of `blocks/_panel.html`; a block that was removed has no forms."""
    batch = batch_of(venue, block)
    form = form or _as_it_is(venue, block)
    return {
        "venue": venue,
        "block": block,
        "day": clock.local_date(block.starts_at, venue.timezone),
        "batch": batch,
        "others": sorted({one.resource.name for one in batch if one.resource_id != block.resource_id}),
        "dates": sorted({one.starts_at for one in batch}),
        "under": bookings_under(venue, block) if block.removed_at is None else [],
        "form": form,
        "found": _refused(form, error),
        "removal": RemoveForm(formdata=None),
        "words": words,
    }


def day_of(venue: Venue, block: Block) -> date:
    """The local date on which the agenda shows where the block begins."""
    return clock.local_date(block.starts_at, venue.timezone)


def _refused(form: ChangeForm, error: PortalError | None) -> list[Underneath]:
    """The bookings that stand in the way; the form remembers that they were shown."""
    if error is not None:
        form.refuse(error)
    found = error.bookings if isinstance(error, BookingsUnderneath) else []
    form.seen.data = ",".join(sorted({str(one.key) for one in found}))
    form.confirm.data = False
    return found


def _asked() -> dict[str, Any]:
    """What the address knows of the block, for the same form with everything."""
    return {name: request.args.get(name) for name in ("at", "until", "column", "by")}


def _planned(venue: Venue, form: BlockForm, places: list[Place]) -> str:
    """For whom and when one click will block."""
    name = next(name_of(place) for place in places if str(place.uuid) in form.who.data)
    day, begins, ends = form.day.data or venue.today(), form.start.data or time(), form.end.data or time()
    start, end = datetime.combine(day, begins), datetime.combine(form.last_day.data or day, ends)
    instants = (clock.local_instant(wall, venue.timezone) for wall in (start, end))
    return f"{name} · {words.span(Span(*instants), venue.timezone)}"


def _as_it_is(venue: Venue, block: Block) -> ChangeForm:
    zone = ZoneInfo(venue.timezone)
    start, end = block.starts_at.astimezone(zone), block.ends_at.astimezone(zone)
    return ChangeForm(
        formdata=None, kind=block.kind, day=start.date(), start=start.time(), end=end.time(),
        last_day=end.date() if end.date() != start.date() else None, reason=block.reason, version=block.version,
    )  # fmt: skip


def _wall(venue: Venue, text: str | None) -> datetime | None:
    """The naive local time that an address names, with or without an offset; None for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if not 2000 < found.year < 2100:
        return None
    return found.astimezone(ZoneInfo(venue.timezone)).replace(tzinfo=None, fold=0) if found.tzinfo else found


def _next_quarter(venue: Venue) -> datetime:
    now = clock.now().astimezone(ZoneInfo(venue.timezone)).replace(tzinfo=None, second=0, microsecond=0)
    return now + timedelta(minutes=-now.minute % 15)
