"""The blueprint of the partner API, which its nouns register their operations with."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.api import keys


class JsonBlueprint(Blueprint):
    """Paths mean what they say: no redirect (which would be a page) joins doubled slashes."""

    def add_url_rule(self, rule: str, *args: Any, **options: Any) -> None:
        super().add_url_rule(rule, *args, **{"merge_slashes": False, **options})


partner = JsonBlueprint("partner", __name__)
partner.after_request(keys.finish)
