"""What the pages of a file of guests show."""

from __future__ import annotations

from typing import Any

from portal.errors import PortalError
from portal.imports import words
from portal.imports.columns import FIELDS
from portal.imports.forms import UploadForm
from portal.imports.queries import PAGE, latest_imports, lines_of_import
from portal.models import GuestImport, Venue
from portal.models.guest_import import CHECKED, CREATE, DONE, ERROR, SAME, UPDATE

ORDER = (ERROR, CREATE, UPDATE, SAME)


def upload_page(venue: Venue, form: UploadForm | None = None) -> dict[str, Any]:
    """The context of `imports/index.html`."""
    return {
        "venue": venue,
        "form": form or UploadForm(formdata=None),
        "batches": latest_imports(venue),
        "statuses": words.STATUSES,
    }


def import_page(
    venue: Venue, batch: GuestImport, *, show: str = "", page: int = 1, wrong: PortalError | None = None
) -> dict[str, Any]:
    """The context of `imports/show.html`; `show` is what the lines do that are listed."""
    there = [action for action in ORDER if batch.counts.get(action)]
    shown = show if show in there else next(iter(there), "")
    lines = lines_of_import(venue, batch, action=shown, page=page) if batch.status in {CHECKED, DONE} and shown else []
    return {
        "venue": venue,
        "batch": batch,
        "fields": FIELDS,
        "shown": shown,
        "there": there,
        "lines": lines[:PAGE],
        "more": len(lines) > PAGE,
        "page": page,
        "actions": words.DONE if batch.status == DONE else words.ACTIONS,
        "fault": words.fault_in_words,
        "wrong": wrong,
        "good": sum(batch.counts.get(action, 0) for action in (CREATE, UPDATE)),
        "percent": round(100 * batch.processed / batch.total) if batch.total else 0,
    }
