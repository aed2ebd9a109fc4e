"""The therapist's phone: counter-proposals, notices, time off and swaps, what changed, health notes, calendar feeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("with_surname", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(token_hash) <= 64", name=op.f("ck_calendar_feed_token_hash_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_calendar_feed_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_calendar_feed_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("member_id", name=op.f("uq_calendar_feed_member_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_organisation_id"), "calendar_feed", ["organisation_id"], unique=False)

    op.create_table(
        "health_note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", KEY, nullable=True),
        sa.Column("version", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(key_id) <= 16", name=op.f("ck_health_note_key_id_length")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_health_note_customer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_health_note_organisation_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["staff_member.id"], name=op.f("fk_health_note_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_note")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_health_note_customer_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_health_note_uuid")),
    )
    op.create_index(op.f("ix_health_note_organisation_id"), "health_note", ["organisation_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=True),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(key) <= 120", name=op.f("ck_notice_key_length")),
        sa.CheckConstraint("length(kind) <= 30", name=op.f("ck_notice_kind_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_notice_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_notice_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_notice_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("member_id", "key", name=op.f("uq_notice_member_id_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_notice_uuid")),
    )
    op.create_index(op.f("ix_notice_member_id"), "notice", ["member_id"], unique=False)
    op.create_index(op.f("ix_notice_organisation_id"), "notice", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_notice_subject"), "notice", ["subject"], unique=False)
    op.create_index(op.f("ix_notice_venue_id"), "notice", ["venue_id"], unique=False)
    op.create_index(
        "ix_notice_waiting",
        "notice",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )

    op.create_table(
        "time_off",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("version", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('vacation', 'sick', 'training', 'personal', 'other')", name=op.f("ck_time_off_kind_known")
        ),
        sa.CheckConstraint(
            "status IN ('requested', 'approved', 'refused', 'cancelled')", name=op.f("ck_time_off_status_known")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_time_off_ends_after_start")),
        sa.CheckConstraint("length(answer) <= 300", name=op.f("ck_time_off_answer_length")),
        sa.CheckConstraint("length(kind) <= 10", name=op.f("ck_time_off_kind_length")),
        sa.CheckConstraint("length(note) <= 300", name=op.f("ck_time_off_note_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_time_off_status_length")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff_member.id"], name=op.f("fk_time_off_decided_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_time_off_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_time_off_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_off")),
        sa.UniqueConstraint("uuid", name=op.f("uq_time_off_uuid")),
    )
    op.create_index(op.f("ix_time_off_batch"), "time_off", ["batch"], unique=False)
    op.create_index(op.f("ix_time_off_member_id_starts_at"), "time_off", ["member_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_time_off_organisation_id"), "time_off", ["organisation_id"], unique=False)
    op.create_index(
        op.f("ix_time_off_organisation_id_status_starts_at"),
        "time_off",
        ["organisation_id", "status", "starts_at"],
        unique=False,
    )

    op.create_table(
        "delivery",
        sa.Column("id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.CheckConstraint("channel IN ('push', 'email', 'sms')", name=op.f("ck_delivery_channel_known")),
        sa.CheckConstraint(
            "status IN ('queued', 'sent', 'delivered', 'failed', 'skipped')", name=op.f("ck_delivery_status_known")
        ),
        sa.CheckConstraint("length(channel) <= 10", name=op.f("ck_delivery_channel_length")),
        sa.CheckConstraint("length(error) <= 300", name=op.f("ck_delivery_error_length")),
        sa.CheckConstraint("length(reference) <= 200", name=op.f("ck_delivery_reference_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_delivery_status_length")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_delivery_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("notice_id", "channel", name=op.f("uq_delivery_notice_id_channel")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("session_id", KEY, nullable=True),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("p256dh", sa.String(length=200), nullable=False),
        sa.Column("auth", sa.String(length=100), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(auth) <= 100", name=op.f("ck_push_subscription_auth_length")),
        sa.CheckConstraint("length(endpoint) <= 1000", name=op.f("ck_push_subscription_endpoint_length")),
        sa.CheckConstraint("length(endpoint_hash) <= 64", name=op.f("ck_push_subscription_endpoint_hash_length")),
        sa.CheckConstraint("length(p256dh) <= 200", name=op.f("ck_push_subscription_p256dh_length")),
        sa.CheckConstraint("length(user_agent) <= 300", name=op.f("ck_push_subscription_user_agent_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_push_subscription_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_push_subscription_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["login_session.id"], name=op.f("fk_push_subscription_session_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_subscription_endpoint_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_push_subscription_uuid")),
    )
    op.create_index(op.f("ix_push_subscription_member_id"), "push_subscription", ["member_id"], unique=False)
    op.create_index(
        op.f("ix_push_subscription_organisation_id"), "push_subscription", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_push_subscription_session_id"), "push_subscription", ["session_id"], unique=False)

    op.create_table(
        "shift_swap",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("shift_id", KEY, nullable=False),
        sa.Column("colleague_id", KEY, nullable=True),
        sa.Column("other_shift_id", KEY, nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("version", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'accepted', 'approved', 'declined', 'refused', 'cancelled')",
            name=op.f("ck_shift_swap_status_known"),
        ),
        sa.CheckConstraint("length(answer) <= 300", name=op.f("ck_shift_swap_answer_length")),
        sa.CheckConstraint("length(note) <= 300", name=op.f("ck_shift_swap_note_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_shift_swap_status_length")),
        sa.ForeignKeyConstraint(["colleague_id"], ["staff_member.id"], name=op.f("fk_shift_swap_colleague_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff_member.id"], name=op.f("fk_shift_swap_decided_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_shift_swap_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_shift_swap_organisation_id")),
        sa.ForeignKeyConstraint(["other_shift_id"], ["shift.id"], name=op.f("fk_shift_swap_other_shift_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_swap_shift_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_shift_swap_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_swap")),
        sa.UniqueConstraint("uuid", name=op.f("uq_shift_swap_uuid")),
    )
    op.create_index(op.f("ix_shift_swap_colleague_id"), "shift_swap", ["colleague_id"], unique=False)
    op.create_index(op.f("ix_shift_swap_member_id"), "shift_swap", ["member_id"], unique=False)
    op.create_index(op.f("ix_shift_swap_organisation_id"), "shift_swap", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_shift_swap_other_shift_id"), "shift_swap", ["other_shift_id"], unique=False)
    op.create_index(op.f("ix_shift_swap_venue_id"), "shift_swap", ["venue_id"], unique=False)
    op.create_index(op.f("ix_shift_swap_venue_id_status"), "shift_swap", ["venue_id", "status"], unique=False)
    op.create_index(
        "uq_shift_swap_open",
        "shift_swap",
        ["shift_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('asked', 'accepted')"),
        sqlite_where=sa.text("status IN ('asked', 'accepted')"),
    )

    op.create_table(
        "visit_look",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_desk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["booking_item.id"], name=op.f("fk_visit_look_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_visit_look_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_visit_look_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_look")),
        sa.UniqueConstraint("member_id", "item_id", name=op.f("uq_visit_look_member_id_item_id")),
    )
    op.create_index(op.f("ix_visit_look_item_id"), "visit_look", ["item_id"], unique=False)
    op.create_index(op.f("ix_visit_look_organisation_id"), "visit_look", ["organisation_id"], unique=False)

    op.create_table(
        "counter_proposal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("offer_id", KEY, nullable=False),
        sa.Column("room_id", KEY, nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'refused', 'expired', 'withdrawn')",
            name=op.f("ck_counter_proposal_status_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_counter_proposal_ends_after_start")),
        sa.CheckConstraint("length(answer) <= 300", name=op.f("ck_counter_proposal_answer_length")),
        sa.CheckConstraint("length(closed_by) <= 200", name=op.f("ck_counter_proposal_closed_by_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_counter_proposal_status_length")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_counter_proposal_offer_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_counter_proposal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["resource.id"], name=op.f("fk_counter_proposal_room_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_counter_proposal_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_proposal")),
        sa.UniqueConstraint("uuid", name=op.f("uq_counter_proposal_uuid")),
    )
    op.create_index(op.f("ix_counter_proposal_expires_at"), "counter_proposal", ["expires_at"], unique=False)
    op.create_index(op.f("ix_counter_proposal_offer_id"), "counter_proposal", ["offer_id"], unique=False)
    op.create_index(op.f("ix_counter_proposal_organisation_id"), "counter_proposal", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_counter_proposal_venue_id"), "counter_proposal", ["venue_id"], unique=False)
    op.create_index(
        op.f("ix_counter_proposal_venue_id_status_starts_at"),
        "counter_proposal",
        ["venue_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index(
        "uq_counter_proposal_open",
        "counter_proposal",
        ["offer_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )

    with op.batch_alter_table("booking_item") as batch_op:
        batch_op.add_column(sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("requested_id", KEY, nullable=True))
        batch_op.create_index(op.f("ix_booking_item_next_wave_at"), ["next_wave_at"], unique=False)
        batch_op.create_foreign_key(op.f("fk_booking_item_requested_id"), "staff_member", ["requested_id"], ["id"])

    with op.batch_alter_table("customer") as batch_op:
        batch_op.add_column(sa.Column("preferences", sa.JSON(), server_default="{}", nullable=False))

    with op.batch_alter_table("offer") as batch_op:
        batch_op.add_column(sa.Column("because", sa.String(length=10), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_offer_because_known"), "because IS NULL OR because IN ('requested', 'regular')"
        )
        batch_op.create_check_constraint(op.f("ck_offer_because_length"), "length(because) <= 10")


def downgrade() -> None:
    with op.batch_alter_table("offer") as batch_op:
        batch_op.drop_constraint(op.f("ck_offer_because_length"), type_="check")
        batch_op.drop_constraint(op.f("ck_offer_because_known"), type_="check")
        batch_op.drop_column("because")

    with op.batch_alter_table("customer") as batch_op:
        batch_op.drop_column("preferences")

    with op.batch_alter_table("booking_item") as batch_op:
        batch_op.drop_constraint(op.f("fk_booking_item_requested_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_booking_item_next_wave_at"))
        batch_op.drop_column("requested_id")
        batch_op.drop_column("alerted_at")

    op.drop_table("counter_proposal")

    op.drop_table("visit_look")

    op.drop_table("shift_swap")

    op.drop_table("push_subscription")
    op.drop_table("delivery")

    op.drop_table("time_off")

    op.drop_table("notice")

    op.drop_table("health_note")

    op.drop_table("calendar_feed")
