"""What a therapist who came too late would like to be asked first the next time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.member import StaffMember
from portal.models.treatment import Treatment
from portal.models.venue import Venue


class OfferWish(VenueOwned, Base):
    """Until `ends_at` she is asked of this treatment with the first wave, whatever her rank.

    It is gone with the first one that she gets. Gender, skill and time decide as ever.
    """

    __tablename__ = "offer_wish"
    __table_args__ = (UniqueConstraint("member_id", "treatment_id"),)

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    treatment_id: Mapped[int] = mapped_column(ForeignKey("treatment.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)
    ends_at: Mapped[datetime]

    member: Mapped[StaffMember] = relationship()
    treatment: Mapped[Treatment] = relationship()
    venue: Mapped[Venue] = relationship()
