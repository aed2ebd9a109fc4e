"""Signed in without the page: for the tests of everything that lies behind it."""

from __future__ import annotations

import secrets

from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from portal.clock import now
from portal.models import LoginSession, StaffMember
from portal.session.service import hash_token
from tests.factories import save
from tests.support.client import PageClient

COOKIE = "thermes"


def sign_in(client: PageClient, member: StaffMember) -> LoginSession:
    """From now on the client's requests are the member's."""
    token, login = open_session(member)
    client.set_cookie(COOKIE, token)
    return login


def open_session(member: StaffMember) -> tuple[str, LoginSession]:
    """A session of the member: what its cookie holds, and its row."""
    token = secrets.token_urlsafe(32)
    return token, save(
        LoginSession.start(member, token_hash=hash_token(token), address=None, user_agent=None, at=now())
    )


def new_form(client: PageClient) -> str:
    """The token that forms of this browser carry from now on."""
    token, cookie = issue_form(client.application)
    client.set_cookie(client.application.config["SESSION_COOKIE_NAME"], cookie)
    return token


def issue_form(app: Flask) -> tuple[str, str]:
    """The token that the forms of one browser carry, as any page would have given it, and what its cookie holds."""
    with app.app_context(), app.test_request_context():  # of its own: `g` would remember the last browser's
        token = str(generate_csrf())
        kept = SecureCookieSessionInterface().get_signing_serializer(app)
        assert kept is not None
        return token, str(kept.dumps(dict(session)))


def new_cookie(member: StaffMember) -> str:
    """What the cookie of a new session of the member holds. The member herself may belong to no session any more."""
    token, ends = secrets.token_urlsafe(32), now() + member.session_limits[1]
    save(LoginSession(member_id=member.id, token_hash=hash_token(token), expires_at=ends))
    return token
