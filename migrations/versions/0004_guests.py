"""Guests: what they are found by, notes, consents, whom they book for, flags, the therapist they prefer."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = re.compile(r"[^\W_]+")


def by_code_point(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("customer") as batch_op:
        batch_op.add_column(sa.Column("order_key", by_code_point(400), server_default="", nullable=False))
        batch_op.add_column(sa.Column("preferred_therapist_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("email_consent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("sms_consent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("flag", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("flag_reason", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("flagged_by_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
        batch_op.create_foreign_key(
            op.f("fk_customer_preferred_therapist_id"), "staff_member", ["preferred_therapist_id"], ["id"]
        )
        batch_op.create_index(
            op.f("ix_customer_organisation_id_order_key_id"), ["organisation_id", "order_key", "id"], unique=False
        )
        batch_op.create_check_constraint(op.f("ck_customer_flag_known"), "flag IN ('blocked', 'deposit')")
        batch_op.create_check_constraint(
            op.f("ck_customer_flag_has_reason"),
            "(flag IS NULL) = (flag_reason IS NULL) AND (flag IS NULL) = (flagged_at IS NULL)",
        )
        batch_op.create_check_constraint(op.f("ck_customer_order_key_length"), "length(order_key) <= 400")
        batch_op.create_check_constraint(op.f("ck_customer_flag_length"), "length(flag) <= 10")
        batch_op.create_check_constraint(op.f("ck_customer_flag_reason_length"), "length(flag_reason) <= 300")
        batch_op.create_check_constraint(op.f("ck_customer_flagged_by_name_length"), "length(flagged_by_name) <= 200")

    op.create_table(
        "customer_key",
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("key", by_code_point(64), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(key) <= 64", name=op.f("ck_customer_key_key_length")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_key_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_customer_key_organisation_id")),
        sa.PrimaryKeyConstraint("customer_id", "key", name=op.f("pk_customer_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_customer_key_organisation_id_key_customer_id"),
        "customer_key",
        ["organisation_id", "key", "customer_id"],
        unique=False,
    )

    op.create_table(
        "customer_note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("author_id", KEY, nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_customer_note_text_length")),
        sa.CheckConstraint("length(author_name) <= 200", name=op.f("ck_customer_note_author_name_length")),
        sa.ForeignKeyConstraint(["author_id"], ["staff_member.id"], name=op.f("fk_customer_note_author_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_note_customer_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_customer_note_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_note")),
        sa.UniqueConstraint("uuid", name=op.f("uq_customer_note_uuid")),
    )
    op.create_index(
        op.f("ix_customer_note_customer_id_created_at"), "customer_note", ["customer_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_customer_note_organisation_id"), "customer_note", ["organisation_id"], unique=False)

    op.create_table(
        "customer_consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("ck_customer_consent_channel_known")),
        sa.CheckConstraint(
            "way IN ('desk', 'phone', 'form', 'online', 'reply', 'partner', 'import')",
            name=op.f("ck_customer_consent_way_known"),
        ),
        sa.CheckConstraint("length(channel) <= 10", name=op.f("ck_customer_consent_channel_length")),
        sa.CheckConstraint("length(way) <= 10", name=op.f("ck_customer_consent_way_length")),
        sa.CheckConstraint("length(note) <= 300", name=op.f("ck_customer_consent_note_length")),
        sa.CheckConstraint("length(actor_name) <= 200", name=op.f("ck_customer_consent_actor_name_length")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_consent_customer_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_customer_consent_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_consent")),
        sa.UniqueConstraint("uuid", name=op.f("uq_customer_consent_uuid")),
    )
    op.create_index(op.f("ix_customer_consent_customer_id_at"), "customer_consent", ["customer_id", "at"], unique=False)
    op.create_index(op.f("ix_customer_consent_organisation_id"), "customer_consent", ["organisation_id"], unique=False)

    op.create_table(
        "customer_link",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("other_id", KEY, nullable=False),
        sa.Column("relation", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("customer_id <> other_id", name=op.f("ck_customer_link_two_people")),
        sa.CheckConstraint(
            "relation IN ('partner', 'family', 'friend', 'assistant', 'other')",
            name=op.f("ck_customer_link_relation_known"),
        ),
        sa.CheckConstraint("length(relation) <= 10", name=op.f("ck_customer_link_relation_length")),
        sa.CheckConstraint("length(created_by_name) <= 200", name=op.f("ck_customer_link_created_by_name_length")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_customer_link_customer_id")),
        sa.ForeignKeyConstraint(["other_id"], ["customer.id"], name=op.f("fk_customer_link_other_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_customer_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_link")),
        sa.UniqueConstraint("uuid", name=op.f("uq_customer_link_uuid")),
        sa.UniqueConstraint("customer_id", "other_id", name=op.f("uq_customer_link_customer_id_other_id")),
    )
    op.create_index(op.f("ix_customer_link_organisation_id"), "customer_link", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_customer_link_other_id"), "customer_link", ["other_id"], unique=False)

    _make_findable(op.get_bind())


def downgrade() -> None:
    op.drop_table("customer_link")
    op.drop_table("customer_consent")
    op.drop_table("customer_note")
    op.drop_table("customer_key")

    with op.batch_alter_table("customer") as batch_op:
        for check in (
            "flag_known", "flag_has_reason", "order_key_length", "flag_length", "flag_reason_length",
            "flagged_by_name_length",
        ):  # fmt: skip
            batch_op.drop_constraint(op.f(f"ck_customer_{check}"), type_="check")
        batch_op.drop_constraint(op.f("fk_customer_preferred_therapist_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_customer_organisation_id_order_key_id"))
        for column in (
            "version", "deactivated_at", "flagged_by_name", "flagged_at", "flag_reason", "flag", "sms_consent",
            "email_consent", "preferred_therapist_id", "order_key",
        ):  # fmt: skip
            batch_op.drop_column(column)


def _make_findable(connection: sa.Connection) -> None:
    """What the guests of today are listed and found by; the texts are the application's of this revision."""
    customer = sa.table(
        "customer", *(sa.column(name) for name in ("id", "organisation_id", "first_name", "last_name", "phone")),
        *(sa.column(name) for name in ("name_key", "email_key", "order_key")),
    )  # fmt: skip
    key = sa.table("customer_key", *(sa.column(name) for name in ("customer_id", "key", "organisation_id")))
    order = customer.update().where(customer.c.id == sa.bindparam("who")).values(order_key=sa.bindparam("order"))
    last = 0
    while guests := connection.execute(
        sa.select(customer).where(customer.c.id > last).order_by(customer.c.id).limit(2000)
    ).all():
        last = guests[-1].id
        connection.execute(
            order, [{"who": one.id, "order": _fold(f"{one.last_name or ''} {one.first_name or ''}")} for one in guests]
        )
        rows = [
            {"customer_id": one.id, "organisation_id": one.organisation_id, "key": text}
            for one in guests
            for text in sorted(_keys(one.name_key, one.phone, one.email_key))
        ]
        if rows:
            connection.execute(key.insert(), rows)


def _fold(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())[:400]


def _keys(name_key: str, phone: str | None, email_key: str | None) -> set[str]:
    words = WORD.findall(name_key)
    digits, address = (phone or "").lstrip("+"), email_key or ""
    found = {"n" + "".join(words[place:]) for place in range(len(words))}
    found |= {"p" + digits[place:] for place in range(len(digits) - 2)}
    found |= {"e" + address[word.start() :] for word in WORD.finditer(address)}
    return {text[:64] for text in found}
