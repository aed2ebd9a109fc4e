"""What the owner of an account is written: the rows of the outbox that ask for it. The letters are portal/account/."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from portal.models import LoginLink, StaffMember
from portal.webhooks import outbox

ACCOUNT_LINK, ACCOUNT_NOTICE = "account.link", "account.notice"


class Kind(StrEnum):
    """Something happened to her account, and perhaps it was not she."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (no secret)
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    FACTOR_RESET = "factor_reset"
    CODES_RENEWED = "codes_renewed"
    CODE_USED = "code_used"
    EMAIL_CHANGED = "email_changed"


def send_link(link: LoginLink) -> None:
    """The letter with the link leaves after the commit; its token is made only then."""
    outbox.publish(ACCOUNT_LINK, link)  # type: ignore[arg-type]  # its member, and so its organisation, is known


def tell(member: StaffMember, kind: Kind, **details: Any) -> None:
    """The letter that says so leaves after the commit."""
    outbox.publish(ACCOUNT_NOTICE, member, kind=str(kind), **details)
