"""The desk: undo, soft holds, the tray, participants, the ledger, series, messages to guests."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(verb) <= 60", name=op.f("ck_change_verb_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_change_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_change_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_change_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint("uuid", name=op.f("uq_change_uuid")),
    )
    op.create_index(op.f("ix_change_member_id_at"), "change", ["member_id", "at"], unique=False)
    op.create_index(op.f("ix_change_organisation_id"), "change", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_change_venue_id"), "change", ["venue_id"], unique=False)

    op.create_table(
        "series",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=300), nullable=False),
        sa.Column("first", sa.String(length=19), nullable=False),
        sa.Column("template", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("made_until", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(first) <= 19", name=op.f("ck_series_first_length")),
        sa.CheckConstraint("length(rule) <= 300", name=op.f("ck_series_rule_length")),
        sa.ForeignKeyConstraint(["created_by_id"], ["staff_member.id"], name=op.f("fk_series_created_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_series_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_series_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("uuid", name=op.f("uq_series_uuid")),
    )
    op.create_index(op.f("ix_series_organisation_id"), "series", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_series_venue_id"), "series", ["venue_id"], unique=False)

    op.create_table(
        "soft_hold",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("resource_id", KEY, nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_soft_hold_ends_after_start")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_soft_hold_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_soft_hold_organisation_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_soft_hold_resource_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_soft_hold_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_soft_hold")),
        sa.UniqueConstraint("uuid", name=op.f("uq_soft_hold_uuid")),
        sa.UniqueConstraint("venue_id", "member_id", name=op.f("uq_soft_hold_venue_id_member_id")),
    )
    op.create_index(op.f("ix_soft_hold_organisation_id"), "soft_hold", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_soft_hold_venue_id"), "soft_hold", ["venue_id"], unique=False)
    op.create_index(op.f("ix_soft_hold_venue_id_expires_at"), "soft_hold", ["venue_id", "expires_at"], unique=False)

    op.create_table(
        "guest_message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("change_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("channel IN ('email', 'sms')", name=op.f("ck_guest_message_channel_known")),
        sa.CheckConstraint(
            "status IN ('queued', 'sent', 'voided', 'skipped', 'failed')", name=op.f("ck_guest_message_status_known")
        ),
        sa.CheckConstraint("length(address) <= 255", name=op.f("ck_guest_message_address_length")),
        sa.CheckConstraint("length(channel) <= 10", name=op.f("ck_guest_message_channel_length")),
        sa.CheckConstraint("length(error) <= 300", name=op.f("ck_guest_message_error_length")),
        sa.CheckConstraint("length(kind) <= 40", name=op.f("ck_guest_message_kind_length")),
        sa.CheckConstraint("length(language) <= 2", name=op.f("ck_guest_message_language_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_guest_message_status_length")),
        sa.CheckConstraint("length(subject) <= 300", name=op.f("ck_guest_message_subject_length")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_guest_message_booking_id")),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_guest_message_change_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_guest_message_organisation_id")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_guest_message_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_message")),
        sa.UniqueConstraint("uuid", name=op.f("uq_guest_message_uuid")),
    )
    op.create_index(
        op.f("ix_guest_message_booking_id_created_at"), "guest_message", ["booking_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_guest_message_change_id"), "guest_message", ["change_id"], unique=False)
    op.create_index(op.f("ix_guest_message_organisation_id"), "guest_message", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_guest_message_venue_id"), "guest_message", ["venue_id"], unique=False)

    op.create_table(
        "parked",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_parked_booking_id")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_parked_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_parked_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_parked_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked")),
        sa.UniqueConstraint("member_id", "booking_id", name=op.f("uq_parked_member_id_booking_id")),
    )
    op.create_index(op.f("ix_parked_booking_id"), "parked", ["booking_id"], unique=False)
    op.create_index(op.f("ix_parked_organisation_id"), "parked", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_parked_venue_id"), "parked", ["venue_id"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("price_minor", KEY, nullable=True),
        sa.Column("payment_status", sa.String(length=30), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "status IN ('joined', 'attended', 'left', 'noshow')", name=op.f("ck_participant_status_known")
        ),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_participant_name_length")),
        sa.CheckConstraint("length(payment_status) <= 30", name=op.f("ck_participant_payment_status_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_participant_status_length")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_participant_position_positive")),
        sa.CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name=op.f("ck_participant_price_range")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_participant_booking_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_participant_customer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_participant_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_participant_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("uuid", name=op.f("uq_participant_uuid")),
    )
    op.create_index(op.f("ix_participant_booking_id"), "participant", ["booking_id"], unique=False)
    op.create_index(op.f("ix_participant_customer_id"), "participant", ["customer_id"], unique=False)
    op.create_index(op.f("ix_participant_organisation_id"), "participant", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_participant_venue_id"), "participant", ["venue_id"], unique=False)
    op.create_index("uq_participant_customer", "participant", ["booking_id", "customer_id"], unique=True)

    op.create_table(
        "payment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("participant_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("amount_minor", KEY, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by_name", sa.String(length=200), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('payment', 'refund', 'deposit_taken', 'deposit_applied', 'deposit_refunded', 'deposit_kept')",
            name=op.f("ck_payment_kind_known"),
        ),
        sa.CheckConstraint("amount_minor BETWEEN 1 AND 9999999999", name=op.f("ck_payment_amount_range")),
        sa.CheckConstraint("length(actor_name) <= 200", name=op.f("ck_payment_actor_name_length")),
        sa.CheckConstraint("length(currency) <= 3", name=op.f("ck_payment_currency_length")),
        sa.CheckConstraint("length(kind) <= 20", name=op.f("ck_payment_kind_length")),
        sa.CheckConstraint("length(method) <= 20", name=op.f("ck_payment_method_length")),
        sa.CheckConstraint("length(note) <= 300", name=op.f("ck_payment_note_length")),
        sa.CheckConstraint("length(voided_by_name) <= 200", name=op.f("ck_payment_voided_by_name_length")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_payment_booking_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_payment_organisation_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_payment_participant_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_payment_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("uuid", name=op.f("uq_payment_uuid")),
    )
    op.create_index(op.f("ix_payment_booking_id"), "payment", ["booking_id"], unique=False)
    op.create_index(op.f("ix_payment_organisation_id"), "payment", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_payment_participant_id"), "payment", ["participant_id"], unique=False)
    op.create_index(op.f("ix_payment_venue_id"), "payment", ["venue_id"], unique=False)

    with op.batch_alter_table("block") as batch_op:
        batch_op.add_column(sa.Column("batch", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", KEY, server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_block_batch"), ["batch"], unique=False)

    with op.batch_alter_table("booking") as batch_op:
        batch_op.add_column(sa.Column("series_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("series_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("deposit_required_minor", KEY, nullable=True))
        batch_op.add_column(sa.Column("deposit_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("began_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("customer_id", existing_type=KEY, nullable=True)
        batch_op.create_index(op.f("ix_booking_series_id"), ["series_id"], unique=False)
        batch_op.create_index("uq_booking_occurrence", ["series_id", "series_date"], unique=True)
        batch_op.create_foreign_key(op.f("fk_booking_series_id"), "series", ["series_id"], ["id"])
        batch_op.create_check_constraint(op.f("ck_booking_deposit_positive"), "deposit_required_minor >= 0")
        batch_op.create_check_constraint(
            op.f("ck_booking_series_has_date"), "(series_id IS NULL) = (series_date IS NULL)"
        )
    _seat_couples()
    with op.batch_alter_table("staff_member") as batch_op:
        batch_op.add_column(sa.Column("preferences", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("staff_member") as batch_op:
        batch_op.drop_column("preferences")

    with op.batch_alter_table("booking") as batch_op:
        for name in ("ck_booking_deposit_positive", "ck_booking_series_has_date"):
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.drop_constraint(op.f("fk_booking_series_id"), type_="foreignkey")
        batch_op.drop_index("uq_booking_occurrence")
        batch_op.drop_index(op.f("ix_booking_series_id"))
        batch_op.alter_column("customer_id", existing_type=KEY, nullable=False)
        for name in ("finished_at", "began_at", "deposit_due_at", "deposit_required_minor", "series_date", "series_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("block") as batch_op:
        batch_op.drop_index(batch_op.f("ix_block_batch"))
        batch_op.drop_column("version")
        batch_op.drop_column("removed_at")
        batch_op.drop_column("batch")

    op.drop_table("payment")

    op.drop_table("participant")

    op.drop_table("parked")

    op.drop_table("guest_message")

    op.drop_table("soft_hold")

    op.drop_table("series")

    op.drop_table("change")


def _seat_couples() -> None:
    """Bookings for two made before have a participant for each of their guests from now on."""
    bookings = sa.table(
        "booking",
        *map(
            sa.column, ("id", "organisation_id", "venue_id", "customer_id", "guest_count", "created_at", "arrived_at")
        ),
    )
    participants = sa.table(
        "participant",
        sa.column("uuid", sa.Uuid()),
        *map(
            sa.column,
            (
                "booking_id",
                "organisation_id",
                "venue_id",
                "customer_id",
                "position",
                "status",
                "payment_status",
                "joined_at",
                "arrived_at",
            ),
        ),
    )
    for row in op.get_bind().execute(sa.select(bookings).where(bookings.c.guest_count > 1)).all():
        for position in range(row.guest_count):
            values = {
                "uuid": uuid.uuid4(),
                "booking_id": row.id,
                "organisation_id": row.organisation_id,
                "venue_id": row.venue_id,
                "customer_id": None if position else row.customer_id,
                "position": position,
                "status": "joined",
                "payment_status": "pending",
                "joined_at": row.created_at,
                "arrived_at": row.arrived_at,
            }
            op.get_bind().execute(participants.insert().values(values))
