"""Languages: which one to show, and dates, times, money and names in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, get_currency_precision
from flask import g, has_request_context, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from portal.clock import local_date, today
from portal.wording import Worded, called

LANGUAGES = ("fr", "en")
COOKIE = "thermes-lang"
_FORMATS = {"fr": Locale.parse("fr"), "en": Locale.parse("en_GB")}


def choose_language() -> str:
    """`?lang=` → the member's choice → cookie → browser → the venue's → French."""
    if not has_request_context():
        return "fr"
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    if getattr(current_user, "locale", None) in LANGUAGES:
        return str(current_user.locale)
    venue = g.get("venue")
    return browser_language(default=venue.organisation.default_language if venue else "fr")


class Reader(Protocol):
    """Whoever opens a letter, as far as her languages go."""

    @property
    def locale(self) -> str | None: ...

    @property
    def organisation(self) -> House: ...


class House(Protocol):
    """Where she works."""

    @property
    def default_language(self) -> str: ...


def language_of_letter(reader: Reader | None) -> str:
    """What a page is shown in that a letter opens: as chosen in this browser, else in the reader's account, else as the
    browser tells, else as her house speaks.
    """
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    if asked in LANGUAGES:
        return str(asked)
    if reader is None:
        return browser_language()
    return reader.locale or browser_language(default=reader.organisation.default_language)


def browser_language(*, default: str = "fr") -> str:
    """What the browser alone tells, by cookie or header: for answers that must not ask the database."""
    if request.cookies.get(COOKIE) in LANGUAGES:
        return request.cookies[COOKIE]
    return request.accept_languages.best_match(LANGUAGES) or default


def language() -> str:
    """The language of this answer: `fr` or `en`."""
    locale = get_locale()
    return str(locale.language) if locale else "fr"


def formats() -> Locale:
    """The formats of this answer: English as in Britain, 24-hour clock and day before month."""
    return _FORMATS[language()]


def clock_time(instant: datetime, zone: str) -> str:
    """`14:30` in the given zone; the same in both languages."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def spoken_time(instant: datetime, zone: str) -> str:
    """The time of day in a letter to a guest: `14 h 30` in French, `14:30` in English; screens show `clock_time`."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M}" if language() == "en" else f"{local.hour}\u00a0h\u00a0{local:%M}"


def long_date(day: date) -> str:
    """`vendredi 20 novembre 2026`, `Friday 20 November 2026`."""
    return format_date(day, f"EEEE {_day_of_month(day)} MMMM y", locale=formats())


def short_date(day: date) -> str:
    """`ven. 20 nov.`, `Fri 20 Nov`."""
    return format_date(day, f"EEE {_day_of_month(day)} MMM", locale=formats())


def month_and_year(day: date) -> str:
    """`novembre 2026`, `November 2026`."""
    return format_date(day, "LLLL y", locale=formats())


def weekday(day: date) -> str:
    """`lun.`, `Mon`."""
    return format_date(day, "ccc", locale=formats())


def _day_of_month(day: date) -> str:
    """The pattern of a day's number: French counts the first one, `1er décembre`."""
    return "d'er'" if day.day == 1 and language() == "fr" else "d"


def day_name(day: date, *, today: date) -> str:
    """`Today`, `Tomorrow`, else the short date, with a capital: it begins a line or a sentence."""
    if day == today:
        return _("Today")
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    text = short_date(day)
    return text[:1].upper() + text[1:]


def day_and_time(instant: datetime, zone: str) -> str:
    """`Tomorrow 15:00`, in the given zone."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{day_name(local.date(), today=today(zone))} {local:%H:%M}"


def inner_day_and_time(instant: datetime, zone: str) -> str:
    """`demain 18:30`, `tomorrow 18:30`: the same in the middle of a sentence."""
    told, day = day_and_time(instant, zone), today(zone)
    is_name = language() == "en" and local_date(instant, zone) not in {day, day + timedelta(days=1)}
    return told if is_name else told[:1].lower() + told[1:]


def date_and_time(instant: datetime, zone: str) -> str:
    """`20 nov. 2026 14:30`, in the given zone."""
    day = _day_of_month(local_date(instant, zone))
    return format_datetime(instant, f"{day} MMM y HH:mm", tzinfo=ZoneInfo(zone), locale=formats())


def dated(instant: datetime, zone: str) -> str:
    """The short date in the given zone, with its year unless it is the present one: `Fri 20 Nov`, `20 Nov 2024`."""
    day = local_date(instant, zone)
    return short_date(day) if day.year == today(zone).year else format_date(day, "d MMM y", locale=formats())


def money(minor: int, currency: str) -> str:
    """An amount in minor units, as people write it: `95,00 €`, `€95.00`."""
    return format_currency(major(minor, currency), currency, locale=formats())


def typed_amount(minor: int, currency: str) -> str:
    """An amount as it stands in a field where it is typed: `95,00`, `95.00`."""
    plain = str(major(minor, currency))
    return plain if language() == "en" else plain.replace(".", ",")


def major(minor: int, currency: str) -> Decimal:
    """Minor units as an exact decimal number of major units."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def phone(number: str | None) -> str:
    """An E.164 number as it is read aloud: `+33 6 12 34 56 78`."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class Named(Protocol):
    """Something with a French name and perhaps an English one."""

    @property
    def name(self) -> str: ...

    @property
    def name_en(self) -> str | None: ...


def name_of(thing: Named, *, at: Worded | None = None) -> str:
    """The name in the reader's language; French where there is no English one.

    It is in the words of the venue `at` which it is, else of the venue of the page; a venue's own name is as it is.
    """
    name = (thing.name_en or thing.name) if language() == "en" else thing.name
    return name if hasattr(thing, "massage_wording") else called(name, at)


def label_of(variant: object, *, at: Worded | None = None) -> str:
    """The label of a treatment's variant in the reader's language and in the words of the venue `at` which it is."""
    english = getattr(variant, "label_en", None)
    return called(str(english if language() == "en" and english else getattr(variant, "label", "")), at)
