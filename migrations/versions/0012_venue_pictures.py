"""Pictures of venues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("venue") as batch_op:
        batch_op.add_column(sa.Column("picture", sa.String(length=12), nullable=True))
        batch_op.create_check_constraint(op.f("ck_venue_picture_length"), "length(picture) <= 12")
    op.create_table(
        "venue_picture",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_venue_picture_venue_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_venue_picture_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_picture")),
        sa.UniqueConstraint("uuid", name=op.f("uq_venue_picture_uuid")),
        sa.UniqueConstraint("venue_id", name=op.f("uq_venue_picture_venue_id")),
    )
    op.create_index(op.f("ix_venue_picture_organisation_id"), "venue_picture", ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("venue_picture")
    with op.batch_alter_table("venue") as batch_op:
        batch_op.drop_constraint(op.f("ck_venue_picture_length"), type_="check")
        batch_op.drop_column("picture")
