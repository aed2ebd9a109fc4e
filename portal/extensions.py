"""The Flask extensions, created unbound; `create_app` binds them."""

from __future__ import annotations

from typing import cast

from babel.support import NullTranslations
from flask_babel import Babel, Domain, get_locale
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from portal.database import db


class Catalogue(Domain):
    """Finds the words of a language by its name alone: a page asks for them hundreds of times."""

    def get_translations(self) -> NullTranslations:
        """The words of this answer's language; outside a request nothing is translated."""
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        if locale.language not in self.cache:
            self.cache[locale.language] = super().get_translations()  # type: ignore[no-untyped-call]  # half typed
        return cast("NullTranslations", self.cache[locale.language])


migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
babel.domain_instance = Catalogue()  # type: ignore[no-untyped-call]

__all__ = ["babel", "csrf", "db", "login_manager", "migrate"]
