"""OpenAPI 3.1 of the partner API, made from its operations, shapes and bodies."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response

import portal.api.partner.shapes as shapes
from portal.api.partner.blueprint import partner
from portal.api.partner.bodies import BODIES, SLOT_UNAVAILABLE
from portal.api.partner.operations import OPERATIONS, Operation
from portal.api.schema import MAX_LIMIT, answer_json, describe

_RATE = "Only for keys with a rate limit."
_PARAMETERS: dict[str, dict[str, Any]] = {
    "venue_id": {"description": "The venue's UUID or slug.", "schema": {"type": "string"}},
    "variant_id": {"schema": {"type": "string", "format": "uuid"}},
    "customer_id": {"schema": {"type": "string", "format": "uuid"}},
    "booking_id": {
        "description": "The booking's UUID, or `ext:` and its external id or, if there is none, external reference "
        "(URL-encoded; slashes are part of it).",
        "schema": {"type": "string"},
        "examples": {"uuid": {"value": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}, "ext": {"value": "ext:STAY-ABC123"}},
    },
}


@partner.get("/openapi.json")
def openapi() -> Response:
    """The description of this API; no key is needed."""
    return answer_json(build_document())


@cache
def build_document() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Thermes partner API",
            "version": "1.0.0",
            "description": "Booking channels push bookings into a venue's agenda. JSON only. Instants are UTC, "
            "dates and times local to the venue. Members that are not described are ignored. Text with a NUL character "
            "or half of a surrogate pair is refused with the text of its member, a body with a name twice is no JSON.",
        },
        "servers": [{"url": "/v1"}],
        "paths": {"/openapi.json": {"get": _own_operation()}, **paths},
        "components": {
            "schemas": {**describe(_answers()), **BODIES, "SlotUnavailable": SLOT_UNAVAILABLE, "Error": _error(None)},
            "headers": _headers(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            },
        },
    }


def _answers() -> list[type]:
    found: list[type] = [shapes.Meta]
    for operation in OPERATIONS:
        found += [shape for shape in (operation.answer, operation.or_answer) if shape and shape not in found]
    return found


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "security": [{"bearer": [str(operation.scope)]}, {"apiKey": [str(operation.scope)]}],
        "parameters": [*_path_parameters(operation.path), *_query(operation)],
        "responses": _responses(operation),
    }
    if operation.body:
        schema = {"$ref": f"#/components/schemas/{operation.body}"}
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return described


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [{"name": name, "in": "path", "required": True, **_PARAMETERS[name]} for name in names]


def _query(operation: Operation) -> list[dict[str, Any]]:
    found = []
    if operation.dated:
        told = {"date": "One local date.", "from": "First date of a range.", "to": "Last date, at most 62 days in all."}
        found += [_in_query(name, text, {"type": "string", "format": "date"}) for name, text in told.items()]
    if operation.paged_by:
        lenient = "Out of range is clamped, what is no number falls back to the default."
        kinds: dict[str, Any] = {"type": ["integer", "string"]}
        found.append(_in_query("page", f"From 1. {lenient}", {**kinds, "default": 1}))
        limit = {**kinds, "default": operation.paged_by}
        found.append(_in_query("limit", f"From 1 to {MAX_LIMIT}. {lenient}", limit))
    return found


def _in_query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _responses(operation: Operation) -> dict[str, Any]:
    success = _response("Success", _envelope(operation))
    responses = {str(operation.status): success}
    if operation.replayed:
        responses["200"] = {**success, "description": "The booking that this `external_id` made the first time"}
    texts: dict[int, tuple[str, ...]] = {
        401: ("Missing API key", "Invalid or revoked API key"),
        429: ("Rate limit exceeded",),
        500: ("Internal server error",),
        503: ("Service unavailable",),
        **operation.errors,
    }
    if operation.body:
        texts |= {413: ("Request body too large",), 415: ("Content-Type must be application/json",)}
    for status, listed in sorted(texts.items()):
        responses[str(status)] = _failure(status, listed)
    responses["403"] = _response("Not allowed", _forbidden(operation))
    return responses


def _failure(status: int, texts: tuple[str, ...]) -> dict[str, Any]:
    schema = _error(texts)
    if "slot_unavailable" in texts:
        others = tuple(text for text in texts if text != "slot_unavailable")
        schema = {"oneOf": [{"$ref": "#/components/schemas/SlotUnavailable"}, _error(others)]}
    response = _response(" · ".join(texts), schema)
    if status == 429:
        response["headers"]["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    if status == 401:
        response["headers"] = {"WWW-Authenticate": {"schema": {"const": "Bearer"}, "required": True}}
    return response


def _forbidden(operation: Operation) -> dict[str, Any]:
    lacking = {
        "type": "object",
        "required": ["error", "missing"],
        "additionalProperties": False,
        "properties": {
            "error": {"const": "Insufficient scope"},
            "missing": {"type": "array", "items": {"const": str(operation.scope)}, "minItems": 1},
        },
    }
    texts = operation.errors.get(403)
    return {"oneOf": [lacking, _error(texts)]} if texts else lacking


def _error(texts: tuple[str, ...] | None) -> dict[str, Any]:
    """`{"error": …}` with one of the texts; one with a placeholder is a pattern."""
    told: dict[str, Any] = {"type": "string"}
    if texts and any("{" in text for text in texts):
        told["description"] = " · ".join(texts)
    elif texts:
        told["enum"] = list(texts)
    return {"type": "object", "required": ["error"], "additionalProperties": False, "properties": {"error": told}}


def _envelope(operation: Operation) -> dict[str, Any]:
    data: dict[str, Any] = _reference(operation.answer)
    if operation.or_answer:
        data = {"oneOf": [data, _reference(operation.or_answer)]}
    if operation.many:
        data = {"type": "array", "items": data}
    members = {"data": data} | ({"meta": _reference(shapes.Meta)} if operation.paged_by else {})
    return {"type": "object", "required": list(members), "additionalProperties": False, "properties": members}


def _reference(shape: type) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {"application/json": {"schema": schema}},
    }


def _headers() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0}
    return {
        "X-RateLimit-Limit": {"description": f"Requests a minute. {_RATE}", "schema": number},
        "X-RateLimit-Remaining": {"description": f"What is left of this minute. {_RATE}", "schema": number},
        "X-RateLimit-Reset": {"description": f"Unix seconds of the next minute. {_RATE}", "schema": number},
        "Retry-After": {"description": "Seconds to wait.", "required": True, "schema": number},
    }


def _own_operation() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "openapi",
        "summary": "This document.",
        "security": [],
        "responses": {"200": {"description": "OpenAPI 3.1", "content": content}},
    }
