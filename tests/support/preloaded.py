"""What each start of the portal would work out anew from files: worked out once, by the process that it is forked from.

To import this module is to do it; processes.py has it imported there, and nobody else should.
"""

from __future__ import annotations

from pathlib import Path

from babel import Locale
from sqlalchemy.orm import configure_mappers

from portal import create_app
from portal.assets import _served
from portal.config import read_settings
from portal.i18n import LANGUAGES
from tests.support.compiled import compile_once

compile_once()
configure_mappers()
for language in LANGUAGES:
    assert Locale.parse(language).datetime_skeletons  # to ask is to read the file
_app = create_app(
    read_settings(environment="testing", secret_key="that-nothing-is-signed-with", database_url="sqlite:///no-database")
)
for name in _app.jinja_env.list_templates(extensions=("html", "txt")):
    _app.jinja_env.get_template(name)
for file in Path(_app.static_folder or "").rglob("*"):
    if file.is_file():
        _served(str(file))
