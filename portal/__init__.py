"""Thermes: the staff portal for spas and wellness venues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import models
from portal.assets import register_assets
from portal.commands import register_commands
from portal.config import ROOT, Settings, flask_config, read_settings
from portal.database import end_reading
from portal.errors import register_errors
from portal.extensions import babel, csrf, db, login_manager, migrate
from portal.front_door import JSON_DOORS, open_front_door
from portal.headers import register_headers
from portal.i18n import choose_language
from portal.logs import register_logs
from portal.packing import register_packing
from portal.shell import register_shell
from portal.templating import register_templating

__all__ = ["create_app", "models"]


def create_app(settings: Settings | None = None, **given: Any) -> Flask:
    """Build the application. `given` settings win over the environment. Raises config.WrongSetting."""
    settings = settings or read_settings(**given)
    app = Flask(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=settings.instance_path,
    )
    app.config.from_mapping(flask_config(settings))
    if settings.database_url is None:
        Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    db.init_app(app)
    app.teardown_appcontext(end_reading)  # in reverse too: before the session is closed
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    login_manager.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=choose_language)

    register_packing(app)  # what is asked to act after a request acts in reverse: this one last
    register_logs(app)
    register_headers(app)
    register_assets(app)
    register_templating(app)
    register_shell(app)
    open_front_door(app)
    register_errors(app, json_doors=JSON_DOORS)
    register_commands(app)
    return app
