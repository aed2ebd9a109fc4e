"""What stands in the database, as one number per table: to see that a refused or a reading request changed nothing."""

from __future__ import annotations

import hashlib

from sqlalchemy import Table, select

from portal.database import Base, db

# Refusals are allowed to leave a line here, and nowhere else.
APART = {"api_call", "audit_entry", "login_attempt", "rate_window"}
# Reading notes that a session and a key are in use.
NOTED = {("login_session", "last_seen_at"), ("api_key", "last_used_at")}

Fingerprint = dict[str, tuple[int, str]]


def _statement(table: Table) -> str:
    columns = [column for column in table.columns if (table.name, column.name) not in NOTED]
    return str(select(*columns).order_by(*table.primary_key.columns))


# Put together once, and read as the driver gives it: this is done thousands of times.
_STATEMENTS = {table.name: _statement(table) for table in Base.metadata.sorted_tables if table.name not in APART}


def fingerprint() -> Fingerprint:
    """Rows and their hash, by table."""
    connection, found = db.session.connection(), dict[str, tuple[int, str]]()
    for name, statement in _STATEMENTS.items():
        rows = [tuple(row) for row in connection.exec_driver_sql(statement)]
        found[name] = len(rows), hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()
    db.session.rollback()  # a read left open would keep SQLite's writers waiting
    return found


def changed(before: Fingerprint, after: Fingerprint) -> list[str]:
    """The tables that differ: `booking (7 → 8 rows)`."""
    return [f"{name} ({before[name][0]} → {after[name][0]} rows)" for name in after if before[name] != after[name]]
