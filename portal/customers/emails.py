"""E-mail addresses of guests."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

MAX_EMAIL = 255


def is_email(text: str) -> bool:
    """Whether the text is an address that mail could be sent to. Nobody is asked whether it exists."""
    try:
        # Partners try their integration with addresses in `.test`, which is reserved for that.
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return len(text) <= MAX_EMAIL


def email_key(address: str) -> str:
    """The address as it is compared: without case."""
    return address.casefold()[:MAX_EMAIL]
