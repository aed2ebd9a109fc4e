"""The form of a partner."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.settings.forms import SettingsForm, line


class PartnerForm(SettingsForm):
    """A partner."""

    name = line(_l("Name"), most=200, needed=True, description=_l("Who books: Staycation, ClassPass, a hotel…"))
