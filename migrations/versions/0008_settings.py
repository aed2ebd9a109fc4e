"""The venue's own settings: versions for what two people may edit at once, and the venue's picture."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERSIONED = ("venue", "resource", "room_type", "treatment", "variant")
WORDINGS = {
    "massage_wording_known": "massage_wording IN ('massage', 'modelage')",
    "deposit_wording_known": "deposit_wording IN ('arrhes', 'acompte')",
}


def upgrade() -> None:
    op.create_table(
        "venue_picture",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("width", KEY, nullable=False),
        sa.Column("height", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("width >= 1 AND height >= 1", name=op.f("ck_venue_picture_size_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_venue_picture_organisation_id")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_venue_picture_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_picture")),
        sa.UniqueConstraint("uuid", name=op.f("uq_venue_picture_uuid")),
    )
    op.create_index(op.f("ix_venue_picture_organisation_id"), "venue_picture", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_venue_picture_venue_id"), "venue_picture", ["venue_id"], unique=False)

    for table in VERSIONED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
            if table == "venue":
                for name, rule in WORDINGS.items():
                    batch_op.create_check_constraint(op.f(f"ck_venue_{name}"), rule)


def downgrade() -> None:
    for table in reversed(VERSIONED):
        with op.batch_alter_table(table) as batch_op:
            if table == "venue":
                for name in WORDINGS:
                    batch_op.drop_constraint(op.f(f"ck_venue_{name}"), type_="check")
            batch_op.drop_column("version")

    op.drop_table("venue_picture")
