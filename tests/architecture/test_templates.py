"""Templates: all compile, all are used, every named fragment exists, nothing that the CSP or escaping forbids."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from jinja2 import meta

from tests.support.source import modules, templates

NAMED = re.compile(r"[a-z_]+(/[a-z_]+)*\.(html|txt)(#[a-z_]+)?")
BY_STATUS = re.compile(r"errors/\d{3}\.html")  # portal/errors.py puts the number in
FORBIDDEN = {
    r"\|\s*safe\b": "Escape: build HTML in templates, not in strings.",
    r"{%-?\s*autoescape\s+false": "Escape everything.",
    r"<[^>]*\sstyle\s*=": "The CSP refuses style attributes: use a class.",
    r"<[^>]*\son[a-z]+\s*=\s*[\"']": "The CSP refuses inline handlers: use a module in static/js.",
    r"\bhx-on\b|\bhx-on:": "hx-on needs eval, which the CSP refuses: use a module in static/js.",
    r"\bhx-vals\s*=\s*[\"']js:": "js: needs eval, which the CSP refuses.",
    r"\bhx-trigger\s*=\s*[\"'][^\"']*\[[^\]]*\]": "Trigger filters need eval, which the CSP refuses.",
    r"\bhx-sse-|\bsse-swap\b|\bsse-connect\b|\bhx-ext\b": "That is htmx 2: we use htmx 4.",
    r"<style\b": "Styles stand in static/css.",
    r"href\s*=\s*[\"']#[\"']": "A link goes somewhere: use a button.",
}


def test_all_compile(portal: Flask) -> None:
    broken = {}
    for name in templates():
        try:
            portal.jinja_env.get_template(name)
        except Exception as error:  # noqa: BLE001  (all are told at once)
            broken[name] = str(error)
    assert not broken, f"These templates do not compile: {broken}"


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_nothing_forbidden(pattern: str) -> None:
    wrong = [
        f"templates/{name}:{text[: found.start()].count(chr(10)) + 1} {found.group()[:80]}"
        for name, text in templates().items()
        for found in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert not wrong, "\n".join([*wrong, FORBIDDEN[pattern]])


def test_what_views_name_exists(portal: Flask) -> None:
    wrong = []
    for where, target in _targets():
        name, _, block = target.partition("#")
        if name not in templates():
            wrong.append(f"{where}: there is no template {name}")
        elif block and block not in portal.jinja_env.get_template(name).blocks:
            wrong.append(f"{where}: templates/{name} has no block {block}")
    assert not wrong, "\n".join(wrong)


def test_every_template_is_used(portal: Flask) -> None:
    used = {target.partition("#")[0] for _where, target in _targets()} | set(filter(BY_STATUS.fullmatch, templates()))
    for text in templates().values():
        used |= {name for name in meta.find_referenced_templates(portal.jinja_env.parse(text)) if name}
    unused = {name for name in templates() if name not in used and not name.startswith("ui/")}
    assert not unused, f"Nobody renders, extends or includes these: delete them: {sorted(unused)}"


def _targets() -> list[tuple[str, str]]:
    found = [
        (f"{module.where}:{line}", text)
        for module in modules()
        for line, text in module.strings()
        if NAMED.fullmatch(text)
    ]
    assert found, "No view names a template: this test would prove nothing."
    return found
