"""Phone numbers, however they are written."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

_LONGEST = 60


def parse_phone(text: str, country: str | None) -> str | None:
    """The number in E.164, None when the text is none.

    Numbers without an international prefix are those of `country` (ISO 3166-1 alpha-2). Whether the number is in use
    is not asked: only that it could be.
    """
    if len(text) > _LONGEST or any(char.isalpha() for char in text.removeprefix("tel:")):
        return None
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE or number.extension:
        return None
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    # Zeros that no plan knows are read differently from one time to the next: no such number can be found again.
    return written if _as_e164(written) == written else None


def _as_e164(text: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(text), PhoneNumberFormat.E164)
