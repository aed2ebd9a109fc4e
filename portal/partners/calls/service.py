"""The log of calls: written after the answer has left, shortened by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, or_, select

from portal.database import append, atomic, db
from portal.models import ApiCall

# Of each key so many are kept, and no longer than this.
KEPT, KEPT_FOR = 100, timedelta(days=30)


@atomic
def keep_call(call: ApiCall) -> None:
    """One more line, in a transaction of its own: one statement."""
    append(call)


def trim_calls(*, at: datetime) -> int:
    """Forget all but the last calls of each key. Part of the transaction around it."""
    place = func.row_number().over(partition_by=ApiCall.api_key_id, order_by=ApiCall.id.desc())
    placed = select(ApiCall.id, place.label("place")).subquery()
    beyond = select(placed.c.id).where(placed.c.place > KEPT)
    gone = delete(ApiCall).where(or_(ApiCall.id.in_(beyond), ApiCall.at < at - KEPT_FOR))
    result = db.session.execute(gone, execution_options={"synchronize_session": False})
    return result.rowcount if isinstance(result, CursorResult) else 0
