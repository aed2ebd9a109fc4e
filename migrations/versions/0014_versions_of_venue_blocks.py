"""Blocks of a whole venue are edited by several people: each knows which state it is in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("venue_block") as batch_op:
        batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
        batch_op.create_check_constraint(op.f("ck_venue_block_last_after_first"), "last_day >= first_day")


def downgrade() -> None:
    with op.batch_alter_table("venue_block") as batch_op:
        batch_op.drop_constraint(op.f("ck_venue_block_last_after_first"), type_="check")
        batch_op.drop_column("version")
