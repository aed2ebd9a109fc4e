"""What a guest likes, what she agreed to, for whom she books, and whether the desk refuses her."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.customers.consents import record_consent
from portal.customers.editing import set_preferences
from portal.customers.errors import NewerGuest
from portal.customers.flags import flag_customer, unflag_customer
from portal.customers.people import link_guests, unlink_guests
from portal.customers.queries import get_customer
from portal.errors import Invalid
from portal.models import Venue
from portal.profile.answer import again, me, saved
from portal.profile.forms import ConsentForm, FlagForm, PersonForm, PreferencesForm
from portal.profile.person_box import read_person
from portal.team.queries import therapists_of
from portal.wording import by_deposit

guest_facts = Blueprint("guest_facts", __name__)


@guest_facts.post("/<uuid:customer>/preferences")
@requires(Permission.CUSTOMER_EDIT)
def like(venue: Venue, customer: UUID) -> Response:
    """What she likes, and whom."""
    found = get_customer(venue, customer)
    form = PreferencesForm.about(found, therapists_of(venue), sent=True)
    if not form.validate():
        return again(venue, customer, likes_form=form)
    try:
        set_preferences(venue.organisation, customer=found, by=me(), **form.wish())
    except NewerGuest as newer:
        form.meet(get_customer(venue, customer), str(newer.message))
        return again(venue, customer, 409, likes_form=form)
    return saved(venue, customer, _("The preferences are saved."), section="likes")


@guest_facts.post("/<uuid:customer>/consents")
@requires(Permission.CUSTOMER_EDIT)
def consent(venue: Venue, customer: UUID) -> Response:
    """She agrees to marketing, or does so no longer."""
    found, form = get_customer(venue, customer), ConsentForm()
    try:
        if not form.validate():
            return again(venue, customer, consent_form=form)
        record_consent(venue.organisation, customer=found, by=me(), **form.wish())
    except Invalid as wrong:
        form.refuse(wrong)
        return again(venue, customer, consent_form=form)
    return saved(venue, customer, _("The answer is kept."), section="consents")


@guest_facts.post("/<uuid:customer>/people")
@requires(Permission.CUSTOMER_EDIT)
def link(venue: Venue, customer: UUID) -> Response:
    """She books for somebody."""
    found, form = get_customer(venue, customer), PersonForm()
    other, matches = read_person(venue, form, but=found)
    if other is None:
        return again(venue, customer, person_form=form, matches=matches)
    try:
        relation = form.relation.data or ""
        link_guests(venue.organisation, customer=found, other=other, relation=relation, by=me())
    except Invalid as wrong:
        form.refuse(wrong)
        return again(venue, customer, person_form=form)
    return saved(venue, customer, _("Linked."), section="people")


@guest_facts.post("/<uuid:customer>/people/<uuid:link>/remove")
@requires(Permission.CUSTOMER_EDIT)
def unlink(venue: Venue, customer: UUID, link: UUID) -> Response:
    """They have nothing to do with each other."""
    unlink_guests(venue.organisation, customer=get_customer(venue, customer), link=link, by=me())
    return saved(venue, customer, _("The link is removed."), section="people")


@guest_facts.post("/<uuid:customer>/flag")
@requires(Permission.CUSTOMER_FLAG)
def flag(venue: Venue, customer: UUID) -> Response:
    """She is refused from now on, or asked for a deposit."""
    found, form = get_customer(venue, customer), FlagForm()
    try:
        wish = {"flag": form.flag.data or "", "reason": form.reason.data or ""}
        flagged = flag_customer(venue.organisation, customer=found, by=me(), **wish)
    except Invalid as wrong:
        form.refuse(wrong)
        return again(venue, customer, flag_form=form)
    asked = by_deposit(_("A deposit is required now."), _("A down payment is required now."))
    message = _("Blocked: nobody books this guest any more.") if flagged.is_blocked else str(asked)
    return saved(venue, customer, message, section="alerts")


@guest_facts.post("/<uuid:customer>/unflag")
@requires(Permission.CUSTOMER_FLAG)
def unflag(venue: Venue, customer: UUID) -> Response:
    """She is a guest like any other again."""
    unflag_customer(venue.organisation, customer=get_customer(venue, customer), by=me())
    return saved(venue, customer, _("The flag is removed."), section="alerts")
