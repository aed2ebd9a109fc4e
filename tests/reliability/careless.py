"""`flask worker` without the care that it takes of each row: the controls of test_killed_workers.py.

`early` ticks a row off before it is carried; `shared` takes rows that another worker has in hand.
"""

from __future__ import annotations

import os
import runpy
from datetime import timedelta

import portal.webhooks.delivery as delivery
from portal.models import OutboxEvent

_settle = delivery._settle


def _carry_ticked_off(event: OutboxEvent) -> None:
    lease = event.lease_until
    _settle(event, lease, error=None)
    for tell in delivery.SUBSCRIBERS[event.type]:
        tell(event)


if os.environ["PORTAL_CARELESS"] == "early":
    delivery._carry = _carry_ticked_off
else:
    delivery.LEASE = timedelta(0)

runpy.run_module("flask", run_name="__main__", alter_sys=True)
