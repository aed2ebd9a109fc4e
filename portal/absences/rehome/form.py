"""What the desk has chosen for each visit: `choice-<treatment>` and `version-<treatment>`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from portal.absences.rehome.service import Action, Step
from portal.bookings.forms import read_version, readable
from portal.errors import Invalid, NotFound
from portal.models import StaffMember, Venue
from portal.team.queries import get_therapist
from portal.uuids import as_uuid

LEAVE = "leave"
CHOICE, VERSION = "choice-", "version-"
# No absence hits more treatments than this.
MOST = 1000
_YEARS = range(2000, 2101)


class RehomeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What holds for all of the visits."""

    reason = StringField(
        _l("Reason of the cancellations"),
        filters=[readable],
        validators=[Length(max=500, message=_l("Please use at most 500 characters."))],
    )
    tell = BooleanField(_l("Tell the guests who come at another time, lose a wish or are cancelled"))


def give(member_id: UUID) -> str:
    """The choice of somebody else at the same time."""
    return f"{Action.GIVE} {member_id}"


def move(member_id: UUID, starts_at: datetime) -> str:
    """The choice of another time."""
    return f"{Action.MOVE} {member_id} {starts_at.isoformat()}"


def read_steps(venue: Venue, sent: Mapping[str, str]) -> list[Step]:
    """What is to be done; what is to be left is left out. Raises Invalid for a choice that is none of the list."""
    chosen = {name: text for name, text in sent.items() if name.startswith(CHOICE) and text != LEAVE}
    if len(chosen) > MOST:
        raise _not_listed()
    return [_step(venue, name.removeprefix(CHOICE), text, sent) for name, text in chosen.items()]


def _step(venue: Venue, item: str, text: str, sent: Mapping[str, str]) -> Step:
    action, *words = text.split(" ")
    version = read_version(sent.get(f"{VERSION}{item}"))
    match action, words:
        case ((Action.ASK | Action.CANCEL), []):
            return Step(item=_uuid(item), action=Action(action), version=version)
        case Action.GIVE, [member]:
            return Step(item=_uuid(item), action=Action.GIVE, version=version, taker=_taker(venue, member))
        case Action.MOVE, [member, start]:
            return Step(
                item=_uuid(item), action=Action.MOVE, version=version, taker=_taker(venue, member),
                starts_at=_instant(start),
            )  # fmt: skip
    raise _not_listed()


def _taker(venue: Venue, text: str) -> StaffMember:
    try:
        return get_therapist(venue, _uuid(text))
    except NotFound:
        raise _not_listed() from None


def _uuid(text: str) -> UUID:
    found = as_uuid(text)
    if found is None:
        raise _not_listed()
    return found


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _not_listed() from None
    if found.tzinfo is None or found.year not in _YEARS:
        raise _not_listed()
    return found


def _not_listed() -> Invalid:
    return Invalid(_("Please choose from the list."), field="choice")
