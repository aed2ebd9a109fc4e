"""The guest, who belongs to the organisation: one person, one row, at all its venues."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    delete,
    event,
    false,
    insert,
    inspect,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId
from portal.folding import fold
from portal.models.customer_key import CustomerKey, key_rows

if TYPE_CHECKING:
    from portal.models.member import StaffMember

BLOCKED, DEPOSIT = "blocked", "deposit"
_LONGEST = 400
_FOUND_BY = ("name_key", "phone", "email_key")
_OrderText = String(_LONGEST).with_variant(String(_LONGEST, collation="C"), "postgresql")


class Customer(OrganisationOwned, Base):
    """A guest. `phone` is E.164; the texts she is compared, listed and found by follow from her name and address.

    `preferences` are what she likes: pressure, areas to avoid, oil, music … Nothing about her health stands there.
    `email_consent` and `sms_consent` are what holds now of the ledger of consents to marketing.
    """

    __tablename__ = "customer"
    __table_args__ = (
        CheckConstraint("language IN ('fr', 'en')", name="language_known"),
        CheckConstraint("flag IN ('blocked', 'deposit')", name="flag_known"),
        CheckConstraint(
            "(flag IS NULL) = (flag_reason IS NULL) AND (flag IS NULL) = (flagged_at IS NULL)", name="flag_has_reason"
        ),
        Index("uq_customer_phone", "organisation_id", "phone", unique=True),
        Index(None, "organisation_id", "email_key"),
        Index(None, "organisation_id", "name_key"),
        Index(None, "organisation_id", "order_key", "id"),
        # Whoever still knows the key of a guest who is gone must find nobody, never somebody else.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(255))
    email_key: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(20))
    name_key: Mapped[str] = mapped_column(String(_LONGEST), default="")
    order_key: Mapped[str] = mapped_column(_OrderText, default="", server_default="")
    language: Mapped[str] = mapped_column(String(2), default="fr")
    preferred_treatment_type: Mapped[str | None] = mapped_column(String(40))
    preferred_therapist_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    email_consent: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    sms_consent: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    flag: Mapped[str | None] = mapped_column(String(10))
    flag_reason: Mapped[str | None] = mapped_column(String(300))
    flagged_at: Mapped[datetime | None]
    flagged_by_name: Mapped[str | None] = mapped_column(String(200))
    deactivated_at: Mapped[datetime | None]
    profile_completed: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    preferred_therapist: Mapped[StaffMember | None] = relationship()

    @property
    def name(self) -> str:
        """First and last name, as far as known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def is_blocked(self) -> bool:
        return self.flag == BLOCKED

    @property
    def owes_deposit(self) -> bool:
        """Whether she must leave a deposit whatever the treatment asks for."""
        return self.flag == DEPOSIT

    def agrees_to(self, channel: str) -> bool:
        """Whether she may be sent marketing by `email` or `sms`; what is about her bookings she is told anyway."""
        return self.email_consent if channel == "email" else self.sms_consent

    def agree(self, channel: str, given: bool) -> None:
        """What holds from now on; the line of the ledger is written with it."""
        if channel == "email":
            self.email_consent = given
        else:
            self.sms_consent = given

    def raise_flag(self, flag: str, *, reason: str, by_name: str, at: datetime) -> None:
        """From now on she is refused (`blocked`) or asked for a deposit; who decided it and why stands beside it."""
        self.flag, self.flag_reason, self.flagged_at, self.flagged_by_name = flag, reason, at, by_name

    def lower_flag(self) -> None:
        """She is a guest like any other again; harmless when she was."""
        self.flag = self.flag_reason = self.flagged_at = self.flagged_by_name = None


def compared_as(first_name: str | None, last_name: str | None, email: str | None) -> dict[str, Any]:
    """The columns that a guest is compared and listed by: `helene dupont`, `dupont helene`, the folded address."""
    return {
        "name_key": fold(f"{first_name or ''} {last_name or ''}")[:_LONGEST],
        "order_key": fold(f"{last_name or ''} {first_name or ''}")[:_LONGEST],
        "email_key": email.casefold()[:255] if email else None,
    }


@event.listens_for(Customer, "before_insert")
@event.listens_for(Customer, "before_update")
def _compare(_mapper: Mapper[Customer], _connection: Connection, customer: Customer) -> None:
    for name, value in compared_as(customer.first_name, customer.last_name, customer.email).items():
        if getattr(customer, name) != value:
            setattr(customer, name, value)


@event.listens_for(Customer, "after_insert")
def _find_her(_mapper: Mapper[Customer], connection: Connection, customer: Customer) -> None:
    make_findable(connection, customer)


@event.listens_for(Customer, "after_update")
def _find_her_anew(_mapper: Mapper[Customer], connection: Connection, customer: Customer) -> None:
    state = inspect(customer)
    if any(state.attrs[name].history.has_changes() for name in _FOUND_BY):
        connection.execute(delete(CustomerKey).where(CustomerKey.customer_id == customer.id))
        make_findable(connection, customer)


def make_findable(connection: Connection, customer: Customer) -> None:
    """Write what a stored guest who has no keys yet is found by: done by itself but for bulk insertions."""
    if rows := key_rows(customer):
        connection.execute(insert(CustomerKey), rows)
