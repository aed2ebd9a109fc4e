"""The rota: drafts, weekly patterns, and shifts of one person that never overlap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from portal import guards

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DAY = timedelta(hours=24)
SHIFT = sa.table(
    "shift",
    *[sa.column(name, sa.BigInteger()) for name in ("id", "member_id", "venue_id")],
    *[sa.column(name, sa.DateTime(timezone=True)) for name in ("starts_at", "ends_at")],
    sa.column("end_time", sa.Time()),
    sa.column("status", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "rota_template",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("weeks", sa.SmallInteger(), nullable=False),
        sa.Column("pattern", sa.JSON(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("weeks BETWEEN 1 AND 4", name=op.f("ck_rota_template_weeks_range")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_rota_template_until_after_from")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_rota_template_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rota_template_organisation_id")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_rota_template_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_template")),
        sa.UniqueConstraint("uuid", name=op.f("uq_rota_template_uuid")),
    )
    for columns in (["member_id"], ["organisation_id"], ["venue_id"], ["venue_id", "member_id"]):
        op.create_index(op.f(f"ix_rota_template_{'_'.join(columns)}"), "rota_template", columns, unique=False)
    with op.batch_alter_table("shift") as batch_op:
        batch_op.add_column(sa.Column("status", sa.String(length=10), server_default="published", nullable=False))
        batch_op.add_column(sa.Column("template_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
        batch_op.create_foreign_key(op.f("fk_shift_template_id"), "rota_template", ["template_id"], ["id"])
        batch_op.create_index(op.f("ix_shift_template_id"), ["template_id"], unique=False)
        batch_op.create_check_constraint(op.f("ck_shift_status_known"), "status IN ('draft', 'published', 'removed')")
        batch_op.create_check_constraint(op.f("ck_shift_status_length"), "length(status) <= 10")
    _make_disjoint(op.get_bind())


def downgrade() -> None:
    bind = op.get_bind()
    guards.remove(bind, guards.SHIFTS)
    gone = sa.select(SHIFT.c.id).where(SHIFT.c.status != "published")
    swap = sa.table("shift_swap", sa.column("shift_id"), sa.column("other_shift_id"))
    bind.execute(sa.delete(swap).where(sa.or_(swap.c.shift_id.in_(gone), swap.c.other_shift_id.in_(gone))))
    bind.execute(sa.delete(SHIFT).where(SHIFT.c.status != "published"))
    with op.batch_alter_table("shift") as batch_op:
        batch_op.drop_constraint(op.f("ck_shift_status_length"), type_="check")
        batch_op.drop_constraint(op.f("ck_shift_status_known"), type_="check")
        batch_op.drop_constraint(op.f("fk_shift_template_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_shift_template_id"))
        batch_op.drop_column("version")
        batch_op.drop_column("template_id")
        batch_op.drop_column("status")
    op.drop_table("rota_template")


def _make_disjoint(bind: sa.Connection) -> None:
    """Shifts that overlapped until now become one where they are at the same venue; else the earlier one stays."""
    columns = (SHIFT.c.id, SHIFT.c.member_id, SHIFT.c.venue_id, SHIFT.c.starts_at, SHIFT.c.ends_at, SHIFT.c.end_time)
    kept: dict[int, dict[str, Any]] = {}
    found = bind.execute(sa.select(*columns).order_by(SHIFT.c.member_id, SHIFT.c.starts_at, SHIFT.c.id)).mappings()
    for row in [dict(one) for one in found]:
        before = kept.get(row["member_id"])
        if row["ends_at"] - row["starts_at"] > DAY:
            row["ends_at"] = row["starts_at"] + DAY
            bind.execute(sa.update(SHIFT).where(SHIFT.c.id == row["id"]).values(ends_at=row["ends_at"]))
        if before is None or row["starts_at"] >= before["ends_at"]:
            kept[row["member_id"]] = row
            continue
        reaches_on = row["venue_id"] == before["venue_id"] and row["ends_at"] > before["ends_at"]
        if reaches_on and row["ends_at"] - before["starts_at"] <= DAY:
            before |= {"ends_at": row["ends_at"], "end_time": row["end_time"]}
            longer = {"ends_at": before["ends_at"], "end_time": before["end_time"]}
            bind.execute(sa.update(SHIFT).where(SHIFT.c.id == before["id"]).values(longer))
        bind.execute(sa.update(SHIFT).where(SHIFT.c.id == row["id"]).values(status="removed"))
