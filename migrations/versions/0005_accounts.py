"""Accounts: second factor, recovery codes, one-time links, another address; members are invited, change and leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("staff_member") as batch_op:
        batch_op.alter_column("email", existing_type=sa.String(length=255), nullable=True)
        batch_op.add_column(sa.Column("invited_as", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("photo", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("left_at", WHEN, nullable=True))
        batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
        batch_op.create_check_constraint(op.f("ck_staff_member_invited_as_length"), "length(invited_as) <= 255")
        batch_op.create_check_constraint(op.f("ck_staff_member_photo_length"), "length(photo) <= 12")
    with op.batch_alter_table("login_session") as batch_op:
        batch_op.add_column(sa.Column("awaits", sa.String(length=10), nullable=True))
        batch_op.create_check_constraint(op.f("ck_login_session_awaits_length"), "length(awaits) <= 10")
        batch_op.create_check_constraint(
            op.f("ck_login_session_awaits_known"), "awaits IS NULL OR awaits IN ('code', 'enrolment')"
        )

    op.create_table(
        "second_factor",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("confirmed_at", WHEN, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(key_id) <= 16", name=op.f("ck_second_factor_key_id_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_second_factor_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_second_factor_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("member_id", name=op.f("uq_second_factor_member_id")),
    )
    op.create_index(op.f("ix_second_factor_organisation_id"), "second_factor", ["organisation_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("used_at", WHEN, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(code_hash) <= 64", name=op.f("ck_recovery_code_code_hash_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_recovery_code_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_recovery_code_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("member_id", "code_hash", name=op.f("uq_recovery_code_member_id_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_organisation_id"), "recovery_code", ["organisation_id"], unique=False)

    op.create_table(
        "email_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("old_confirmed_at", WHEN, nullable=True),
        sa.Column("new_confirmed_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(address) <= 255", name=op.f("ck_email_change_address_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_email_change_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_email_change_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("uuid", name=op.f("uq_email_change_uuid")),
    )
    op.create_index(op.f("ix_email_change_member_id"), "email_change", ["member_id"], unique=False)
    op.create_index(op.f("ix_email_change_organisation_id"), "email_change", ["organisation_id"], unique=False)

    op.create_table(
        "login_link",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=True),
        sa.Column("purpose", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("change_id", KEY, nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("used_at", WHEN, nullable=True),
        sa.Column("ended_at", WHEN, nullable=True),
        sa.CheckConstraint("length(address) <= 255", name=op.f("ck_login_link_address_length")),
        sa.CheckConstraint("length(purpose) <= 12", name=op.f("ck_login_link_purpose_length")),
        sa.CheckConstraint("length(token_hash) <= 64", name=op.f("ck_login_link_token_hash_length")),
        sa.CheckConstraint(
            "purpose IN ('password', 'invitation', 'old_address', 'new_address')",
            name=op.f("ck_login_link_purpose_known"),
        ),
        sa.CheckConstraint(
            "(change_id IS NOT NULL) = (purpose IN ('old_address', 'new_address'))",
            name=op.f("ck_login_link_change_named"),
        ),
        sa.ForeignKeyConstraint(["change_id"], ["email_change.id"], name=op.f("fk_login_link_change_id")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_login_link_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_link_token_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_login_link_uuid")),
    )
    op.create_index(op.f("ix_login_link_expires_at"), "login_link", ["expires_at"], unique=False)
    op.create_index("ix_login_link_member_id_purpose", "login_link", ["member_id", "purpose"], unique=False)

    op.create_table(
        "member_photo",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_member_photo_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_member_photo_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_photo")),
        sa.UniqueConstraint("member_id", name=op.f("uq_member_photo_member_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_member_photo_uuid")),
    )
    op.create_index(op.f("ix_member_photo_organisation_id"), "member_photo", ["organisation_id"], unique=False)


def downgrade() -> None:
    for table in ("member_photo", "login_link", "email_change", "recovery_code", "second_factor"):
        op.drop_table(table)
    with op.batch_alter_table("login_session") as batch_op:
        for name in ("ck_login_session_awaits_known", "ck_login_session_awaits_length"):
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.drop_column("awaits")
    _give_addresses()
    with op.batch_alter_table("staff_member") as batch_op:
        for name in ("ck_staff_member_photo_length", "ck_staff_member_invited_as_length"):
            batch_op.drop_constraint(op.f(name), type_="check")
        for name in ("version", "left_at", "photo", "invited_as"):
            batch_op.drop_column(name)
        batch_op.alter_column("email", existing_type=sa.String(length=255), nullable=False)


def _give_addresses() -> None:
    """Before, everybody had an address: whoever has not accepted her invitation gets one that no mail reaches."""
    members = sa.table("staff_member", sa.column("id", KEY), sa.column("email", sa.String()))
    connection = op.get_bind()
    for key in connection.scalars(sa.select(members.c.id).where(members.c.email.is_(None))).all():
        named = sa.update(members).where(members.c.id == key).values(email=f"{key}@invited.invalid")
        connection.execute(named)
