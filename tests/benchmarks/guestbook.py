"""Guests and their bookings by the hundred thousand, written by the database itself.

Names are drawn from as many as a country has: one guest in a hundred is called Martin, the others share some thirty
thousand names. Each guest is found by the same beginnings that the portal writes.
"""

from __future__ import annotations

from sqlalchemy import func, literal_column, select, text
from sqlalchemy import table as named

from portal.database import db
from portal.folding import fold
from tests.benchmarks.spa import Spa

FIRST = (
    "Hélène", "Chloé", "Margaux", "Jeanne", "Adèle", "Zoé", "Inès", "Noémie", "Élise", "Agathe", "Mathilde", "Anaïs",
    "Céline", "Béatrice", "Odile", "Yasmine", "Fatou", "Antoine", "Baptiste", "Étienne", "Gaël", "Loïc", "Rémi", "Théo",
)  # fmt: skip
SYLLABLES = (
    "ba", "ber", "bon", "cha", "che", "cla", "cor", "da", "del", "du", "fa", "fer", "fon", "ga", "gi", "gou", "la",
    "le", "lo", "ma", "mer", "mo", "na", "ne", "no", "pa", "per", "po", "ra", "re", "ri", "ro", "sa", "se", "so",
)  # fmt: skip
LENGTHS = tuple(range(3, 12))


def fill(spa: Spa, guests: int, bookings: int) -> None:
    """So many guests and completed bookings, spread over two years before today."""
    words = {
        "org": spa.venue.organisation_id, "venue": spa.venue.id, "variant": spa.variant.id, "guests": guests,
        "treatment": spa.variant.treatment_id, "bookings": bookings,
    }  # fmt: skip
    connection = db.session.connection(execution_options={"thermes_write": True})
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # no request writes so much at once
    for table, column, values in (("bench_first", "name", FIRST), ("bench_part", "name", SYLLABLES)):
        connection.execute(
            text(f"CREATE TEMPORARY TABLE {table} (id INTEGER PRIMARY KEY, {column} VARCHAR, k VARCHAR)")
        )
        rows = [{"id": place, "name": value, "k": fold(value)} for place, value in enumerate(values)]
        connection.execute(text(f"INSERT INTO {table} VALUES (:id, :name, :k)"), rows)  # noqa: S608  (two of our own)
    for sql in _STATEMENTS:
        found = _spoken(sql, is_sqlite=is_sqlite)
        connection.execute(text(found), {name: value for name, value in words.items() if f":{name}" in found})
    if not is_sqlite:
        for table in ("customer", "booking", "booking_item", "booking_event"):
            newest = select(func.max(literal_column("id"))).select_from(named(table)).scalar_subquery()
            connection.execute(select(func.setval(func.pg_get_serial_sequence(table, "id"), newest)))
    db.session.commit()


def _spoken(sql: str, *, is_sqlite: bool) -> str:
    """The same statement in the words of each database."""
    pairs = {
        "UUID()": ("lower(hex(randomblob(16)))", "gen_random_uuid()"),
        "JSON_NONE": ("'{}'", "'{}'::json"),
        "JSON_LIST": ("'[]'", "'[]'::json"),
        "NO": ("0", "false"),
        "SERIES(:guests)": (_SERIES.format("guests"), "generate_series(1, CAST(:guests AS bigint)) AS s(n)"),
        "SERIES(:bookings)": (_SERIES.format("bookings"), "generate_series(1, CAST(:bookings AS bigint)) AS s(n)"),
        "DAYS_AGO": (
            "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || (5 + n * 7919 % 700) || ' days')",
            "date_trunc('hour', now()) - make_interval(days => CAST(5 + n * 7919 % 700 AS int))",
        ),
        "AN_HOUR_LATER": (
            "strftime('%Y-%m-%d %H:%M:%f000', starts_at, '+1 hour')", "starts_at + interval '1 hour'"
        ),
        "CURRENT": ("strftime('%Y-%m-%d %H:%M:%f000', 'now')", "now()"),
    }  # fmt: skip
    sizes = {"SQUARE": len(SYLLABLES) ** 2, "PARTS": len(SYLLABLES), "FIRSTS": len(FIRST)}
    pairs |= {word: (str(size), str(size)) for word, size in sizes.items()}
    for word, spoken in pairs.items():
        sql = sql.replace(f"@{word}", spoken[0 if is_sqlite else 1])
    return sql


