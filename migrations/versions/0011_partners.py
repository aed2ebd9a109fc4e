"""Partners with their keys, quotas and last calls. Every key belongs to one: those of today to partners of their names."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "partner",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_partner_name_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_partner_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_partner_organisation_id_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_partner_uuid")),
    )
    op.create_index(op.f("ix_partner_organisation_id"), "partner", ["organisation_id"], unique=False)
    op.create_table(
        "partner_quota",
        sa.Column("id", KEY, nullable=False),
        sa.Column("partner_id", KEY, nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("places", sa.SmallInteger(), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("(weekday IS NULL) <> (day IS NULL)", name=op.f("ck_partner_quota_weekday_or_day")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_partner_quota_weekday_range")),
        sa.CheckConstraint("places BETWEEN 0 AND 999", name=op.f("ck_partner_quota_places_range")),
        sa.CheckConstraint("day IS NOT NULL OR places IS NOT NULL", name=op.f("ck_partner_quota_weekday_has_places")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_partner_quota_organisation_id")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_quota_partner_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_partner_quota_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_quota")),
        sa.UniqueConstraint(
            "partner_id", "venue_id", "weekday", name=op.f("uq_partner_quota_partner_id_venue_id_weekday")
        ),
        sa.UniqueConstraint("partner_id", "venue_id", "day", name=op.f("uq_partner_quota_partner_id_venue_id_day")),
    )
    op.create_index(op.f("ix_partner_quota_organisation_id"), "partner_quota", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_partner_quota_venue_id"), "partner_quota", ["venue_id"], unique=False)
    op.create_table(
        "api_call",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("api_key_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=True),
        sa.Column("duration_ms", KEY, nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("booking", sa.Uuid(), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(code) <= 120", name=op.f("ck_api_call_code_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_api_call_external_id_length")),
        sa.CheckConstraint("length(method) <= 10", name=op.f("ck_api_call_method_length")),
        sa.CheckConstraint("length(path) <= 400", name=op.f("ck_api_call_path_length")),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_api_call_api_key_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_api_call_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_call")),
        sa.UniqueConstraint("uuid", name=op.f("uq_api_call_uuid")),
    )
    op.create_index(op.f("ix_api_call_api_key_id_id"), "api_call", ["api_key_id", "id"], unique=False)
    op.create_index(op.f("ix_api_call_booking"), "api_call", ["booking"], unique=False)
    op.create_index(op.f("ix_api_call_organisation_id"), "api_call", ["organisation_id"], unique=False)
    with op.batch_alter_table("api_key") as batch_op:
        batch_op.add_column(sa.Column("partner_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("created_by_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
    _give_partners(op.get_bind())
    with op.batch_alter_table("api_key") as batch_op:
        batch_op.alter_column("partner_id", existing_type=KEY, nullable=False)
        batch_op.create_foreign_key(op.f("fk_api_key_partner_id"), "partner", ["partner_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_api_key_created_by_id"), "staff_member", ["created_by_id"], ["id"])
        batch_op.create_index(op.f("ix_api_key_partner_id"), ["partner_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("api_key") as batch_op:
        batch_op.drop_index(op.f("ix_api_key_partner_id"))
        batch_op.drop_constraint(op.f("fk_api_key_created_by_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_api_key_partner_id"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("created_by_id")
        batch_op.drop_column("partner_id")
    op.drop_table("api_call")
    op.drop_table("partner_quota")
    op.drop_table("partner")


def _give_partners(bind: sa.Connection) -> None:
    key = sa.table("api_key", *(sa.column(name) for name in ("organisation_id", "name", "partner_id")))
    partner = sa.table(
        "partner", sa.column("id"), sa.column("uuid", sa.Uuid()), sa.column("name"),
        sa.column("created_at", sa.DateTime(timezone=True)), sa.column("version"), sa.column("organisation_id"),
    )  # fmt: skip
    named = sa.select(key.c.organisation_id, key.c.name).distinct()
    for organisation_id, name in bind.execute(named).all():
        values = {"uuid": uuid.uuid4(), "name": name, "version": 1, "organisation_id": organisation_id}
        bind.execute(partner.insert().values(**values, created_at=datetime.now(UTC)))
        mine = (partner.c.organisation_id == organisation_id) & (partner.c.name == name)
        one = sa.select(partner.c.id).where(mine).scalar_subquery()
        hers = (key.c.organisation_id == organisation_id) & (key.c.name == name)
        bind.execute(sa.update(key).where(hers).values(partner_id=one))
