"""The post, as at the sign-in page."""

from __future__ import annotations

from tests.session.conftest import client, new_client, post

__all__ = ["client", "new_client", "post"]
