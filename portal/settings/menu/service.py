"""What a manager does with the menu. Bookings made before keep what they were made with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

import portal.audit as audit
from portal.audit import Actor
from portal.database import atomic, db
from portal.errors import Invalid
from portal.live.service import VENUE, announce
from portal.models import Qualification, StaffMember, Treatment, Variant, Venue
from portal.settings.changing import check_version, take_over
from portal.settings.menu.queries import (
    all_treatments,
    everything_at,
    is_used,
    is_variant_used,
    lock_treatment,
    menu_keys,
    who_can,
)

Values = Mapping[str, Any]
Beside = Mapping[str, tuple[Any, Any]] | None


@atomic
def create_treatment(
    venue: Venue, *, values: Values, variant: Values, therapists: Collection[StaffMember] | None = None, by: Actor
) -> Treatment:
    """A new treatment, last on the menu, with the first way to take it. Raises Invalid."""
    _check(values)
    _check_variant(variant)
    last = max((one.sort_order or 0 for one in all_treatments(venue)), default=0)
    made = Treatment(organisation_id=venue.organisation_id, venue_id=venue.id, sort_order=last + 1, **values)
    made.variants = [Variant(**{**variant, "is_default": True})]
    db.session.add(made)
    db.session.flush()
    if therapists is not None:
        _let(venue, made, therapists)
    audit.record(by, "treatment:created", made, name=made.name)
    announce(venue, VENUE)
    return made


@atomic
def change_treatment(
    venue: Venue,
    *,
    treatment: Treatment,
    values: Values,
    therapists: Collection[StaffMember] | None = None,
    version: int | None,
    by: Actor,
) -> Treatment:
    """Take over new values, and who can do it; harmless when nothing is new.

    What kind it is stays once it was booked. Raises Stale, Invalid.
    """
    treatment = lock_treatment(venue, treatment)
    check_version(treatment, version)
    _check(values)
    if values.get("kind", treatment.kind) != treatment.kind and is_used(venue, treatment):
        raise Invalid(_("It was booked already: its kind stays. Please make a new treatment."), field="kind")
    changed = ([], []) if therapists is None else _let(venue, treatment, therapists)
    take_over(venue, treatment, values, verb="treatment:changed", by=by, beside={"therapists": changed})
    return treatment


@atomic
def archive_treatment(venue: Venue, *, treatment: Treatment, by: Actor) -> Treatment:
    """It is offered no more; bookings of it stay. Harmless twice."""
    treatment = lock_treatment(venue, treatment)
    take_over(venue, treatment, {"active": False}, verb="treatment:archived", by=by)
    return treatment


@atomic
def restore_treatment(venue: Venue, *, treatment: Treatment, by: Actor) -> Treatment:
    """It is offered again. Harmless twice."""
    treatment = lock_treatment(venue, treatment)
    take_over(venue, treatment, {"active": True}, verb="treatment:restored", by=by)
    return treatment


@atomic
def delete_treatment(venue: Venue, *, treatment: Treatment, by: Actor) -> None:
    """It never was. Raises Invalid once it was booked: then it is archived."""
    treatment = lock_treatment(venue, treatment)
    if is_used(venue, treatment):
        raise Invalid(_("It was booked already: please archive it instead."))
    audit.record(by, "treatment:deleted", treatment, name=treatment.name)
    db.session.execute(delete(Qualification).where(Qualification.treatment_id == treatment.id))
    for variant in treatment.variants:
        db.session.delete(variant)
    db.session.delete(treatment)
    announce(venue, VENUE)


@atomic
def shift_treatment(venue: Venue, *, treatment: Treatment, up: bool, by: Actor) -> None:
    """One place up or down on the menu; harmless at its end, and for what is archived."""
    menu = [one for one in all_treatments(venue) if one.active]
    here = next((place for place, one in enumerate(menu) if one.id == treatment.id), None)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(menu):
        return
    menu[here], menu[there] = menu[there], menu[here]
    for place, one in enumerate(menu, start=1):
        one.sort_order = place
    audit.record(by, "treatment:ordered", treatment, changes={"order": [here + 1, there + 1]})
    announce(venue, VENUE)


@atomic
def add_variant(venue: Venue, *, treatment: Treatment, values: Values, by: Actor) -> Variant:
    """Another way to take a treatment. Raises Invalid."""
    treatment = lock_treatment(venue, treatment)
    _check_variant(values)
    made = Variant(treatment_id=treatment.id, **{**values, "is_default": False})
    db.session.add(made)
    db.session.flush()
    db.session.expire(treatment, ["variants"])
    _choose_default(treatment, made if values.get("is_default") else None)
    audit.record(by, "variant:created", treatment, variant=made.label)
    announce(venue, VENUE)
    return made


@atomic
def change_variant(
    venue: Venue, *, treatment: Treatment, variant: Variant, values: Values, version: int | None, by: Actor
) -> Variant:
    """Take over new values; bookings made before keep their length and price. Raises Stale, Invalid.

    The one that is offered first can only hand that over to another one.
    """
    treatment = lock_treatment(venue, treatment)
    variant = next(one for one in treatment.variants if one.id == variant.id)
    check_version(variant, version)
    _check_variant(values)
    wants_first, rest = values.get("is_default", False), {k: v for k, v in values.items() if k != "is_default"}
    if variant.is_default and not wants_first:
        raise Invalid(_("Please choose another one to be offered first."), field="is_default")
    told = {"is_default": (variant.is_default, wants_first)}
    _take_variant(venue, treatment, variant, rest, by=by, beside=told)
    _choose_default(treatment, variant if wants_first else None)
    return variant


@atomic
def archive_variant(venue: Venue, *, treatment: Treatment, variant: Variant, by: Actor) -> Variant:
    """It is offered no more; bookings of it stay. Harmless twice. Raises Invalid for the last one of the treatment."""
    treatment = lock_treatment(venue, treatment)
    variant = next(one for one in treatment.variants if one.id == variant.id)
    if variant.active and sum(one.active for one in treatment.variants) == 1:
        raise Invalid(_("It is the only one: please archive the treatment."))
    _take_variant(venue, treatment, variant, {"active": False, "is_default": False}, by=by)
    _choose_default(treatment, None)
    return variant


@atomic
def restore_variant(venue: Venue, *, treatment: Treatment, variant: Variant, by: Actor) -> Variant:
    """It is offered again. Harmless twice."""
    treatment = lock_treatment(venue, treatment)
    variant = next(one for one in treatment.variants if one.id == variant.id)
    _take_variant(venue, treatment, variant, {"active": True}, by=by)
    _choose_default(treatment, None)
    return variant


@atomic
def delete_variant(venue: Venue, *, treatment: Treatment, variant: Variant, by: Actor) -> None:
    """It never was. Raises Invalid once it was booked, and for the last one of the treatment."""
    treatment = lock_treatment(venue, treatment)
    variant = next(one for one in treatment.variants if one.id == variant.id)
    if is_variant_used(venue, variant):
        raise Invalid(_("It was booked already: please archive it instead."))
    if variant.active and sum(one.active for one in treatment.variants) == 1:
        raise Invalid(_("It is the only one: please archive the treatment."))
    audit.record(by, "variant:deleted", treatment, variant=variant.label)
    db.session.delete(variant)
    db.session.flush()
    db.session.expire(treatment, ["variants"])
    _choose_default(treatment, None)
    announce(venue, VENUE)


def _take_variant(
    venue: Venue, treatment: Treatment, variant: Variant, values: Values, *, by: Actor, beside: Beside = None
) -> None:
    """The trail of a variant is that of its treatment."""
    take_over(venue, variant, values, verb="variant:changed", by=by, subject=treatment, beside=beside)


def _choose_default(treatment: Treatment, wanted: Variant | None) -> None:
    """Exactly one of those that are offered is the first one: the wanted one, else the one that is, else any."""
    offered = [one for one in treatment.variants if one.active]
    first = wanted if wanted in offered else next((one for one in offered if one.is_default), None)
    first = first or next(iter(offered), None)
    for one in treatment.variants:
        if one is not first and one.is_default:
            one.is_default = False
    db.session.flush()  # the schema allows one at a time
    if first is not None and not first.is_default:
        first.is_default = True


def _check(values: Values) -> None:
    """Raises Invalid for numbers that contradict each other."""
    low, high = values.get("min_participants", 1), values.get("max_participants", 1)
    if high < low:
        raise Invalid(_("The maximum is below the minimum."), field="max_participants")
    if values.get("deposit_kind") == "fixed" and not values.get("deposit_minor"):
        raise Invalid(_("Please say how much is asked for."), field="deposit_amount")
    if values.get("deposit_kind") == "percent" and not values.get("deposit_percent"):
        raise Invalid(_("Please say which share is asked for."), field="deposit_percent")


def _check_variant(values: Values) -> None:
    if not values.get("price_on_request") and values.get("price_minor") is None:
        raise Invalid(_("Please enter a price, or say that it is on request."), field="price")


def _let(venue: Venue, treatment: Treatment, chosen: Collection[StaffMember]) -> tuple[list[str], list[str]]:
    """These of the venue's therapists can do it, the others cannot; returns the names before and after.

    Who does everything has no row: once she does not do this one, all others are written down. Raises Invalid for
    whom nothing would be left, because that means everything.
    """
    before, after = [], []
    for member, can_now, does_all in who_can(venue, treatment):
        shall = member in chosen
        before += [member.name] if can_now else []
        after += [member.name] if shall else []
        if can_now == shall:
            continue
        if shall:
            db.session.add(Qualification(member_id=member.id, treatment_id=treatment.id))
        elif does_all:
            rest = [key for key in everything_at(venue, member) if key != treatment.id]
            _refuse_nothing_left(member, rest)
            db.session.add_all([Qualification(member_id=member.id, treatment_id=key) for key in rest])
        else:
            _refuse_nothing_left(member, menu_keys(venue, member) - {treatment.id})
            mine = (Qualification.member_id == member.id) & (Qualification.treatment_id == treatment.id)
            db.session.execute(delete(Qualification).where(mine))
    return before, after


def _refuse_nothing_left(member: StaffMember, rest: Collection[int]) -> None:
    if not rest:
        told = _("%(name)s would have no treatment left, which means all of them.", name=member.name)
        raise Invalid(told, field="therapists")
