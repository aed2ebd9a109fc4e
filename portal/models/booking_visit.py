"""What becomes of a booking while its guest is there: the steps that the desk and the therapist take."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.models.booking_states import COMPLETED, CONFIRMED, NOSHOW, ONGOING, PENDING, NotNow
from portal.models.participant import Participant

if TYPE_CHECKING:
    from portal.audit import Actor


class Followed:
    """The steps of a visit, as part of the booking."""

    if TYPE_CHECKING:
        status: Any
        is_underway: Any
        participants: Any
        starts_at: Any
        arrived_at: Any
        began_at: Any
        finished_at: Any

        def _become(self, status: str, verb: str, *, by: Actor, at: datetime, **details: Any) -> None: ...

    def arrive(self, *, by: Actor, at: datetime, who: Participant | None = None) -> None:
        """The guest is here, or one of several (`who`; without it all of them); the status stays as it is.

        Harmless when noted before. Raises NotNow once the visit is over.
        """
        if self.status not in {PENDING, CONFIRMED, ONGOING}:
            raise NotNow()
        expected = [one for one in ([who] if who else self.participants) if one.is_in and one.arrived_at is None]
        if self.arrived_at is not None and not expected:
            return
        for one in expected:
            one.arrived_at = at
        self.arrived_at = self.arrived_at or at
        details = {"guest": who.label} if who and who.label else {}
        self._become(self.status, "arrived", by=by, at=at, **details)

    def begin(self, *, by: Actor, at: datetime) -> None:
        """The treatment has begun. Harmless when it had; raises NotNow unless the booking is confirmed."""
        if self.status == ONGOING:
            return
        if self.status != CONFIRMED:
            raise NotNow()
        self.began_at = at
        self._become(ONGOING, "begun", by=by, at=at)

    def complete(self, *, by: Actor, at: datetime, just_now: bool = False) -> None:
        """The visit is over, perhaps at this very moment.

        Harmless when it was; raises NotNow unless the booking is confirmed or ongoing.
        """
        if self.status == COMPLETED:
            return
        if not self.is_underway:
            raise NotNow()
        self.finished_at = at if just_now else None
        self._become(COMPLETED, "completed", by=by, at=at)

    def mark_noshow(self, *, by: Actor, at: datetime) -> None:
        """The guest did not come. Harmless when noted before; raises NotNow before the start, and once it is over."""
        if self.status == NOSHOW:
            return
        if self.status not in {PENDING, CONFIRMED, ONGOING} or at < self.starts_at:
            raise NotNow()
        self._become(NOSHOW, "noshow", by=by, at=at)
