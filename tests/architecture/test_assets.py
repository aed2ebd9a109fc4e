"""What is served of static/: shorter than what we write, and the same to a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import tree_sitter
import tree_sitter_javascript
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from portal.assets import asset, squeeze_css
from tests.support.source import ROOT

STATIC = ROOT / "static"
SCRIPTS = sorted(file.name for file in STATIC.glob("js/*.js"))
SHEETS = sorted(file.name for file in STATIC.glob("css/*.css"))
YEAR = "public, immutable, max-age=31536000"
HTMX, FONT = "vendor/htmx-4.0.1/htmx.min.js", "fonts/figtree-5.3.0-latin.woff2"
# What Chromium makes of a style sheet; it keeps a value with a var() in it, and a condition, as they were written.
RULES = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return [...sheet.cssRules].map(rule => rule.cssText).join("\\n").replace(/([,:]) /g, "$1");
}"""


@pytest.fixture
def visitor(portal: Flask) -> Iterator[FlaskClient]:
    """Nobody in particular; the portal's addresses can be made."""
    with portal.test_request_context():
        yield FlaskClient(portal, portal.response_class)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_shorter_and_says_the_same(visitor: FlaskClient, name: str) -> None:
    written, served = (STATIC / "js" / name).read_text(), visitor.get(asset(f"js/{name}")).text
    assert len(served) < len(written)
    assert "/*" not in served
    assert _meaning(served) == _meaning(written), f"static/js/{name} suffers from rjsmin: write that part differently."


@pytest.mark.browser
@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_is_shorter_and_says_the_same(visitor: FlaskClient, browser: Browser, name: str) -> None:
    written, served = (STATIC / "css" / name).read_text(), visitor.get(asset(f"css/{name}")).text
    assert len(served) < len(written)
    assert "/*" not in served
    page = browser.new_page()
    try:
        assert page.evaluate(RULES, served) == page.evaluate(RULES, written)
    finally:
        page.close()


@pytest.mark.parametrize(("one", "other"), [
    ("const a = `x  ${f(`b  c`)}`;", "const a = `x  ${f(`b c`)}`;"), ("a\n(b)", "a;(b)"), ("a => /b c/", "a => /b  c/"),
    ("let a", "let b"),
])  # fmt: skip
def test_another_meaning_would_be_noticed(one: str, other: str) -> None:
    assert _meaning(one) != _meaning(other)


@pytest.mark.parametrize("damaged", ["let a = ;", "a ? b", "`a"])
def test_a_script_that_is_wrong_would_be_noticed(damaged: str) -> None:
    with pytest.raises(AssertionError):
        _meaning(damaged)


@pytest.mark.parametrize(("written", "squeezed"), [
    ("/* why */ a , b > c { color : red ; }", "a,b>c{color :red;}"),
    (".t :is(td, th)  :hover { top: calc(1px + 2px) }", ".t :is(td,th) :hover{top:calc(1px + 2px)}"),
    ("@container (width < 9px) and (a) { b { --c: 1, 2 } }", "@container (width < 9px) and (a){b{--c:1,2}}"),
    ("a::before { content: \" , /* \"; }", 'a::before{content:" , /* ";}'),
    (":root\n{ & > a:not( .b ) { inset: 0 } }", ":root{&>a:not(.b){inset:0}}"),
])  # fmt: skip
def test_spaces_that_mean_something_stay(written: str, squeezed: str) -> None:
    assert squeeze_css(written) == squeezed


@pytest.mark.parametrize("path", ["js/app.js", "css/app.css", "icons.svg", HTMX])
def test_what_is_asked_for_by_its_content_is_kept_for_a_year(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(asset(path))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == YEAR
    assert _asked_again(visitor, asset(path), answer).status_code == 304


@pytest.mark.parametrize("query", ["", "?v=0123456789ab"])
def test_what_may_be_another_content_tomorrow_is_asked_for_again(visitor: FlaskClient, query: str) -> None:
    answer = visitor.get(f"/static/js/app.js{query}")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = _asked_again(visitor, "/static/js/app.js", answer)
    assert (again.status_code, again.data) == (304, b"")


def test_what_carries_its_version_in_its_name_is_kept_for_a_year(visitor: FlaskClient) -> None:
    answer = visitor.get(f"/static/{FONT}")
    assert answer.headers["Cache-Control"] == YEAR
    assert answer.mimetype == "font/woff2"


@pytest.mark.parametrize("path", [HTMX, FONT, "icons.svg", "favicon.svg"])
def test_what_others_made_is_sent_as_it_is(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/static/{path}").data == (STATIC / path).read_bytes()


def test_a_part_can_be_asked_for(visitor: FlaskClient) -> None:
    whole = visitor.get("/static/css/app.css").data
    part = visitor.get("/static/css/app.css", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole[10:20])


@pytest.mark.parametrize("path", ["", "css", "css/", "css/none.css", "..%2fwsgi.py", "%00", "css/%00.css", "x" * 5000])
def test_there_is_no_such_file(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(f"/static/{path}").status_code == 404


def _asked_again(visitor: FlaskClient, address: str, answer: TestResponse) -> TestResponse:
    return visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})


def _meaning(script: str) -> list[tuple[str, str]]:
    """The syntax tree without comments; AssertionError when there is none."""
    tree = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language())).parse(script.encode())
    assert not tree.root_node.has_error, f"Not JavaScript: {script[:200]}"
    return list(_walk(tree.root_node))


def _walk(node: tree_sitter.Node) -> Iterator[tuple[str, str]]:
    if node.type in {"comment", "html_comment"}:
        return
    is_leaf = not node.children or node.type in {"string", "regex"}
    yield node.type, (node.text or b"").decode() if is_leaf else ""
    if not is_leaf:
        for child in node.children:
            yield from _walk(child)
        yield "end", node.type
