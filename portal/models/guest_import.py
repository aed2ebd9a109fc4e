"""A file of guests: read, tried, and taken over as a whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import now
from portal.database import Base, Key, OrganisationOwned, PublicId, VenueOwned
from portal.models.member import StaffMember
from portal.models.venue import Venue

MAPPING, CHECKING, CHECKED, RUNNING, DONE, FAILED, CANCELLED = (
    "mapping", "checking", "checked", "running", "done", "failed", "cancelled"
)  # fmt: skip
CREATE, UPDATE, SAME, ERROR = "create", "update", "same", "error"


class GuestImport(VenueOwned, Base):
    """mapping → checking → checked → running → done; failed and cancelled end it.

    `content` is the file as it came, gone once it is over. `header` are the names of its columns, `columns` which of
    them holds which field. `processed` counts the lines looked at, `counts` what each of them does or did. A worker
    takes it by setting `lease_until`.
    """

    __tablename__ = "guest_import"
    __table_args__ = (
        CheckConstraint(
            "status IN ('mapping', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')",
            name="status_known",
        ),
        CheckConstraint("processed BETWEEN 0 AND total", name="processed_range"),
        Index(
            "ix_guest_import_waiting",
            "id",
            postgresql_where=text("status IN ('checking', 'running')"),
            sqlite_where=text("status IN ('checking', 'running')"),
        ),
        Index(None, "organisation_id", "created_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[PublicId]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    encoding: Mapped[str] = mapped_column(String(20))
    delimiter: Mapped[str] = mapped_column(String(1))
    header: Mapped[list[str]] = mapped_column(JSON, default=list)
    sample: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    columns: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(String(10), default=MAPPING)
    total: Mapped[int] = mapped_column(default=0)
    processed: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    member: Mapped[StaffMember | None] = relationship()
    venue: Mapped[Venue] = relationship()

    @property
    def is_working(self) -> bool:
        """A worker has it, or will in a moment."""
        return self.status in {CHECKING, RUNNING}

    @property
    def is_over(self) -> bool:
        return self.status in {DONE, FAILED, CANCELLED}

    def begin_check(self, columns: dict[str, int]) -> None:
        """Its lines are to be looked at with these columns, from the first one on."""
        self.columns, self.status, self.processed, self.counts, self.attempts = columns, CHECKING, 0, {}, 0
        self.lease_until = None

    def begin_run(self) -> None:
        """What was tried is to be done."""
        self.status, self.lease_until, self.attempts = RUNNING, None, 0

    def end(self, status: str, *, at: datetime) -> None:
        """It is over; the file is not kept."""
        self.status, self.finished_at, self.content, self.lease_until, self.sample = status, at, None, None, []


class GuestImportLine(OrganisationOwned, Base):
    """What one line of the file holds and does. `faults` are the reasons why it does nothing: a field and a code."""

    __tablename__ = "guest_import_line"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        CheckConstraint("action IN ('create', 'update', 'same', 'error')", name="action_known"),
        Index(None, "import_id", "action", "number"),
    )

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(ForeignKey("guest_import.id", ondelete="CASCADE"))
    number: Mapped[int]
    action: Mapped[str] = mapped_column(String(10))
    cells: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    faults: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"), index=True)
