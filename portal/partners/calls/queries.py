"""Reading the last calls of a partner."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from portal.database import db
from portal.errors import known
from portal.models import ApiCall, ApiKey, Organisation, Partner
from portal.partners.calls.service import KEPT


def last_calls(
    organisation: Organisation, partner: Partner, *, key: UUID | None = None, refused: bool = False, limit: int = KEPT
) -> Sequence[tuple[ApiCall, str]]:
    """The last calls with the names of their keys, newest first: of all keys or of one, all or the refused ones."""
    query = _calls(organisation, partner)
    if key is not None:
        query = query.where(ApiKey.uuid == key)
    if refused:
        query = query.where(ApiCall.status >= 400)
    found = db.session.execute(query.order_by(ApiCall.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in found]


def get_call(organisation: Organisation, partner: Partner, call: UUID) -> tuple[ApiCall, str]:
    """One call with the name of its key. Raises NotFound."""
    found = known(db.session.execute(_calls(organisation, partner).where(ApiCall.uuid == call)).one_or_none())
    return found[0], found[1]


def _calls(organisation: Organisation, partner: Partner) -> Select[ApiCall, str]:
    query = select(ApiCall, ApiKey.name).join(ApiKey, ApiKey.id == ApiCall.api_key_id)
    return query.where(ApiKey.organisation_id == organisation.id, ApiKey.partner_id == partner.id)
