"""Signed in without the page: for the tests of everything that lies behind it."""

from __future__ import annotations

import secrets

from portal.clock import now
from portal.models import LoginSession, StaffMember
from portal.session.service import hash_token
from tests.factories import save
from tests.support.client import PageClient

COOKIE = "thermes"


def sign_in(client: PageClient, member: StaffMember) -> LoginSession:
    """From now on the client's requests are the member's."""
    token = secrets.token_urlsafe(32)
    login = save(LoginSession.start(member, token_hash=hash_token(token), address=None, user_agent=None, at=now()))
    client.set_cookie(COOKIE, token)
    return login
