"""What a therapist who came too late would like to be asked first the next time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REASONS, BEFORE = "'requested', 'regular', 'wished'", "'requested', 'regular'"


def upgrade() -> None:
    op.create_table(
        "offer_wish",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("treatment_id", KEY, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_offer_wish_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_offer_wish_organisation_id")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name=op.f("fk_offer_wish_treatment_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_offer_wish_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_wish")),
        sa.UniqueConstraint("member_id", "treatment_id", name=op.f("uq_offer_wish_member_id_treatment_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_offer_wish_uuid")),
    )
    op.create_index(op.f("ix_offer_wish_organisation_id"), "offer_wish", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_offer_wish_treatment_id"), "offer_wish", ["treatment_id"], unique=False)
    op.create_index(op.f("ix_offer_wish_venue_id"), "offer_wish", ["venue_id"], unique=False)
    _reasons(REASONS)


def downgrade() -> None:
    op.execute(sa.text("UPDATE offer SET because = NULL WHERE because = 'wished'"))
    _reasons(BEFORE)
    op.drop_table("offer_wish")


def _reasons(known: str) -> None:
    with op.batch_alter_table("offer") as batch_op:
        batch_op.drop_constraint(op.f("ck_offer_because_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_offer_because_known"), f"because IS NULL OR because IN ({known})")
