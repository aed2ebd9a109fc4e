"""The schema's own word on «never two at once»: overlapping active claims of one resource are refused.

PostgreSQL has an exclusion constraint. SQLite has two triggers with the same name in their message; Alembic's batch
rebuild of a table drops them silently, so they are installed again after every migration.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

NO_OVERLAP = "ex_claim_no_overlap"

# No extension needed: a bigint becomes the range [id, id], which GiST indexes natively.
POSTGRESQL = f"""
ALTER TABLE claim ADD CONSTRAINT {NO_OVERLAP} EXCLUDE USING gist (
    int8range(resource_id, resource_id, '[]') WITH &&,
    tstzrange(starts_at, ends_at, '[)') WITH &&
) WHERE (active AND NOT overbooked)
"""
POSTGRESQL_LENGTH = (
    "ALTER TABLE claim ADD CONSTRAINT ck_claim_at_most_a_day CHECK (ends_at - starts_at <= interval '24 hours')"
)

# The bound of one day back needs the length check that both triggers repeat.
_SQLITE_BODY = """
BEGIN
  SELECT RAISE(ABORT, 'ck_claim_at_most_a_day')
   WHERE julianday(NEW.ends_at) - julianday(NEW.starts_at) > 1.00001;
  SELECT RAISE(ABORT, '{name}') WHERE NEW.active AND NOT NEW.overbooked AND EXISTS (
    SELECT 1 FROM claim AS other
     WHERE other.resource_id = NEW.resource_id AND other.active AND NOT other.overbooked AND other.id IS NOT NEW.id
       AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
       AND other.starts_at >= strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-1 day', '-1 second'));
END
"""
SQLITE = (
    f"CREATE TRIGGER IF NOT EXISTS {NO_OVERLAP}_insert AFTER INSERT ON claim " + _SQLITE_BODY.format(name=NO_OVERLAP),
    f"CREATE TRIGGER IF NOT EXISTS {NO_OVERLAP}_update "
    "AFTER UPDATE OF resource_id, starts_at, ends_at, active, overbooked ON claim "
    + _SQLITE_BODY.format(name=NO_OVERLAP),
)


def install(connection: Connection) -> None:
    """Make sure the guards stand on this database; harmless when they do."""
    if not connection.dialect.has_table(connection, "claim"):
        return
    if connection.dialect.name == "sqlite":
        for statement in SQLITE:
            connection.exec_driver_sql(statement)
    elif not missing(connection):
        return
    else:
        connection.exec_driver_sql(POSTGRESQL)
        connection.exec_driver_sql(POSTGRESQL_LENGTH)


def remove(connection: Connection) -> None:
    """Take the guards away: for the negative control of the race tests, and before the table is dropped."""
    if connection.dialect.name == "sqlite":
        for name in _expected("sqlite"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    else:
        for name in _expected("postgresql"):
            connection.exec_driver_sql(f"ALTER TABLE claim DROP CONSTRAINT IF EXISTS {name}")


def missing(connection: Connection) -> list[str]:
    """Names of the guards that should stand and do not."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        found = connection.execute(text("SELECT conname FROM pg_constraint WHERE conrelid = to_regclass('claim')"))
    present = set(found.scalars())
    return [name for name in _expected(connection.dialect.name) if name not in present]


def _expected(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [f"{NO_OVERLAP}_insert", f"{NO_OVERLAP}_update"]
    return [NO_OVERLAP, "ck_claim_at_most_a_day"]
