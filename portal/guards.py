"""The schema's own word on «never two at once»: overlapping rows of one resource or person are refused.

Active claims of one resource do not overlap, nor do shifts of one person that stand; none lasts longer than a day.
PostgreSQL has exclusion constraints. SQLite has two triggers each with the same name in their message; Alembic's batch
rebuild of a table drops them silently, so they are installed again after every migration.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

NO_OVERLAP = "ex_claim_no_overlap"
NO_SHIFT_OVERLAP = "ex_shift_no_overlap"


@dataclass(frozen=True, slots=True)
class Guard:
    """Rows of `table` with the same `who` never overlap while `holds` is true; `watched` are the columns that decide.

    `holds` is a format: `{row}` is the row's name with a dot, or nothing.
    """

    table: str
    name: str
    who: str
    holds: str
    watched: str

    @property
    def length(self) -> str:
        return f"ck_{self.table}_at_most_a_day"

    @property
    def triggers(self) -> tuple[str, str]:
        return f"{self.name}_insert", f"{self.name}_update"

    def postgresql(self) -> tuple[str, str]:
        """No extension is needed: a bigint becomes the range [id, id], which GiST indexes natively."""
        overlap = "int8range({who}, {who}, '[]') WITH &&, tstzrange(starts_at, ends_at, '[)') WITH &&"
        excluded = f"EXCLUDE USING gist ({overlap.format(who=self.who)}) WHERE ({self.holds.format(row='')})"
        short = "CHECK (ends_at - starts_at <= interval '24 hours')"
        return (
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} {excluded}",
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.length} {short}",
        )

    def sqlite(self) -> tuple[str, str]:
        """The bound of one day back needs the length check that both triggers repeat."""
        body = f"""
BEGIN
  SELECT RAISE(ABORT, '{self.length}')
   WHERE julianday(NEW.ends_at) - julianday(NEW.starts_at) > 1.00001;
  SELECT RAISE(ABORT, '{self.name}') WHERE {self.holds.format(row="NEW.")} AND EXISTS (
    SELECT 1 FROM {self.table} AS other
     WHERE other.{self.who} = NEW.{self.who} AND {self.holds.format(row="other.")} AND other.id IS NOT NEW.id
       AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
       AND other.starts_at >= strftime('%Y-%m-%d %H:%M:%S', NEW.starts_at, '-1 day', '-1 second'));
END
"""  # noqa: S608  (the names are those below)
        insert, update = self.triggers
        return (
            f"CREATE TRIGGER IF NOT EXISTS {insert} AFTER INSERT ON {self.table} " + body,
            f"CREATE TRIGGER IF NOT EXISTS {update} AFTER UPDATE OF {self.watched} ON {self.table} " + body,
        )


CLAIMS = Guard(
    table="claim",
    name=NO_OVERLAP,
    who="resource_id",
    holds="{row}active AND NOT {row}overbooked",
    watched="resource_id, starts_at, ends_at, active, overbooked",
)
# A draft takes time as well: the plan must be one that can be published.
SHIFTS = Guard(
    table="shift",
    name=NO_SHIFT_OVERLAP,
    who="member_id",
    holds="{row}status <> 'removed'",
    watched="member_id, starts_at, ends_at, status",
)
GUARDS = (CLAIMS, SHIFTS)
# Indexes of theirs, which belong to no model.
INDEXES = frozenset(guard.name for guard in GUARDS)


def install(connection: Connection) -> None:
    """Make sure the guards stand on this database; harmless when they do."""
    for guard in GUARDS:
        if not _can_stand(connection, guard):
            continue
        if connection.dialect.name == "sqlite":
            for statement in guard.sqlite():
                connection.exec_driver_sql(statement)
        else:
            absent = _absent(connection, guard)
            for name, statement in zip((guard.name, guard.length), guard.postgresql(), strict=True):
                if name in absent:
                    connection.exec_driver_sql(statement)


def remove(connection: Connection, *guards: Guard) -> None:
    """Take the guards away: for the negative control of the race tests, and before a table is dropped."""
    for guard in guards or GUARDS:
        if connection.dialect.name == "sqlite":
            for name in guard.triggers:
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        elif inspect(connection).has_table(guard.table):
            for name in (guard.name, guard.length):
                connection.exec_driver_sql(f"ALTER TABLE {guard.table} DROP CONSTRAINT IF EXISTS {name}")


def missing(connection: Connection) -> list[str]:
    """Names of the guards that should stand and do not."""
    return [name for guard in GUARDS if _can_stand(connection, guard) for name in _absent(connection, guard)]


def _can_stand(connection: Connection, guard: Guard) -> bool:
    """An older schema has no table or no column to guard."""
    look = inspect(connection)
    if not look.has_table(guard.table):
        return False
    columns = {column["name"] for column in look.get_columns(guard.table)}
    return {name.strip() for name in guard.watched.split(",")} <= columns


def _absent(connection: Connection, guard: Guard) -> list[str]:
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        expected = list(guard.triggers)
    else:
        table = text("SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(:table)")
        found = connection.execute(table, {"table": guard.table})
        expected = [guard.name, guard.length]
    present = set(found.scalars())
    return [name for name in expected if name not in present]
