"""What the pages of the menu show."""

from __future__ import annotations

from typing import Any

from portal.clock import now
from portal.models import Treatment, Variant, Venue
from portal.settings.menu.forms import TreatmentForm, VariantForm, treatment_values, variant_values
from portal.settings.menu.queries import all_treatments, bookings_of, get_treatment, get_variant, is_used, who_can
from portal.settings.menu.words import FAMILIES, KINDS
from portal.settings.page import around
from portal.settings.rooms.queries import types_of


def listing(venue: Venue) -> dict[str, Any]:
    """The context of `settings/menu/index.html`."""
    menu = all_treatments(venue)
    return around(venue) | {
        "venue": venue,
        "menu": [one for one in menu if one.active],
        "archived": [one for one in menu if not one.active],
        "kinds": KINDS,
    }


def beside(venue: Venue, treatment: Treatment) -> dict[str, Any]:
    """What stands beside the form of a treatment."""
    return {
        "treatment": treatment,
        "families": FAMILIES,
        "ahead": len(bookings_of(venue, treatment, at=now())),
        "can_delete": not is_used(venue, treatment),
    }


def sent_treatment(venue: Venue, treatment: Treatment | None = None) -> TreatmentForm:
    """The form as it was sent."""
    team = [member for member, _can, _all in who_can(venue, treatment)]
    return TreatmentForm(venue=venue, types=types_of(venue), team=team)


def treatment_form(venue: Venue, treatment: Treatment) -> TreatmentForm:
    """The form as the treatment stands now."""
    found, team = get_treatment(venue, treatment.uuid), who_can(venue, treatment)
    values = treatment_values(found, [member for member, can, _all in team if can])
    team_alone = [member for member, _can, _all in team]
    return TreatmentForm.of(found.version, values, venue=venue, types=types_of(venue), team=team_alone)


def new_treatment(venue: Venue) -> TreatmentForm:
    """The form of a treatment that is not there yet: everybody can do it."""
    team = [member for member, _can, _all in who_can(venue, None)]
    return TreatmentForm(
        formdata=None, venue=venue, types=types_of(venue), team=team, min_participants=1, max_participants=1,
        buffer_minutes=0, therapists=[str(one.uuid) for one in team],
    )  # fmt: skip


def variant_form(venue: Venue, treatment: Treatment, variant: Variant) -> VariantForm:
    """The form as the variant stands now."""
    found = get_variant(venue, treatment, variant.uuid)
    return VariantForm.of(found.version, variant_values(found, venue.currency), currency=venue.currency)
