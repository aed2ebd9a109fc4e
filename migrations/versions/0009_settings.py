"""The venue's own settings: versions for what two people may edit at once, and words that are known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VERSIONED = ("venue", "resource", "room_type", "treatment", "variant")
WORDINGS = {
    "massage_wording_known": "massage_wording IN ('massage', 'modelage')",
    "deposit_wording_known": "deposit_wording IN ('arrhes', 'acompte')",
}


def upgrade() -> None:
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
