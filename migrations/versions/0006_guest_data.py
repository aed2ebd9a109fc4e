"""Guests who are there twice, and files of guests: what was merged, who is somebody else, imports and their lines."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = re.compile(r"[^\W_]+")
HEARD = str.maketrans("bfpvcgkqsxzjdtlmnr", "bbbbccccccccddlmmr")


def upgrade() -> None:
    op.create_table(
        "guest_import",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("delimiter", sa.String(length=1), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("sample", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("total", KEY, nullable=False),
        sa.Column("processed", KEY, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "status IN ('mapping', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_guest_import_status_known"),
        ),
        sa.CheckConstraint("length(by_name) <= 200", name=op.f("ck_guest_import_by_name_length")),
        sa.CheckConstraint("length(delimiter) <= 1", name=op.f("ck_guest_import_delimiter_length")),
        sa.CheckConstraint("length(encoding) <= 20", name=op.f("ck_guest_import_encoding_length")),
        sa.CheckConstraint("length(file_name) <= 200", name=op.f("ck_guest_import_file_name_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_guest_import_status_length")),
        sa.CheckConstraint("processed BETWEEN 0 AND total", name=op.f("ck_guest_import_processed_range")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_guest_import_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_guest_import_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_guest_import_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_import")),
        sa.UniqueConstraint("uuid", name=op.f("uq_guest_import_uuid")),
    )
    op.create_index(op.f("ix_guest_import_organisation_id"), "guest_import", ["organisation_id"], unique=False)
    op.create_index(
        op.f("ix_guest_import_organisation_id_created_at"),
        "guest_import",
        ["organisation_id", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_guest_import_venue_id"), "guest_import", ["venue_id"], unique=False)
    op.create_index(
        "ix_guest_import_waiting",
        "guest_import",
        ["id"],
        unique=False,
        postgresql_where=sa.text("status IN ('checking', 'running')"),
        sqlite_where=sa.text("status IN ('checking', 'running')"),
    )
    op.create_table(
        "customer_apart",
        sa.Column("id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("other_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("customer_id <> other_id", name=op.f("ck_customer_apart_two_people")),
        sa.CheckConstraint("length(by_name) <= 200", name=op.f("ck_customer_apart_by_name_length")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_apart_customer_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_customer_apart_organisation_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["customer.id"], name=op.f("fk_customer_apart_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_apart")),
        sa.UniqueConstraint("customer_id", "other_id", name=op.f("uq_customer_apart_customer_id_other_id")),
    )
    op.create_index(op.f("ix_customer_apart_organisation_id"), "customer_apart", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_customer_apart_other_id"), "customer_apart", ["other_id"], unique=False)
    op.create_table(
        "guest_import_line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "action IN ('create', 'update', 'same', 'error')", name=op.f("ck_guest_import_line_action_known")
        ),
        sa.CheckConstraint("length(action) <= 10", name=op.f("ck_guest_import_line_action_length")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_guest_import_line_customer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["guest_import.id"], name=op.f("fk_guest_import_line_import_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_guest_import_line_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_import_line")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_guest_import_line_import_id_number")),
    )
    op.create_index(op.f("ix_guest_import_line_customer_id"), "guest_import_line", ["customer_id"], unique=False)
    op.create_index(
        op.f("ix_guest_import_line_import_id_action_number"),
        "guest_import_line",
        ["import_id", "action", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_guest_import_line_organisation_id"), "guest_import_line", ["organisation_id"], unique=False
    )
    op.create_table(
        "guest_merge",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("lost", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(by_name) <= 200", name=op.f("ck_guest_merge_by_name_length")),
        sa.CheckConstraint("length(phone) <= 20", name=op.f("ck_guest_merge_phone_length")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_guest_merge_customer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_guest_merge_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_merge")),
        sa.UniqueConstraint("uuid", name=op.f("uq_guest_merge_uuid")),
    )
    op.create_index(op.f("ix_guest_merge_customer_id"), "guest_merge", ["customer_id"], unique=False)
    op.create_index(op.f("ix_guest_merge_organisation_id"), "guest_merge", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_guest_merge_organisation_id_at"), "guest_merge", ["organisation_id", "at"], unique=False)
    op.create_index(
        "uq_guest_merge_lost",
        "guest_merge",
        ["lost"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
        sqlite_where=sa.text("undone_at IS NULL"),
    )
    op.create_index("uq_guest_merge_phone", "guest_merge", ["organisation_id", "phone"], unique=True)

    _make_comparable(op.get_bind())


def downgrade() -> None:
    op.drop_table("guest_merge")
    op.drop_table("guest_import_line")
    op.drop_table("customer_apart")
    op.drop_table("guest_import")
    op.execute("DELETE FROM customer_key WHERE key LIKE 's%' OR key LIKE 't%'")


def _make_comparable(connection: sa.Connection) -> None:
    """By what guests of today are noticed who are there twice; the texts are the application's of this revision."""
    customer = sa.table("customer", *(sa.column(name) for name in ("id", "organisation_id", "phone", "name_key")))
    key = sa.table("customer_key", *(sa.column(name) for name in ("customer_id", "key", "organisation_id")))
    last = 0
    while guests := connection.execute(
        sa.select(customer).where(customer.c.id > last).order_by(customer.c.id).limit(2000)
    ).all():
        last = guests[-1].id
        rows: list[dict[str, Any]] = [
            {"customer_id": one.id, "organisation_id": one.organisation_id, "key": text}
            for one in guests
            for text in sorted(_alike(one.name_key, (one.phone or "").lstrip("+")))
        ]
        if rows:
            connection.execute(key.insert(), rows)


def _alike(name_key: str, digits: str) -> set[str]:
    found = {"s" + _sound(name_key)} if WORD.search(name_key) else set()
    found |= {"t" + digits[-8:]} if len(digits) > 8 else set()
    return {text[:64] for text in found}


def _sound(folded: str) -> str:
    words = WORD.findall(folded)
    heard = sorted(map(_heard, words))
    return " ".join(sorted(words) if sum(map(len, heard)) < 4 else heard)


def _heard(word: str) -> str:
    letters = word.replace("ph", "f").lstrip("h") or word
    begins = "a" if letters[0] in "aeiouy" else ""
    rest = "".join(letter for letter in letters.translate(HEARD) if letter not in "aeiouyhw")
    return begins + "".join(letter for place, letter in enumerate(rest) if place == 0 or letter != rest[place - 1])
