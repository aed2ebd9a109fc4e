"""Forms of rooms and their types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice

from portal.i18n import name_of
from portal.models import Room, RoomType
from portal.settings.forms import SettingsForm, choice, line, number
from portal.settings.rooms.service import RoomValues
from portal.uuids import as_uuid


class Agreed(SettingsForm):
    """A form that may hit bookings: `seen` are those that were shown, `confirm` says that they stay."""

    seen = HiddenField()
    confirm = BooleanField(_l("Go on: these bookings stay as they are."))

    def over(self) -> set[UUID]:
        """The bookings that were shown, once that is confirmed."""
        keys = (self.seen.data or "").split(",") if self.confirm.data else []
        return {known for key in keys if (known := as_uuid(key))}


class RoomForm(Agreed):
    """A room."""

    name = line(_l("Name in French"), most=200, needed=True)
    name_en = line(_l("Name in English"), most=200, description=_l("Left empty, the French one is shown."))
    kind = choice(
        _l("Type of room"), {}, description=_l("A treatment that asks for a type is only given in rooms of that type.")
    )
    capacity = number(
        _l("For how many guests"), 1, 20, description=_l("2 makes it a couple room. One booking at a time has it.")
    )

    def __init__(self, *given: Any, types: Sequence[RoomType], **words: Any) -> None:
        super().__init__(*given, **words)
        self.types = {str(one.uuid): one for one in types}
        named = (SelectChoice(key, name_of(one)) for key, one in self.types.items())
        self.kind.choices = [SelectChoice("", _l("No type")), *named]

    def wish(self) -> RoomValues:
        """What is asked of the service."""
        return {
            "name": self.name.data,
            "name_en": self.name_en.data or None,
            "room_type": self.types.get(self.kind.data),
            "capacity": self.capacity.data or 1,
        }


class TypeForm(SettingsForm):
    """A type of room."""

    name = line(_l("Name in French"), most=200, needed=True)
    name_en = line(_l("Name in English"), most=200, description=_l("Left empty, the French one is shown."))

    def wish(self) -> dict[str, Any]:
        """What is asked of the service."""
        return {"name": self.name.data, "name_en": self.name_en.data or None}


def room_values(room: Room) -> Mapping[str, Any]:
    """The fields as they stand in the form."""
    return {
        "name": room.name,
        "name_en": room.name_en,
        "kind": str(room.room_type.uuid) if room.room_type else "",
        "capacity": room.capacity,
    }