_SERIES = (
    "(WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :{}) "
    "SELECT n FROM counted) AS s"
)
_PHONE = """
    INSERT INTO customer_key (customer_id, organisation_id, key)
    SELECT id, organisation_id, 'p' || substr(phone, length(phone) - @LENGTH + 1) FROM customer WHERE id > 1000
"""
# Numbers by a prime: no two guests share one, and all digits occur everywhere.
_STATEMENTS = (
    """
    INSERT INTO customer (id, organisation_id, uuid, first_name, last_name, name_key, order_key, email, email_key,
        phone, language, preferences, email_consent, sms_consent, profile_completed, created_at, updated_at, version)
    SELECT 1000 + n, :org, @UUID(), f.name, last, f.k || ' ' || lower(last), lower(last) || ' ' || f.k,
        f.k || '.' || lower(last) || n || '@example.org', f.k || '.' || lower(last) || n || '@example.org',
        '+336' || substr('' || (100000000 + (n * 48271) % 99999989), 2), 'fr', @JSON_NONE, @NO, @NO, @NO,
        @CURRENT, @CURRENT, 1
    FROM (
        SELECT n, CASE WHEN n % 100 = 0 THEN 'Martin' ELSE upper(substr(a.name, 1, 1)) || substr(a.name, 2)
            || b.name || c.name END AS last
        FROM @SERIES(:guests)
        JOIN bench_part a ON a.id = n % @PARTS
        JOIN bench_part b ON b.id = (n / @PARTS) % @PARTS
        JOIN bench_part c ON c.id = (n / @SQUARE) % @PARTS
    ) named JOIN bench_first f ON f.id = n % @FIRSTS
    """,
    """
    INSERT INTO customer_key (customer_id, organisation_id, key)
    SELECT id, organisation_id, 'n' || replace(name_key, ' ', '') FROM customer WHERE id > 1000
    UNION ALL
    SELECT id, organisation_id, 'n' || substr(name_key, 1 + length(name_key) - length(last_name))
    FROM customer WHERE id > 1000
    UNION ALL
    SELECT id, organisation_id, 'e' || email_key FROM customer WHERE id > 1000
    UNION ALL
    SELECT id, organisation_id, 'e' || substr(email_key, 2 + length(first_name)) FROM customer WHERE id > 1000
    UNION ALL
    SELECT id, organisation_id, 'eexample.org' FROM customer WHERE id > 1000
    UNION ALL
    SELECT id, organisation_id, 'eorg' FROM customer WHERE id > 1000
    """,
    *(_PHONE.replace("@LENGTH", str(length)) for length in LENGTHS),
    """
    INSERT INTO booking (id, uuid, number, organisation_id, venue_id, customer_id, status, channel, test, client_type,
        payment_status, price_minor, currency, guest_count, guest_language, starts_at, ends_at, cancellation_tiers,
        created_at, updated_at, version)
    SELECT 1000 + n, @UUID(), 1000000 + n, :org, :venue, 1001 + (n * 7919) % :guests, 'completed', 'desk', @NO,
        'external', 'paid', 9500, 'EUR', 1, 'fr', starts_at, @AN_HOUR_LATER, @JSON_LIST, starts_at, starts_at, 1
    FROM (SELECT n, @DAYS_AGO AS starts_at FROM @SERIES(:bookings)) numbered
    """,
    """
    INSERT INTO booking_item (id, uuid, booking_id, organisation_id, venue_id, treatment_id, variant_id, position,
        starts_at, ends_at, buffer_minutes, guest_count, room_pinned, out_of_hours, therapists_assigned)
    SELECT id, @UUID(), id, organisation_id, venue_id, :treatment, :variant, 0, starts_at, ends_at, 0, 1, @NO, @NO, 0
    FROM booking WHERE id > 1000
    """,
    """
    INSERT INTO booking_event (id, booking_id, at, verb, to_status, actor_kind, actor_name, door, details)
    SELECT id, id, created_at, 'requested', 'pending', 'system', 'Thermes', 'worker', @JSON_NONE
    FROM booking WHERE id > 1000
    """,
)
