"""The house: organisations, venues, staff, guests, the menu, bookings, claims, offers, events, keys, outbox, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "login_attempt",
        sa.Column("id", KEY, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key) <= 64", name=op.f("ck_login_attempt_key_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    op.create_index(op.f("ix_login_attempt_key_at"), "login_attempt", ["key", "at"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("default_language", sa.String(length=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(currency) <= 3", name=op.f("ck_organisation_currency_length")),
        sa.CheckConstraint("length(default_language) <= 2", name=op.f("ck_organisation_default_language_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_organisation_name_length")),
        sa.CheckConstraint("length(slug) <= 80", name=op.f("ck_organisation_slug_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
        sa.UniqueConstraint("uuid", name=op.f("uq_organisation_uuid")),
    )
    op.create_table(
        "counter",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.CheckConstraint("length(kind) <= 20", name=op.f("ck_counter_kind_length")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_counter_value_positive")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_counter_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("organisation_id", "kind", name=op.f("uq_counter_organisation_id_kind")),
    )
    op.create_table(
        "customer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=True),
        sa.Column("last_name", sa.String(length=100), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("email_key", sa.String(length=255), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("preferred_treatment_type", sa.String(length=40), nullable=True),
        sa.Column("profile_completed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_customer_language_known")),
        sa.CheckConstraint("length(email) <= 255", name=op.f("ck_customer_email_length")),
        sa.CheckConstraint("length(email_key) <= 255", name=op.f("ck_customer_email_key_length")),
        sa.CheckConstraint("length(first_name) <= 100", name=op.f("ck_customer_first_name_length")),
        sa.CheckConstraint("length(language) <= 2", name=op.f("ck_customer_language_length")),
        sa.CheckConstraint("length(last_name) <= 100", name=op.f("ck_customer_last_name_length")),
        sa.CheckConstraint("length(name_key) <= 400", name=op.f("ck_customer_name_key_length")),
        sa.CheckConstraint("length(phone) <= 20", name=op.f("ck_customer_phone_length")),
        sa.CheckConstraint(
            "length(preferred_treatment_type) <= 40", name=op.f("ck_customer_preferred_treatment_type_length")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_customer_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("uuid", name=op.f("uq_customer_uuid")),
    )
    op.create_index(op.f("ix_customer_organisation_id"), "customer", ["organisation_id"], unique=False)
    op.create_index(
        op.f("ix_customer_organisation_id_email_key"), "customer", ["organisation_id", "email_key"], unique=False
    )
    op.create_index(
        op.f("ix_customer_organisation_id_name_key"), "customer", ["organisation_id", "name_key"], unique=False
    )
    op.create_index("uq_customer_phone", "customer", ["organisation_id", "phone"], unique=True)
    op.create_table(
        "outbox_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(error) <= 1000", name=op.f("ck_outbox_event_error_length")),
        sa.CheckConstraint("length(type) <= 60", name=op.f("ck_outbox_event_type_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_outbox_event_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        sa.UniqueConstraint("uuid", name=op.f("uq_outbox_event_uuid")),
    )
    op.create_index(
        "ix_outbox_event_due",
        "outbox_event",
        ["run_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_outbox_event_organisation_id"), "outbox_event", ["organisation_id"], unique=False)
    op.create_table(
        "room_type",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_room_type_name_length")),
        sa.CheckConstraint("length(name_en) <= 200", name=op.f("ck_room_type_name_en_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_room_type_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_type")),
        sa.UniqueConstraint("uuid", name=op.f("uq_room_type_uuid")),
    )
    op.create_index(op.f("ix_room_type_organisation_id"), "room_type", ["organisation_id"], unique=False)
    op.create_table(
        "venue",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("description", sa.String(length=2000), nullable=True),
        sa.Column("description_en", sa.String(length=2000), nullable=True),
        sa.Column("landing_subtitle", sa.String(length=300), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("postal_code", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("venue_type", sa.String(length=10), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("image", sa.String(length=500), nullable=True),
        sa.Column("cover_image", sa.String(length=500), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("vat", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("opening_time", sa.Time(), nullable=False),
        sa.Column("closing_time", sa.Time(), nullable=False),
        sa.Column("slot_interval", sa.SmallInteger(), nullable=False),
        sa.Column("schedule_type", sa.String(length=20), nullable=False),
        sa.Column("days_of_week", sa.JSON(), nullable=True),
        sa.Column("recurrence_interval", sa.SmallInteger(), nullable=False),
        sa.Column("recurring_start_date", sa.Date(), nullable=True),
        sa.Column("recurring_end_date", sa.Date(), nullable=True),
        sa.Column("one_time_dates", sa.JSON(), nullable=True),
        sa.Column("offert", sa.Boolean(), nullable=False),
        sa.Column("booking_hold_enabled", sa.Boolean(), nullable=False),
        sa.Column("booking_hold_duration_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("allow_out_of_hours_booking", sa.Boolean(), nullable=False),
        sa.Column("out_of_hours_surcharge_percent", sa.SmallInteger(), nullable=True),
        sa.Column("minimum_notice_minutes", KEY, nullable=False),
        sa.Column("room_turnover_buffer_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("inter_venue_buffer_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("therapist_escalation_delay_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("auto_validation", sa.Boolean(), nullable=False),
        sa.Column("massage_wording", sa.String(length=10), nullable=False),
        sa.Column("deposit_wording", sa.String(length=10), nullable=False),
        sa.Column("cancellation_tiers", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "schedule_type IN ('always_open', 'specific_days', 'one_time')", name=op.f("ck_venue_schedule_type_known")
        ),
        sa.CheckConstraint("status IN ('active', 'inactive')", name=op.f("ck_venue_status_known")),
        sa.CheckConstraint("venue_type IN ('hotel', 'spa')", name=op.f("ck_venue_venue_type_known")),
        sa.CheckConstraint("booking_hold_duration_minutes BETWEEN 1 AND 15", name=op.f("ck_venue_hold_range")),
        sa.CheckConstraint(
            "inter_venue_buffer_minutes BETWEEN 0 AND 480", name=op.f("ck_venue_inter_venue_buffer_range")
        ),
        sa.CheckConstraint("length(address) <= 300", name=op.f("ck_venue_address_length")),
        sa.CheckConstraint("length(city) <= 120", name=op.f("ck_venue_city_length")),
        sa.CheckConstraint("length(country) <= 2", name=op.f("ck_venue_country_length")),
        sa.CheckConstraint("length(cover_image) <= 500", name=op.f("ck_venue_cover_image_length")),
        sa.CheckConstraint("length(currency) <= 3", name=op.f("ck_venue_currency_length")),
        sa.CheckConstraint("length(deposit_wording) <= 10", name=op.f("ck_venue_deposit_wording_length")),
        sa.CheckConstraint("length(description) <= 2000", name=op.f("ck_venue_description_length")),
        sa.CheckConstraint("length(description_en) <= 2000", name=op.f("ck_venue_description_en_length")),
        sa.CheckConstraint("length(image) <= 500", name=op.f("ck_venue_image_length")),
        sa.CheckConstraint("length(landing_subtitle) <= 300", name=op.f("ck_venue_landing_subtitle_length")),
        sa.CheckConstraint("length(massage_wording) <= 10", name=op.f("ck_venue_massage_wording_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_venue_name_length")),
        sa.CheckConstraint("length(name_en) <= 200", name=op.f("ck_venue_name_en_length")),
        sa.CheckConstraint("length(postal_code) <= 20", name=op.f("ck_venue_postal_code_length")),
        sa.CheckConstraint("length(schedule_type) <= 20", name=op.f("ck_venue_schedule_type_length")),
        sa.CheckConstraint("length(slug) <= 80", name=op.f("ck_venue_slug_length")),
        sa.CheckConstraint("length(status) <= 10", name=op.f("ck_venue_status_length")),
        sa.CheckConstraint("length(timezone) <= 64", name=op.f("ck_venue_timezone_length")),
        sa.CheckConstraint("length(venue_type) <= 10", name=op.f("ck_venue_venue_type_length")),
        sa.CheckConstraint("minimum_notice_minutes BETWEEN 0 AND 525600", name=op.f("ck_venue_notice_range")),
        sa.CheckConstraint("out_of_hours_surcharge_percent BETWEEN 0 AND 100", name=op.f("ck_venue_surcharge_range")),
        sa.CheckConstraint("recurrence_interval BETWEEN 1 AND 52", name=op.f("ck_venue_recurrence_interval_range")),
        sa.CheckConstraint("room_turnover_buffer_minutes BETWEEN 0 AND 240", name=op.f("ck_venue_room_buffer_range")),
        sa.CheckConstraint("slot_interval BETWEEN 5 AND 240", name=op.f("ck_venue_slot_interval_range")),
        sa.CheckConstraint(
            "therapist_escalation_delay_minutes BETWEEN 1 AND 240", name=op.f("ck_venue_escalation_range")
        ),
        sa.CheckConstraint("vat BETWEEN 0 AND 100", name=op.f("ck_venue_vat_range")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_venue_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("slug", name=op.f("uq_venue_slug")),
        sa.UniqueConstraint("uuid", name=op.f("uq_venue_uuid")),
    )
    op.create_index(op.f("ix_venue_organisation_id"), "venue", ["organisation_id"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("venue_id", KEY, nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("rate_limit_per_min", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("surface IN ('partner', 'management')", name=op.f("ck_api_key_surface_known")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_api_key_name_length")),
        sa.CheckConstraint("length(prefix) <= 20", name=op.f("ck_api_key_prefix_length")),
        sa.CheckConstraint("length(secret_hash) <= 64", name=op.f("ck_api_key_secret_hash_length")),
        sa.CheckConstraint("length(surface) <= 20", name=op.f("ck_api_key_surface_length")),
        sa.CheckConstraint("rate_limit_per_min >= 1", name=op.f("ck_api_key_rate_limit_range")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_api_key_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_api_key_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
        sa.UniqueConstraint("uuid", name=op.f("uq_api_key_uuid")),
    )
    op.create_index(op.f("ix_api_key_organisation_id"), "api_key", ["organisation_id"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("venue_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(actor_kind) <= 20", name=op.f("ck_audit_entry_actor_kind_length")),
        sa.CheckConstraint("length(actor_name) <= 200", name=op.f("ck_audit_entry_actor_name_length")),
        sa.CheckConstraint("length(door) <= 20", name=op.f("ck_audit_entry_door_length")),
        sa.CheckConstraint("length(verb) <= 60", name=op.f("ck_audit_entry_verb_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_audit_entry_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_audit_entry_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_organisation_id_at"), "audit_entry", ["organisation_id", "at"], unique=False)
    op.create_index(op.f("ix_audit_entry_subject"), "audit_entry", ["subject"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("description", sa.String(length=2000), nullable=True),
        sa.Column("description_en", sa.String(length=2000), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", KEY, nullable=False),
        sa.Column("taken", KEY, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'cancelled')", name=op.f("ck_event_status_known")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 100000", name=op.f("ck_event_capacity_range")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_ends_after_start")),
        sa.CheckConstraint("length(description) <= 2000", name=op.f("ck_event_description_length")),
        sa.CheckConstraint("length(description_en) <= 2000", name=op.f("ck_event_description_en_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_event_name_length")),
        sa.CheckConstraint("length(name_en) <= 200", name=op.f("ck_event_name_en_length")),
        sa.CheckConstraint("length(status) <= 20", name=op.f("ck_event_status_length")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_event_never_oversold")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_event_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_event_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("uuid", name=op.f("uq_event_uuid")),
    )
    op.create_index(op.f("ix_event_organisation_id"), "event", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_event_venue_id"), "event", ["venue_id"], unique=False)
    op.create_index(op.f("ix_event_venue_id_starts_at"), "event", ["venue_id", "starts_at"], unique=False)
    op.create_table(
        "live_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_live_event_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_event")),
    )
    op.create_index(op.f("ix_live_event_at"), "live_event", ["at"], unique=False)
    op.create_table(
        "opening_hours",
        sa.Column("id", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_weekday_range")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_opening_hours_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hours")),
    )
    op.create_index(op.f("ix_opening_hours_venue_id"), "opening_hours", ["venue_id"], unique=False)
    op.create_table(
        "resource",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("venue_id", KEY, nullable=True),
        sa.Column("room_type_id", KEY, nullable=True),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("sort_order", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(kind = 'room') = (venue_id IS NOT NULL)", name=op.f("ck_resource_room_has_venue")),
        sa.CheckConstraint("kind IN ('room', 'person')", name=op.f("ck_resource_kind_known")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 200", name=op.f("ck_resource_capacity_range")),
        sa.CheckConstraint("length(kind) <= 10", name=op.f("ck_resource_kind_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_resource_name_length")),
        sa.CheckConstraint("length(name_en) <= 200", name=op.f("ck_resource_name_en_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_resource_organisation_id")),
        sa.ForeignKeyConstraint(["room_type_id"], ["room_type.id"], name=op.f("fk_resource_room_type_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_resource_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint("uuid", name=op.f("uq_resource_uuid")),
    )
    op.create_index(op.f("ix_resource_organisation_id"), "resource", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_resource_venue_id"), "resource", ["venue_id"], unique=False)
    op.create_table(
        "special_day",
        sa.Column("id", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_special_day_times_together")),
        sa.CheckConstraint("length(note) <= 200", name=op.f("ck_special_day_note_length")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_special_day_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
    )
    op.create_index(op.f("ix_special_day_venue_id_day"), "special_day", ["venue_id", "day"], unique=False)
    op.create_table(
        "treatment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=12), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("description", sa.String(length=2000), nullable=True),
        sa.Column("description_en", sa.String(length=2000), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("service_for", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("min_participants", sa.SmallInteger(), nullable=False),
        sa.Column("max_participants", sa.SmallInteger(), nullable=False),
        sa.Column("lead_time_minutes", KEY, nullable=True),
        sa.Column("buffer_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("room_type_id", KEY, nullable=True),
        sa.Column("image", sa.String(length=500), nullable=True),
        sa.Column("sort_order", KEY, nullable=True),
        sa.Column("is_bestseller", sa.Boolean(), nullable=False),
        sa.Column("is_addon", sa.Boolean(), nullable=False),
        sa.Column("is_bundle", sa.Boolean(), nullable=False),
        sa.Column("bundle_id", sa.String(length=36), nullable=True),
        sa.Column("available_days", sa.JSON(), nullable=True),
        sa.Column("deposit_kind", sa.String(length=10), nullable=False),
        sa.Column("deposit_minor", KEY, nullable=True),
        sa.Column("deposit_percent", sa.SmallInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "deposit_kind IN ('none', 'fixed', 'percent')", name=op.f("ck_treatment_deposit_kind_known")
        ),
        sa.CheckConstraint("kind IN ('appointment', 'event', 'class')", name=op.f("ck_treatment_kind_known")),
        sa.CheckConstraint("buffer_minutes BETWEEN 0 AND 240", name=op.f("ck_treatment_buffer_range")),
        sa.CheckConstraint("deposit_minor >= 0", name=op.f("ck_treatment_deposit_positive")),
        sa.CheckConstraint("deposit_percent BETWEEN 0 AND 100", name=op.f("ck_treatment_deposit_percent_range")),
        sa.CheckConstraint("lead_time_minutes BETWEEN 0 AND 525600", name=op.f("ck_treatment_lead_time_range")),
        sa.CheckConstraint("length(bundle_id) <= 36", name=op.f("ck_treatment_bundle_id_length")),
        sa.CheckConstraint("length(category) <= 40", name=op.f("ck_treatment_category_length")),
        sa.CheckConstraint("length(code) <= 12", name=op.f("ck_treatment_code_length")),
        sa.CheckConstraint("length(deposit_kind) <= 10", name=op.f("ck_treatment_deposit_kind_length")),
        sa.CheckConstraint("length(description) <= 2000", name=op.f("ck_treatment_description_length")),
        sa.CheckConstraint("length(description_en) <= 2000", name=op.f("ck_treatment_description_en_length")),
        sa.CheckConstraint("length(image) <= 500", name=op.f("ck_treatment_image_length")),
        sa.CheckConstraint("length(kind) <= 20", name=op.f("ck_treatment_kind_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_treatment_name_length")),
        sa.CheckConstraint("length(name_en) <= 200", name=op.f("ck_treatment_name_en_length")),
        sa.CheckConstraint("length(service_for) <= 10", name=op.f("ck_treatment_service_for_length")),
        sa.CheckConstraint("length(slug) <= 80", name=op.f("ck_treatment_slug_length")),
        sa.CheckConstraint(
            "min_participants >= 1 AND max_participants >= min_participants",
            name=op.f("ck_treatment_participants_range"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_treatment_organisation_id")),
        sa.ForeignKeyConstraint(["room_type_id"], ["room_type.id"], name=op.f("fk_treatment_room_type_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_treatment_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment")),
        sa.UniqueConstraint("uuid", name=op.f("uq_treatment_uuid")),
    )
    op.create_index(op.f("ix_treatment_organisation_id"), "treatment", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_treatment_venue_id"), "treatment", ["venue_id"], unique=False)
    op.create_table(
        "venue_block",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=True),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("(starts_at IS NULL) <> (start_time IS NULL)", name=op.f("ck_venue_block_dated_or_weekly")),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_venue_block_instants_together")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_venue_block_ends_after_start")),
        sa.CheckConstraint("length(reason) <= 200", name=op.f("ck_venue_block_reason_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_venue_block_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_venue_block_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_block")),
        sa.UniqueConstraint("uuid", name=op.f("uq_venue_block_uuid")),
    )
    op.create_index(op.f("ix_venue_block_organisation_id"), "venue_block", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_venue_block_venue_id"), "venue_block", ["venue_id"], unique=False)
    op.create_table(
        "block",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("resource_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('break', 'meeting', 'training', 'cleaning', 'vacation', 'sick', 'late', 'leaving_early', 'closure', 'other')",
            name=op.f("ck_block_kind_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_block_ends_after_start")),
        sa.CheckConstraint("length(kind) <= 20", name=op.f("ck_block_kind_length")),
        sa.CheckConstraint("length(reason) <= 200", name=op.f("ck_block_reason_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_block_organisation_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_block_resource_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_block_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("uuid", name=op.f("uq_block_uuid")),
    )
    op.create_index(op.f("ix_block_organisation_id"), "block", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_block_resource_id_starts_at"), "block", ["resource_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_block_venue_id"), "block", ["venue_id"], unique=False)
    op.create_table(
        "rate_window",
        sa.Column("api_key_id", KEY, nullable=False),
        sa.Column("window", KEY, nullable=False),
        sa.Column("hits", KEY, nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_rate_window_api_key_id")),
        sa.PrimaryKeyConstraint("api_key_id", "window", name=op.f("pk_rate_window")),
    )
    op.create_table(
        "staff_member",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("gender", sa.String(length=10), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=True),
        sa.Column("theme", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("resource_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("gender IS NULL OR gender IN ('female', 'male')", name=op.f("ck_staff_member_gender_known")),
        sa.CheckConstraint(
            "role IN ('receptionist', 'therapist', 'manager', 'admin')", name=op.f("ck_staff_member_role_known")
        ),
        sa.CheckConstraint("length(email) <= 255", name=op.f("ck_staff_member_email_length")),
        sa.CheckConstraint("length(first_name) <= 100", name=op.f("ck_staff_member_first_name_length")),
        sa.CheckConstraint("length(gender) <= 10", name=op.f("ck_staff_member_gender_length")),
        sa.CheckConstraint("length(last_name) <= 100", name=op.f("ck_staff_member_last_name_length")),
        sa.CheckConstraint("length(locale) <= 2", name=op.f("ck_staff_member_locale_length")),
        sa.CheckConstraint("length(password_hash) <= 255", name=op.f("ck_staff_member_password_hash_length")),
        sa.CheckConstraint("length(phone) <= 20", name=op.f("ck_staff_member_phone_length")),
        sa.CheckConstraint("length(role) <= 20", name=op.f("ck_staff_member_role_length")),
        sa.CheckConstraint("length(theme) <= 10", name=op.f("ck_staff_member_theme_length")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_staff_member_organisation_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_staff_member_resource_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_member_email")),
        sa.UniqueConstraint("resource_id", name=op.f("uq_staff_member_resource_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_staff_member_uuid")),
    )
    op.create_index(op.f("ix_staff_member_organisation_id"), "staff_member", ["organisation_id"], unique=False)
    op.create_table(
        "ticket_order",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("buyer_name", sa.String(length=200), nullable=False),
        sa.Column("buyer_email", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("total_minor", KEY, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'paid', 'free', 'cancelled', 'refunded')", name=op.f("ck_ticket_order_status_known")
        ),
        sa.CheckConstraint("length(buyer_email) <= 255", name=op.f("ck_ticket_order_buyer_email_length")),
        sa.CheckConstraint("length(buyer_name) <= 200", name=op.f("ck_ticket_order_buyer_name_length")),
        sa.CheckConstraint("length(currency) <= 3", name=op.f("ck_ticket_order_currency_length")),
        sa.CheckConstraint("length(status) <= 20", name=op.f("ck_ticket_order_status_length")),
        sa.CheckConstraint("total_minor BETWEEN 0 AND 9999999999", name=op.f("ck_ticket_order_total_range")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_ticket_order_customer_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_ticket_order_event_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_ticket_order_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_ticket_order_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_order")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_ticket_order_organisation_id_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_ticket_order_uuid")),
    )
    op.create_index(
        op.f("ix_ticket_order_event_id_created_at"), "ticket_order", ["event_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_ticket_order_organisation_id"), "ticket_order", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_ticket_order_venue_id"), "ticket_order", ["venue_id"], unique=False)
    op.create_table(
        "ticket_type",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("price_minor", KEY, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("quantity", KEY, nullable=False),
        sa.Column("taken", KEY, nullable=False),
        sa.Column("sales_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sales_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_per_order", sa.SmallInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("length(currency) <= 3", name=op.f("ck_ticket_type_currency_length")),
        sa.CheckConstraint("length(name) <= 200", name=op.f("ck_ticket_type_name_length")),
        sa.CheckConstraint("length(name_en) <= 200", name=op.f("ck_ticket_type_name_en_length")),
        sa.CheckConstraint("max_per_order BETWEEN 1 AND 100", name=op.f("ck_ticket_type_max_per_order_range")),
        sa.CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name=op.f("ck_ticket_type_price_range")),
        sa.CheckConstraint("quantity BETWEEN 0 AND 100000", name=op.f("ck_ticket_type_quantity_range")),
        sa.CheckConstraint("taken BETWEEN 0 AND quantity", name=op.f("ck_ticket_type_never_oversold")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_ticket_type_event_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_ticket_type_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_type")),
        sa.UniqueConstraint("uuid", name=op.f("uq_ticket_type_uuid")),
    )
    op.create_index(op.f("ix_ticket_type_event_id"), "ticket_type", ["event_id"], unique=False)
    op.create_index(op.f("ix_ticket_type_organisation_id"), "ticket_type", ["organisation_id"], unique=False)
    op.create_table(
        "variant",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("treatment_id", KEY, nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=True),
        sa.Column("duration", sa.SmallInteger(), nullable=False),
        sa.Column("price_minor", KEY, nullable=True),
        sa.Column("price_on_request", sa.Boolean(), nullable=False),
        sa.Column("guest_count", sa.SmallInteger(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("sort_order", KEY, nullable=True),
        sa.Column("available_days", sa.JSON(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("duration BETWEEN 5 AND 720", name=op.f("ck_variant_duration_range")),
        sa.CheckConstraint("guest_count BETWEEN 1 AND 2", name=op.f("ck_variant_guest_count_range")),
        sa.CheckConstraint("length(label) <= 200", name=op.f("ck_variant_label_length")),
        sa.CheckConstraint("length(label_en) <= 200", name=op.f("ck_variant_label_en_length")),
        sa.CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name=op.f("ck_variant_price_range")),
        sa.CheckConstraint("price_on_request OR price_minor IS NOT NULL", name=op.f("ck_variant_price_known")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name=op.f("fk_variant_treatment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("uuid", name=op.f("uq_variant_uuid")),
    )
    op.create_index(op.f("ix_variant_treatment_id"), "variant", ["treatment_id"], unique=False)
    op.create_index(
        "uq_variant_default",
        "variant",
        ["treatment_id"],
        unique=True,
        postgresql_where=sa.text("is_default AND active"),
        sqlite_where=sa.text("is_default AND active"),
    )
    op.create_table(
        "booking",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("api_key_id", KEY, nullable=True),
        sa.Column("created_by_id", KEY, nullable=True),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("external_reference", sa.String(length=255), nullable=True),
        sa.Column("client_type", sa.String(length=20), nullable=False),
        sa.Column("payment_method", sa.String(length=20), nullable=True),
        sa.Column("payment_status", sa.String(length=30), nullable=False),
        sa.Column("price_minor", KEY, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("guest_count", sa.SmallInteger(), nullable=False),
        sa.Column("guest_language", sa.String(length=2), nullable=False),
        sa.Column("room_number", sa.String(length=20), nullable=True),
        sa.Column("notes", sa.String(length=500), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("therapist_id", KEY, nullable=True),
        sa.Column("therapist_assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.String(length=20), nullable=True),
        sa.Column("cancellation_reason", sa.String(length=500), nullable=True),
        sa.Column("cancellation_fee_minor", KEY, nullable=True),
        sa.Column("cancellation_refund_percent", sa.SmallInteger(), nullable=True),
        sa.Column("cancellation_tiers", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f("ck_booking_cancelled_has_instant")
        ),
        sa.CheckConstraint("channel IN ('partner', 'desk', 'api', 'online')", name=op.f("ck_booking_channel_known")),
        sa.CheckConstraint(
            "client_type IN ('hotel', 'staycation', 'classpass', 'external')", name=op.f("ck_booking_client_type_known")
        ),
        sa.CheckConstraint(
            "payment_method IN ('room', 'card', 'card_on_site', 'tap_to_pay', 'cash', 'offert', 'gift_amount', 'voucher', 'external_voucher', 'partner_billed')",
            name=op.f("ck_booking_payment_method_known"),
        ),
        sa.CheckConstraint(
            "payment_status IN ('pending', 'awaiting_payment', 'paid', 'failed', 'refunded', 'charged', 'charged_to_room', 'card_saved', 'expired', 'offert', 'pending_partner_billing', 'pending_room_charge', 'pending_voucher_check')",
            name=op.f("ck_booking_payment_status_known"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'confirmed', 'ongoing', 'completed', 'cancelled', 'noshow')",
            name=op.f("ck_booking_status_known"),
        ),
        sa.CheckConstraint("cancellation_fee_minor >= 0", name=op.f("ck_booking_fee_positive")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_booking_ends_after_start")),
        sa.CheckConstraint("guest_count BETWEEN 1 AND 20", name=op.f("ck_booking_guest_count_range")),
        sa.CheckConstraint("length(cancellation_reason) <= 500", name=op.f("ck_booking_cancellation_reason_length")),
        sa.CheckConstraint("length(cancelled_by) <= 20", name=op.f("ck_booking_cancelled_by_length")),
        sa.CheckConstraint("length(channel) <= 20", name=op.f("ck_booking_channel_length")),
        sa.CheckConstraint("length(client_type) <= 20", name=op.f("ck_booking_client_type_length")),
        sa.CheckConstraint("length(currency) <= 3", name=op.f("ck_booking_currency_length")),
        sa.CheckConstraint("length(external_id) <= 255", name=op.f("ck_booking_external_id_length")),
        sa.CheckConstraint("length(external_reference) <= 255", name=op.f("ck_booking_external_reference_length")),
        sa.CheckConstraint("length(guest_language) <= 2", name=op.f("ck_booking_guest_language_length")),
        sa.CheckConstraint("length(notes) <= 500", name=op.f("ck_booking_notes_length")),
        sa.CheckConstraint("length(payment_method) <= 20", name=op.f("ck_booking_payment_method_length")),
        sa.CheckConstraint("length(payment_status) <= 30", name=op.f("ck_booking_payment_status_length")),
        sa.CheckConstraint("length(room_number) <= 20", name=op.f("ck_booking_room_number_length")),
        sa.CheckConstraint("length(status) <= 20", name=op.f("ck_booking_status_length")),
        sa.CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name=op.f("ck_booking_price_range")),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_booking_api_key_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["staff_member.id"], name=op.f("fk_booking_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_booking_customer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_booking_organisation_id")),
        sa.ForeignKeyConstraint(["therapist_id"], ["staff_member.id"], name=op.f("fk_booking_therapist_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_booking_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_booking_organisation_id_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_booking_uuid")),
        sa.UniqueConstraint("venue_id", "external_id", name=op.f("uq_booking_venue_id_external_id")),
    )
    op.create_index(op.f("ix_booking_api_key_id"), "booking", ["api_key_id"], unique=False)
    op.create_index(op.f("ix_booking_customer_id_starts_at"), "booking", ["customer_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_booking_organisation_id"), "booking", ["organisation_id"], unique=False)
    op.create_index(
        op.f("ix_booking_organisation_id_external_reference"),
        "booking",
        ["organisation_id", "external_reference"],
        unique=False,
    )
    op.create_index(op.f("ix_booking_venue_id"), "booking", ["venue_id"], unique=False)
    op.create_index(op.f("ix_booking_venue_id_starts_at"), "booking", ["venue_id", "starts_at"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=300), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(address) <= 64", name=op.f("ck_login_session_address_length")),
        sa.CheckConstraint("length(token_hash) <= 64", name=op.f("ck_login_session_token_hash_length")),
        sa.CheckConstraint("length(user_agent) <= 300", name=op.f("ck_login_session_user_agent_length")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_login_session_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_login_session_uuid")),
    )
    op.create_index(op.f("ix_login_session_member_id"), "login_session", ["member_id"], unique=False)
    op.create_table(
        "qualification",
        sa.Column("id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("treatment_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_qualification_member_id")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name=op.f("fk_qualification_treatment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint("member_id", "treatment_id", name=op.f("uq_qualification_member_id_treatment_id")),
    )
    op.create_index(op.f("ix_qualification_treatment_id"), "qualification", ["treatment_id"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shift_ends_after_start")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_shift_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_shift_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_shift_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("uuid", name=op.f("uq_shift_uuid")),
    )
    op.create_index(op.f("ix_shift_member_id_starts_at"), "shift", ["member_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_shift_organisation_id"), "shift", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_shift_venue_id"), "shift", ["venue_id"], unique=False)
    op.create_index(op.f("ix_shift_venue_id_starts_at"), "shift", ["venue_id", "starts_at"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("ticket_type_id", KEY, nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("attendee_name", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("status IN ('valid', 'redeemed', 'cancelled')", name=op.f("ck_ticket_status_known")),
        sa.CheckConstraint("length(attendee_name) <= 200", name=op.f("ck_ticket_attendee_name_length")),
        sa.CheckConstraint("length(code) <= 16", name=op.f("ck_ticket_code_length")),
        sa.CheckConstraint("length(secret) <= 64", name=op.f("ck_ticket_secret_length")),
        sa.CheckConstraint("length(status) <= 20", name=op.f("ck_ticket_status_length")),
        sa.ForeignKeyConstraint(["order_id"], ["ticket_order.id"], name=op.f("fk_ticket_order_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_ticket_organisation_id")),
        sa.ForeignKeyConstraint(["ticket_type_id"], ["ticket_type.id"], name=op.f("fk_ticket_ticket_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("code", name=op.f("uq_ticket_code")),
        sa.UniqueConstraint("secret", name=op.f("uq_ticket_secret")),
        sa.UniqueConstraint("uuid", name=op.f("uq_ticket_uuid")),
    )
    op.create_index(op.f("ix_ticket_order_id"), "ticket", ["order_id"], unique=False)
    op.create_index(op.f("ix_ticket_organisation_id"), "ticket", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_ticket_ticket_type_id"), "ticket", ["ticket_type_id"], unique=False)
    op.create_table(
        "venue_member",
        sa.Column("id", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 99", name=op.f("ck_venue_member_priority_range")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_venue_member_member_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_venue_member_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_member")),
        sa.UniqueConstraint("venue_id", "member_id", name=op.f("uq_venue_member_venue_id_member_id")),
    )
    op.create_index(op.f("ix_venue_member_member_id"), "venue_member", ["member_id"], unique=False)
    op.create_table(
        "booking_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("from_status", sa.String(length=20), nullable=True),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(actor_kind) <= 20", name=op.f("ck_booking_event_actor_kind_length")),
        sa.CheckConstraint("length(actor_name) <= 200", name=op.f("ck_booking_event_actor_name_length")),
        sa.CheckConstraint("length(door) <= 20", name=op.f("ck_booking_event_door_length")),
        sa.CheckConstraint("length(from_status) <= 20", name=op.f("ck_booking_event_from_status_length")),
        sa.CheckConstraint("length(to_status) <= 20", name=op.f("ck_booking_event_to_status_length")),
        sa.CheckConstraint("length(verb) <= 40", name=op.f("ck_booking_event_verb_length")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_event_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_event")),
    )
    op.create_index(op.f("ix_booking_event_booking_id"), "booking_event", ["booking_id"], unique=False)
    op.create_table(
        "booking_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("booking_id", KEY, nullable=False),
        sa.Column("treatment_id", KEY, nullable=False),
        sa.Column("variant_id", KEY, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("buffer_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("guest_count", sa.SmallInteger(), nullable=False),
        sa.Column("price_minor", KEY, nullable=True),
        sa.Column("gender_preference", sa.String(length=10), nullable=True),
        sa.Column("room_pinned", sa.Boolean(), nullable=False),
        sa.Column("out_of_hours", sa.Boolean(), nullable=False),
        sa.Column("therapists_assigned", sa.SmallInteger(), nullable=False),
        sa.Column("offered_rank", sa.SmallInteger(), nullable=True),
        sa.Column("next_wave_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "gender_preference IS NULL OR gender_preference IN ('female', 'male')",
            name=op.f("ck_booking_item_gender_preference_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_booking_item_ends_after_start")),
        sa.CheckConstraint("guest_count BETWEEN 1 AND 20", name=op.f("ck_booking_item_guest_count_range")),
        sa.CheckConstraint("length(gender_preference) <= 10", name=op.f("ck_booking_item_gender_preference_length")),
        sa.CheckConstraint("price_minor BETWEEN 0 AND 9999999999", name=op.f("ck_booking_item_price_range")),
        sa.CheckConstraint(
            "therapists_assigned BETWEEN 0 AND guest_count", name=op.f("ck_booking_item_never_overstaffed")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_item_booking_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_booking_item_organisation_id")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name=op.f("fk_booking_item_treatment_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_booking_item_variant_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_booking_item_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_item")),
        sa.UniqueConstraint("uuid", name=op.f("uq_booking_item_uuid")),
    )
    op.create_index(op.f("ix_booking_item_booking_id"), "booking_item", ["booking_id"], unique=False)
    op.create_index(op.f("ix_booking_item_organisation_id"), "booking_item", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_booking_item_venue_id"), "booking_item", ["venue_id"], unique=False)
    op.create_index(op.f("ix_booking_item_venue_id_starts_at"), "booking_item", ["venue_id", "starts_at"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["booking_item.id"], name=op.f("fk_assignment_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_assignment_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_item_id"), "assignment", ["item_id"], unique=False)
    op.create_index(op.f("ix_assignment_member_id_item_id"), "assignment", ["member_id", "item_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", KEY, nullable=False),
        sa.Column("resource_id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=True),
        sa.Column("block_id", KEY, nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("overbooked", sa.Boolean(), nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint("(item_id IS NULL) <> (block_id IS NULL)", name=op.f("ck_claim_item_or_block")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_claim_ends_after_start")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_claim_block_id")),
        sa.ForeignKeyConstraint(["item_id"], ["booking_item.id"], name=op.f("fk_claim_item_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_claim_organisation_id")),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_claim_resource_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_claim_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_block_id"), "claim", ["block_id"], unique=False)
    op.create_index(op.f("ix_claim_item_id"), "claim", ["item_id"], unique=False)
    op.create_index(op.f("ix_claim_organisation_id"), "claim", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_claim_resource_id_starts_at"), "claim", ["resource_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_claim_venue_id"), "claim", ["venue_id"], unique=False)
    op.create_index(op.f("ix_claim_venue_id_starts_at"), "claim", ["venue_id", "starts_at"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("member_id", KEY, nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'declined', 'withdrawn', 'taken', 'cancelled')",
            name=op.f("ck_offer_status_known"),
        ),
        sa.CheckConstraint("length(reason) <= 300", name=op.f("ck_offer_reason_length")),
        sa.CheckConstraint("length(status) <= 20", name=op.f("ck_offer_status_length")),
        sa.ForeignKeyConstraint(["item_id"], ["booking_item.id"], name=op.f("fk_offer_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], name=op.f("fk_offer_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_offer_organisation_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_offer_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("item_id", "member_id", name=op.f("uq_offer_item_id_member_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_offer_uuid")),
    )
    op.create_index(op.f("ix_offer_member_id_status"), "offer", ["member_id", "status"], unique=False)
    op.create_index(op.f("ix_offer_organisation_id"), "offer", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_offer_venue_id"), "offer", ["venue_id"], unique=False)


def downgrade() -> None:
    guards.remove(op.get_bind())

    op.drop_index(op.f("ix_offer_venue_id"), table_name="offer")
    op.drop_index(op.f("ix_offer_organisation_id"), table_name="offer")
    op.drop_index(op.f("ix_offer_member_id_status"), table_name="offer")
    op.drop_table("offer")
    op.drop_index(op.f("ix_claim_venue_id_starts_at"), table_name="claim")
    op.drop_index(op.f("ix_claim_venue_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_resource_id_starts_at"), table_name="claim")
    op.drop_index(op.f("ix_claim_organisation_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_item_id"), table_name="claim")
    op.drop_index(op.f("ix_claim_block_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index(op.f("ix_assignment_member_id_item_id"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_item_id"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(op.f("ix_booking_item_venue_id_starts_at"), table_name="booking_item")
    op.drop_index(op.f("ix_booking_item_venue_id"), table_name="booking_item")
    op.drop_index(op.f("ix_booking_item_organisation_id"), table_name="booking_item")
    op.drop_index(op.f("ix_booking_item_booking_id"), table_name="booking_item")
    op.drop_table("booking_item")
    op.drop_index(op.f("ix_booking_event_booking_id"), table_name="booking_event")
    op.drop_table("booking_event")
    op.drop_index(op.f("ix_venue_member_member_id"), table_name="venue_member")
    op.drop_table("venue_member")
    op.drop_index(op.f("ix_ticket_ticket_type_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_organisation_id"), table_name="ticket")
    op.drop_index(op.f("ix_ticket_order_id"), table_name="ticket")
    op.drop_table("ticket")
    op.drop_index(op.f("ix_shift_venue_id_starts_at"), table_name="shift")
    op.drop_index(op.f("ix_shift_venue_id"), table_name="shift")
    op.drop_index(op.f("ix_shift_organisation_id"), table_name="shift")
    op.drop_index(op.f("ix_shift_member_id_starts_at"), table_name="shift")
    op.drop_table("shift")
    op.drop_index(op.f("ix_qualification_treatment_id"), table_name="qualification")
    op.drop_table("qualification")
    op.drop_index(op.f("ix_login_session_member_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(op.f("ix_booking_venue_id_starts_at"), table_name="booking")
    op.drop_index(op.f("ix_booking_venue_id"), table_name="booking")
    op.drop_index(op.f("ix_booking_organisation_id_external_reference"), table_name="booking")
    op.drop_index(op.f("ix_booking_organisation_id"), table_name="booking")
    op.drop_index(op.f("ix_booking_customer_id_starts_at"), table_name="booking")
    op.drop_index(op.f("ix_booking_api_key_id"), table_name="booking")
    op.drop_table("booking")
    op.drop_index(
        "uq_variant_default",
        table_name="variant",
        postgresql_where=sa.text("is_default AND active"),
        sqlite_where=sa.text("is_default AND active"),
    )
    op.drop_index(op.f("ix_variant_treatment_id"), table_name="variant")
    op.drop_table("variant")
    op.drop_index(op.f("ix_ticket_type_organisation_id"), table_name="ticket_type")
    op.drop_index(op.f("ix_ticket_type_event_id"), table_name="ticket_type")
    op.drop_table("ticket_type")
    op.drop_index(op.f("ix_ticket_order_venue_id"), table_name="ticket_order")
    op.drop_index(op.f("ix_ticket_order_organisation_id"), table_name="ticket_order")
    op.drop_index(op.f("ix_ticket_order_event_id_created_at"), table_name="ticket_order")
    op.drop_table("ticket_order")
    op.drop_index(op.f("ix_staff_member_organisation_id"), table_name="staff_member")
    op.drop_table("staff_member")
    op.drop_table("rate_window")
    op.drop_index(op.f("ix_block_venue_id"), table_name="block")
    op.drop_index(op.f("ix_block_resource_id_starts_at"), table_name="block")
    op.drop_index(op.f("ix_block_organisation_id"), table_name="block")
    op.drop_table("block")
    op.drop_index(op.f("ix_venue_block_venue_id"), table_name="venue_block")
    op.drop_index(op.f("ix_venue_block_organisation_id"), table_name="venue_block")
    op.drop_table("venue_block")
    op.drop_index(op.f("ix_treatment_venue_id"), table_name="treatment")
    op.drop_index(op.f("ix_treatment_organisation_id"), table_name="treatment")
    op.drop_table("treatment")
    op.drop_index(op.f("ix_special_day_venue_id_day"), table_name="special_day")
    op.drop_table("special_day")
    op.drop_index(op.f("ix_resource_venue_id"), table_name="resource")
    op.drop_index(op.f("ix_resource_organisation_id"), table_name="resource")
    op.drop_table("resource")
    op.drop_index(op.f("ix_opening_hours_venue_id"), table_name="opening_hours")
    op.drop_table("opening_hours")
    op.drop_index(op.f("ix_live_event_at"), table_name="live_event")
    op.drop_table("live_event")
    op.drop_index(op.f("ix_event_venue_id_starts_at"), table_name="event")
    op.drop_index(op.f("ix_event_venue_id"), table_name="event")
    op.drop_index(op.f("ix_event_organisation_id"), table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_audit_entry_subject"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_organisation_id_at"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_api_key_organisation_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_index(op.f("ix_venue_organisation_id"), table_name="venue")
    op.drop_table("venue")
    op.drop_index(op.f("ix_room_type_organisation_id"), table_name="room_type")
    op.drop_table("room_type")
    op.drop_index(op.f("ix_outbox_event_organisation_id"), table_name="outbox_event")
    op.drop_index(
        "ix_outbox_event_due",
        table_name="outbox_event",
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.drop_table("outbox_event")
    op.drop_index("uq_customer_phone", table_name="customer")
    op.drop_index(op.f("ix_customer_organisation_id_name_key"), table_name="customer")
    op.drop_index(op.f("ix_customer_organisation_id_email_key"), table_name="customer")
    op.drop_index(op.f("ix_customer_organisation_id"), table_name="customer")
    op.drop_table("customer")
    op.drop_table("counter")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_login_attempt_key_at"), table_name="login_attempt")
    op.drop_table("login_attempt")
