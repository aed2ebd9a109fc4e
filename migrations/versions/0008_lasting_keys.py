"""On SQLite the key of a guest who is gone is never given to another one, as it never is on PostgreSQL."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(autoincrement=True)


def downgrade() -> None:
    _rebuild(autoincrement=False)


def _rebuild(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("customer", recreate="always", table_kwargs={"sqlite_autoincrement": autoincrement}):
            pass
