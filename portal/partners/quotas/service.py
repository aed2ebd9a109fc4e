"""What an admin says about a partner's quotas. Whoever books with the partner's keys meanwhile waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

import portal.audit as audit
from portal.audit import Actor
from portal.database import atomic, db
from portal.errors import Invalid
from portal.models import Organisation, Partner, PartnerQuota, Venue
from portal.partners.queries import lock_partner
from portal.partners.quotas.queries import quotas_of
from portal.settings.changing import check_version

LONGEST = 62  # days at once


@atomic
def set_week(
    organisation: Organisation,
    *,
    partner: Partner,
    venue: Venue,
    places: Mapping[int, int | None],
    version: int | None,
    by: Actor,
) -> Partner:
    """So many guests on each weekday (0 = Sunday), None = no limit; harmless when nothing is new.

    What stands beyond it stays. Raises Stale.
    """
    partner = lock_partner(organisation, partner)
    check_version(partner, version)
    rows = quotas_of(organisation, partner, since=date.max, venue=venue)
    was = {row.weekday: row.places for row in rows if row.weekday is not None}
    now = {day: most for day, most in places.items() if most is not None}
    if was != now:
        mine = (PartnerQuota.partner_id == partner.id) & (PartnerQuota.venue_id == venue.id)
        _remove(mine & PartnerQuota.weekday.is_not(None))
        owner = _owner(partner, venue)
        db.session.add_all(PartnerQuota(**owner, weekday=day, places=most) for day, most in now.items())
        changes = {
            str(day): [was.get(day), now.get(day)] for day in sorted({*was, *now}) if was.get(day) != now.get(day)
        }
        _renew(partner, venue, by, weekdays=changes)
    return partner


@atomic
def set_days(
    organisation: Organisation,
    *,
    partner: Partner,
    venue: Venue,
    first: date,
    last: date,
    places: int | None,
    version: int | None,
    by: Actor,
) -> Partner:
    """So many guests on each day from `first` to `last`, whatever their weekdays say; None lifts the limit.

    Raises Stale, Invalid for a time that ends before it begins or is longer than two months.
    """
    if not 0 <= (last - first).days < LONGEST:
        raise Invalid(_("Please choose from one day to two months."), field="last")
    partner = lock_partner(organisation, partner)
    check_version(partner, version)
    mine = (PartnerQuota.partner_id == partner.id) & (PartnerQuota.venue_id == venue.id)
    _remove(mine & PartnerQuota.day.between(first, last))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    db.session.add_all(PartnerQuota(**_owner(partner, venue), day=day, places=places) for day in days)
    _renew(partner, venue, by, first=str(first), last=str(last), places=places)
    return partner


@atomic
def clear_day(organisation: Organisation, *, partner: Partner, venue: Venue, day: date, by: Actor) -> Partner:
    """The date is one like its weekday again. Harmless twice."""
    partner = lock_partner(organisation, partner)
    mine = (PartnerQuota.partner_id == partner.id) & (PartnerQuota.venue_id == venue.id)
    if _remove(mine & (PartnerQuota.day == day)):
        _renew(partner, venue, by, cleared=str(day))
    return partner


def _owner(partner: Partner, venue: Venue) -> dict[str, int]:
    return {"organisation_id": venue.organisation_id, "venue_id": venue.id, "partner_id": partner.id}


def _remove(condition: object) -> int:
    gone = delete(PartnerQuota).where(condition).returning(PartnerQuota.id)  # type: ignore[arg-type]  # a column's
    # Out of the session as well: SQLite gives the key of a row that is gone to the next one.
    return len(db.session.scalars(gone, execution_options={"synchronize_session": "fetch"}).all())


def _renew(partner: Partner, venue: Venue, by: Actor, **details: object) -> None:
    """The partner is a newer one, which the trail tells."""
    flag_modified(partner, "name")
    db.session.flush()
    db.session.expire(partner, ["is_limited"])
    audit.record(by, "partner:quota_changed", partner, venue=venue.name, **details)
