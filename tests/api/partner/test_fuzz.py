"""Every operation under machine-made requests, good and bad: never a 5xx, never an answer that is not documented."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.api.partner.operations import OPERATIONS
from portal.database import db
from tests.api.client import PartnerClient
from tests.api.wishes import make_wish
from tests.factories import House

EXAMPLES = 15
POSITIVE = GenerationMode.POSITIVE
MOSTLY = st.sampled_from([True, True, True, False])
# Any text may be such an id, so a known one in its place is no good request in disguise.
FREE = {"venue_id", "booking_id"}
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance, negative_data_rejection,
]  # fmt: skip


@pytest.mark.parametrize("mode", [POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: str(mode.value))
def test_no_request_breaks_an_operation(app: Flask, house: House, partner: PartnerClient, mode: GenerationMode) -> None:
    known = known_ids(partner, house)
    seen: Counter[tuple[str, int]] = Counter()
    db.session.commit()

    def run() -> None:
        document = schemathesis.openapi.from_wsgi("/v1/openapi.json", app)
        for operation in OPERATIONS:
            fuzz(document.find_operation_by_id(operation.name), mode, house, known, seen)

    with ThreadPoolExecutor(1) as pool:  # a thread has no application context that requests would share
        pool.submit(run).result()
    reached = {name for name, status in seen if status < 300}
    if mode is POSITIVE:
        unreached = {operation.name for operation in OPERATIONS} - reached
        assert not unreached, f"A run of refusals proves nothing: {unreached} of {seen}"


def fuzz(operation: Any, mode: GenerationMode, house: House, known: dict[str, list[str]], seen: Counter[Any]) -> None:
    """Send the operation many times; most of its ids are ones that exist, most bodies nearly good ones."""

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def send(case: Case[Any], data: st.DataObject) -> None:
        for name in case.path_parameters:
            if data.draw(MOSTLY) and (mode is POSITIVE or name in FREE):
                case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
        if mode is POSITIVE and data.draw(MOSTLY):
            make_it_good(case, house, data.draw(st.integers(0, 6)))
        response = case.call(headers={"Authorization": f"Bearer {house.key}"})
        seen[operation.definition.raw["operationId"], response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    send()


def make_it_good(case: Case[Any], house: House, days: int) -> None:
    """Put what a machine would never guess into the request."""
    if isinstance(case.body, dict) and "variant_id" in case.body:
        case.body.update(make_wish(house, days=days))
    if "availability" in case.path:
        case.query = {"date": (house.day + timedelta(days=days)).isoformat()}


def known_ids(partner: PartnerClient, house: House) -> dict[str, list[str]]:
    """Ids that lead somewhere."""
    made = [partner.book(make_wish(house, at, external_id=f"E/{at}")) for at in ("09:00", "11:00")]
    [guest] = partner.data("/venues/lutetia/customers")
    return {
        "venue_id": ["lutetia", str(house.lutetia.uuid), "lutetia"],
        "variant_id": [str(house.single.uuid), str(house.duo.uuid)],
        "customer_id": [guest["id"]],
        "booking_id": [made[0]["id"], "ext:E%2F11:00", made[1]["id"]],
    }
