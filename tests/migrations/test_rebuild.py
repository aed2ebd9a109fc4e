"""SQLite changes a column by rebuilding its table: neither rows that point at it nor the guards may be lost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from portal import guards
from portal.database import db
from portal.sqlite import foreign_keys_off
from tests.bookings.conftest import Book, book
from tests.factories import House, make_customer

__all__ = ["book"]


def test_a_rebuilt_table_keeps_the_rows_that_point_at_it(house: House, book: Book) -> None:
    guest = make_customer(house.organisation)
    book("10:00", customer=guest)
    db.session.remove()

    with db.engine.connect().execution_options(thermes_write=True) as connection, foreign_keys_off(connection):
        with connection.begin():
            operations = Operations(MigrationContext.configure(connection))
            for table in ("customer", "claim"):
                with operations.batch_alter_table(table, recreate="auto") as batch:
                    batch.add_column(sa.Column("probe", sa.Integer(), nullable=True))
                    batch.alter_column("probe", type_=sa.BigInteger())
            guards.install(connection)
        assert guards.missing(connection) == []
        assert connection.scalar(text("SELECT count(*) FROM booking JOIN customer ON customer.id = customer_id")) == 1
        assert connection.scalar(text("SELECT count(*) FROM claim")) == 1
        connection.rollback()
        with connection.begin():
            operations = Operations(MigrationContext.configure(connection))
            for table in ("customer", "claim"):
                with operations.batch_alter_table(table) as batch:
                    batch.drop_column("probe")
            guards.install(connection)
