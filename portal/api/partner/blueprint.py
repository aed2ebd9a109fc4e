"""The blueprint of the partner API, which its nouns register their operations with."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import PathConverter

from portal.api import guard


class JsonBlueprint(Blueprint):
    """Paths mean what they say: no redirect (which would be a page) joins doubled slashes."""

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        super().add_url_rule(rule, *args, **{"merge_slashes": False, **options})


class RestOfPath(PathConverter):
    """Everything that is left of a path: slashes as the `path` converter has them, and line breaks too."""

    regex = r"(?s:[^/].*?)"


def _know_converter(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["rest"] = RestOfPath


partner = JsonBlueprint("partner", __name__)
partner.record_once(_know_converter)
partner.after_request(guard.finish)
