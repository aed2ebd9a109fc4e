"""Whether a guest was booked at a venue is asked for every line of a list."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booking") as batch_op:
        batch_op.create_index(op.f("ix_booking_customer_id_venue_id"), ["customer_id", "venue_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("booking") as batch_op:
        batch_op.drop_index(op.f("ix_booking_customer_id_venue_id"))
