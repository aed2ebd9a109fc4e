"""Scarce things: treatment rooms and people, each a resource that claims reserve."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, Key, Name, OrganisationOwned, PublicId


class RoomType(OrganisationOwned, Base):
    """A kind of room that treatments ask for."""

    __tablename__ = "room_type"

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    name: Mapped[Name]
    name_en: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Resource(OrganisationOwned, Base):
    """Whatever can be used by one booking at a time. Rooms belong to a venue; people work at several."""

    __tablename__ = "resource"
    __table_args__ = (
        CheckConstraint("kind IN ('room', 'person')", name="kind_known"),
        CheckConstraint("capacity BETWEEN 1 AND 200", name="capacity_range"),
        CheckConstraint("(kind = 'room') = (venue_id IS NOT NULL)", name="room_has_venue"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[Name]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    room_type_id: Mapped[int | None] = mapped_column(ForeignKey("room_type.id"))
    capacity: Mapped[int] = mapped_column(SmallInteger, default=1)
    sort_order: Mapped[int] = mapped_column(SmallInteger, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    # All columns are read at once: a room's own would otherwise cost a statement per room.
    __mapper_args__ = {  # noqa: RUF012
        "polymorphic_on": "kind",
        "polymorphic_abstract": True,
        "with_polymorphic": "*",
        "version_id_col": version,
    }


class Room(Resource):
    """A treatment room; `capacity` is how many guests one booking may bring into it."""

    __mapper_args__ = {"polymorphic_identity": "room"}  # noqa: RUF012

    name_en: Mapped[str | None] = mapped_column(String(200))
    room_type: Mapped[RoomType | None] = relationship()


class Person(Resource):
    """The time of one member of staff."""

    __mapper_args__ = {"polymorphic_identity": "person"}  # noqa: RUF012
