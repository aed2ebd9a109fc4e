"""A booking item broadcast to one therapist."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, PublicId, VenueOwned
from portal.models.booking_item import BookingItem
from portal.models.member import StaffMember

if TYPE_CHECKING:
    from portal.models.proposal import CounterProposal

OPEN, ACCEPTED, DECLINED, WITHDRAWN, TAKEN, CANCELLED = (
    "open",
    "accepted",
    "declined",
    "withdrawn",
    "taken",
    "cancelled",
)


# The wave of the therapist whom the guest asked for; the ranks of a venue begin at 1.
REQUESTED = 0
# Why an offer is for her in particular.
BECAUSE_REQUESTED, BECAUSE_REGULAR, BECAUSE_WISHED = "requested", "regular", "wished"
# The reason of an offer that the desk has taken back from her: the waves to come leave her out.
BY_DESK = "desk"
# The reasons of an offer that went away because she cannot take it any more: she treats somebody then, is away, keeps
# the time for something else, does not work, is too late from or for another venue, or does not do the treatment.
BUSY, AWAY, BLOCKED, OFF, FAR, UNSKILLED = "busy", "away", "blocked", "off", "far", "unskilled"
UNABLE = frozenset({BUSY, AWAY, BLOCKED, OFF, FAR, UNSKILLED})


class Offer(VenueOwned, Base):
    """What one therapist was asked. `rank` is the wave it belongs to; `closed_at` when nothing is left to answer.

    Wave REQUESTED comes before all ranks: it is the therapist whom the guest asked for. `because` says why it is for
    her in particular: the guest asked for her, she treats this guest as a rule, or she wished to be asked first.

    open → accepted | declined | taken (by colleagues) | cancelled (the booking went away, the desk took it back, or she
    cannot take it any more: see `reason`); accepted → withdrawn.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("item_id", "member_id"),
        CheckConstraint(
            "status IN ('open', 'accepted', 'declined', 'withdrawn', 'taken', 'cancelled')", name="status_known"
        ),
        CheckConstraint("because IS NULL OR because IN ('requested', 'regular', 'wished')", name="because_known"),
        Index(None, "member_id", "status"),
        # The worker looks for open ones every two seconds, among all that ever were.
        Index(
            "ix_offer_open",
            "item_id",
            postgresql_where=text("status = 'open'"),
            sqlite_where=text("status = 'open'"),
        ),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    item_id: Mapped[int] = mapped_column(ForeignKey("booking_item.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    rank: Mapped[int] = mapped_column(SmallInteger, default=1)
    status: Mapped[str] = mapped_column(String(20), default=OPEN)
    because: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime] = mapped_column(default=now)
    delivered_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    item: Mapped[BookingItem] = relationship(back_populates="offers")
    member: Mapped[StaffMember] = relationship()
    # The other time that she suggests, as long as it waits: whatever closes the offer closes it too.
    proposal: Mapped[CounterProposal | None] = relationship(
        primaryjoin="and_(CounterProposal.offer_id == Offer.id, CounterProposal.status == 'open')",
        uselist=False,
        viewonly=True,
    )

    @property
    def is_open(self) -> bool:
        return self.status == OPEN

    @property
    def was_refused_by_her(self) -> bool:
        """She declined or gave it back: she is not asked again."""
        return self.status in {DECLINED, WITHDRAWN}

    @property
    def was_taken_back(self) -> bool:
        """The desk does not want her to be asked, until it says so."""
        return self.status == CANCELLED and self.reason == BY_DESK

    @property
    def was_given_up(self) -> bool:
        """She could not take it any more; when she can again, she may be asked again."""
        return self.status == CANCELLED and self.reason in UNABLE

    @property
    def was_missed(self) -> bool:
        """A colleague was faster: it was never hers."""
        return self.status == TAKEN and self.answered_at is None

    @property
    def may_suggest(self) -> bool:
        """Whether she may name another time: also when something else of hers has come in between."""
        return self.is_open or (self.was_given_up and self.reason in {BUSY, BLOCKED, FAR})

    def see(self, *, at: datetime) -> None:
        """She has it before her eyes; the first time counts."""
        self.seen_at = self.seen_at or at
        self.delivered_at = self.delivered_at or at

    def deliver(self, *, at: datetime) -> None:
        """A device of hers has shown it; the first time counts."""
        self.delivered_at = self.delivered_at or at

    def accept(self, *, at: datetime) -> None:
        self.reason = None
        self._answer(ACCEPTED, at)

    def decline(self, *, at: datetime, reason: str | None = None) -> None:
        self.reason = reason
        self._answer(DECLINED, at)

    def withdraw(self, *, at: datetime) -> None:
        self._answer(WITHDRAWN, at)

    def reopen(self, *, at: datetime, rank: int | None = None) -> None:
        """Ask again, as if for the first time: a colleague stepped back, or the time is another one. What she refused
        stays refused.
        """
        if not self.was_refused_by_her:
            self.status, self.sent_at, self.rank = OPEN, at, self.rank if rank is None else rank
            self.reason = self.delivered_at = self.seen_at = self.answered_at = self.closed_at = None
            self._drop_proposal(at)

    def take_back(self, *, at: datetime) -> None:
        """The desk does not want her answer any more."""
        self.reason = BY_DESK
        self.close(CANCELLED, at=at)

    def give_up(self, why: str, *, at: datetime) -> None:
        """She cannot take it any more, for one of the reasons UNABLE."""
        self.reason = why
        self.close(CANCELLED, at=at)

    def take_up(self) -> None:
        """What she had given up is open again; harmless when it is open."""
        if self.was_given_up:
            self.status, self.reason, self.closed_at = OPEN, None, None

    def close(self, status: str, *, at: datetime) -> None:
        """Nothing is left to answer: `taken` by colleagues, or `cancelled` with its booking."""
        self.status, self.closed_at = status, at
        self._drop_proposal(at)

    def _answer(self, status: str, at: datetime) -> None:
        self.status, self.answered_at, self.closed_at = status, at, at
        self._drop_proposal(at)

    def _drop_proposal(self, at: datetime) -> None:
        if self.proposal is not None:
            self.proposal.close("withdrawn", at=at)
