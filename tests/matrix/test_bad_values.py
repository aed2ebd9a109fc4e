"""Every form and every parameter × the bad values: never a 500, a readable answer, and a refusal changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import quote

import pytest
from flask import Flask

from portal.database import db
from portal.live.hub import hub_of
from portal.models import StaffMember
from tests.live.conftest import empty
from tests.matrix.asking import address
from tests.matrix.bad_values import encoded
from tests.matrix.conftest import OnPostgresql
from tests.matrix.declared import DECLARED, PAGES
from tests.matrix.fingerprint import Fingerprint, changed, fingerprint
from tests.matrix.handed import handed
from tests.matrix.quiet import QuietClient, quiet
from tests.matrix.world import World
from tests.support.sign_in import new_form, sign_in

# Each field of each form, with what is sent beside a bad one: nothing that would change a row.
FIELDS: dict[str, dict[str, str]] = {
    "POST session.sign_in": {"email": "nobody@example.org", "password": "wrong", "next": "/"},
    "POST session.logout": {"anything": "x"},
    "POST entry.enter_code": {"code": "x", "next": "/"},
    "POST entry.enrol": {"code": "x", "next": "/"},
    "POST onetime.ask": {"email": ""},
    "POST onetime.choose": {"password": "x", "again": "y"},
    "POST onetime.join": {"password": "x", "again": "y"},
    "POST addresses.confirm": {"anything": "x"},
    "POST account.renew_password": {"password-current": "x", "password-password": "y", "password-again": "z"},
    "POST account.change_phone": {"phone": "nonsense"},
    "POST own_photo.keep": {"photo": "x"},
    "POST own_photo.remove": {"anything": "x"},
    "POST account.ask_address": {"address-current": "", "address-address": "x"},
    "POST account.forget_address": {"anything": "x"},
    "POST account.begin_factor": {"factor-current": ""},
    "POST account.confirm_factor": {"confirm-code": "x"},
    "POST account.renew_codes": {"factor-current": ""},
    "POST account.end_factor": {"factor-current": ""},
    "POST account.end_session": {"anything": "x"},
    "POST account.end_others": {"anything": "x"},
    "POST session.set_language": {"lang": "fr", "next": "/"},
    "POST session.set_theme": {"theme": "dark", "next": "/"},
    "POST bookings.cancel": {"reason": "", "refund_percent": "101", "version": "1"},
    "POST desk.create": {
        "id": "x",
        "customer": "",
        "create": "",
        "shared_email": "",
        "pick": "",
        "guest": "",
        "variant": "x",
        "then": "",
        "date": "x",
        "time": "x",
        "offset": "",
        "therapist": "x",
        "second": "",
        "room": "",
        "price": "x",
        "priced": "x",
        "client_type": "x",
        "room_number": "x",
        "payment_method": "x",
        "paid": "x",
        "notes": "x",
        "tell": "x",
        "overbook_reason": "x",
        "take": "x",
    },
    "POST desk.book_now": {"variant": "x", "at": "x", "id": "x"},
    "POST desk.hold": {
        "date": "x",
        "time": "x",
        "variant": "x",
        "therapist": "x",
        "room": "x",
        "notes": "x",
        "closed": "1",
    },
    "POST desk.drop": {"anything": "x"},
    "POST desk.name": {"guest": "", "customer": "", "create": "", "pick": "", "shared_email": ""},
    "POST details.save": {
        "price": "x",
        "client_type": "x",
        "guest_language": "x",
        "notes": "x",
        "room_number": "x",
        "version": "1",
        "drawn": "[]",
    },
    "POST rota.plan": {
        "member": "x",
        "day": "x",
        "start": "x",
        "end": "x",
        "reason": "x",
        "confirm": "x",
        "seen": "x",
        "version": "0",
        "publish": "x",
        "id": "x",
    },
    "POST rota.change": {
        "member": "x",
        "day": "x",
        "start": "x",
        "end": "x",
        "reason": "x",
        "confirm": "x",
        "seen": "x",
        "version": "0",
        "publish": "x",
        "id": "x",
    },
    "POST rota.copy": {"member": "x", "day": "x", "reason": "x", "confirm": "x", "seen": "x", "id": "x"},
    "POST rota.remove": {"reason": "x", "confirm": "x", "seen": "x", "version": "0"},
    "POST copies.one_day": {"source": "x", "targets": "x"},
    "POST copies.whole_weeks": {"weeks": "x"},
    "POST publishing.publish": {"weeks": "x", "seen": "x"},
    "POST patterns.create": {
        "member": "x",
        "valid_from": "x",
        "valid_until": "x",
        "weeks": "x",
        "exceptions": "x",
        "version": "0",
        "id": "x",
        "w0d0s0-start": "x",
        "w0d0s0-end": "x",
    },
    "POST patterns.save": {
        "member": "x",
        "valid_from": "x",
        "valid_until": "x",
        "weeks": "x",
        "exceptions": "x",
        "version": "0",
        "id": "x",
        "w0d0s0-start": "x",
        "w0d0s0-end": "x",
    },
    "POST patterns.remove": {"version": "0"},
    "POST patterns.apply": {"weeks": "x", "templates": "x"},
    "POST blocks.create": {
        "kind": "x",
        "who": "x",
        "day": "x",
        "start": "x",
        "end": "x",
        "last_day": "x",
        "reason": "x",
        "repeat": "x",
        "weekdays": "x",
        "repeat_until": "x",
        "confirm": "x",
        "seen": "x",
        "batch": "x",
    },
    "POST blocks.change": {
        "kind": "x",
        "day": "x",
        "start": "x",
        "end": "x",
        "last_day": "x",
        "reason": "x",
        "confirm": "x",
        "seen": "x",
        "version": "1",
    },
    "POST blocks.remove": {"scope": "x"},
    "POST moves.move": {
        "day": "x",
        "time": "x",
        "at": "x",
        "column": "",
        "instead_of": "",
        "room": "",
        "item": "",
        "alone": "",
        "tell": "x",
        "overbook_reason": "",
        "version": "0",
    },
    "POST moves.resize": {
        "minutes": "x",
        "delta": "x",
        "item": "",
        "push": "x",
        "tell": "x",
        "overbook_reason": "",
        "version": "0",
    },
    "POST tray.park": {"anything": "x"},
    "POST tray.put_back": {"anything": "x"},
    "POST keys.switch": {"on": "x"},
    "POST visits.arrived": {"participant": "x"},
    "POST visits.begun": {"participant": "x"},
    "POST visits.finished": {"participant": "x"},
    "POST visits.no_show": {"participant": "x"},
    "POST visits.settled": {"method": "shells", "version": "1"},
    "POST today.arrived": {"participant": "x"},
    "POST today.begun": {"participant": "x"},
    "POST today.finished": {"participant": "x"},
    "POST today.no_show": {"participant": "x"},
    "POST today.settled": {"method": "shells", "version": "1"},
    "POST visits.paid": {"participant": "x", "kind": "x", "amount": "x", "method": "x", "note": "x", "version": "1"},
    "POST visits.voided": {"anything": "x"},
    "POST undo.change": {"anything": "x"},
    "POST undo.latest": {"anything": "x"},
    "POST undo.put_back": {"anything": "x"},
    "POST guests.create": {
        "first_name": "Ana",
        "last_name": "Nouvelle",
        "phone": "none",
        "email": "ana@example.org",
        "language": "xx",
        "shared_email": "",
        "next": "/",
    },
    "POST profile.save": {
        "first_name": "Ana",
        "last_name": "Nouvelle",
        "phone": "none",
        "email": "ana@example.org",
        "language": "xx",
        "shared_email": "",
        "version": "1",
        "drawn": "{}",
    },
    "POST profile.aside": {"anything": "x"},
    "POST profile.back": {"anything": "x"},
    "POST guest_notes.add": {"text": "", "pinned": "x", "version": "x"},
    "POST guest_notes.change": {"text": "", "version": "x"},
    "POST guest_notes.pin": {"pinned": "x"},
    "POST guest_notes.delete": {"anything": "x"},
    "POST guest_facts.like": {
        "pressure": "x",
        "avoid": "x",
        "oil": "x",
        "music": "x",
        "talk": "x",
        "other": "x",
        "therapist": "x",
        "version": "x",
    },
    "POST guest_facts.consent": {"channel": "x", "given": "x", "way": "x", "note": "x"},
    "POST guest_facts.link": {"who": "Nobody by that name", "pick": "x", "relation": "x"},
    "POST guest_facts.unlink": {"anything": "x"},
    "POST guest_facts.flag": {"flag": "x", "reason": "x"},
    "POST guest_facts.unflag": {"anything": "x"},
    "POST guest_health.look": {"anything": "x"},
    "POST guest_health.write": {
        "allergies": "x",
        "contraindications": "x",
        "remarks": "x",
        "consent": "",
        "version": "x",
    },
    "POST series.create": {"rule": "FREQ=HOURLY", "date-2027-03-01": "x", "rest": "x"},
    "POST series.place": {"date": "x", "day": "x", "at": "x"},
    "POST series.change": {"scope": "x", "day": "x", "at": "x", "version": "0"},
    "POST series.cancel": {"reason": "", "refund_percent": "101", "scope": "x", "version": "1"},
    "POST classes.create": {"variant": "x", "day": "x", "at": "x", "therapist": "x", "room": "x", "notes": "x"},
    "POST classes.join": {"q": "Nobody by that name", "customer": "x"},
    "POST classes.leave": {"money": "x"},
    "POST classes.attended": {"anything": "x"},
    "POST classes.expected": {"anything": "x"},
    "POST classes.missed": {"anything": "x"},
    "POST classes.name": {"name": "Paul"},
    "POST classes.cancel": {"who": "x", "reason": "x", "price": "x", "refund_percent": "101", "version": "0"},
    "POST classes.absent": {"anything": "x"},
    "POST partners.create": {"name": "ClassPass"},
    "POST partners.rename": {"name": "ClassPass", "version": "0"},
    "POST partner_keys.create": {"name": "x", "scopes": "x", "rate": "60", "venue": "x", "uuid": "x", "test": "x"},
    "POST partner_keys.save": {"name": "x", "scopes": "bookings:read", "rate": "60", "version": "0"},
    "POST partner_keys.revoke": {"anything": "x"},
    "POST partner_quotas.save_week": {"on_1": "3", "version": "0"},
    "POST partner_quotas.save_days": {"first": "2027-03-01", "last": "2027-03-02", "places": "3", "version": "0"},
    "POST partner_quotas.remove_day": {"anything": "x"},
    "POST trail.export": {"who": "x", "venue": "x", "kind": "x", "since": "x", "until": "x", "about": "x"},
    "POST absences.send": {
        "kind": "x",
        "length": "x",
        "day": "x",
        "last_day": "x",
        "half": "x",
        "start": "x",
        "end": "x",
        "note": "x",
        "id": "x",
    },
    "POST absences.cancel": {"anything": "x"},
    "POST absences.sick": {"until": "x", "day": "x"},
    "POST swaps.send": {"to": "x", "other": "x", "note": "x"},
    "POST swaps.accept": {"anything": "x"},
    "POST swaps.decline": {"anything": "x"},
    "POST swaps.cancel": {"anything": "x"},
    "POST exchanges.approve": {"anything": "x"},
    "POST exchanges.refuse": {"reason": ""},
    "POST away.approve": {"leave": "x", "seen": "x"},
    "POST away.refuse": {"reason": ""},
    "POST away.give_back": {"anything": "x"},
    "POST members.send_invitation": {
        "email": "x",
        "first_name": "Ana",
        "last_name": "Nouvelle",
        "role": "x",
        "gender": "x",
        "phone": "x",
        "languages": "x",
        "venues": "x",
    },
    "POST members.change": {
        "first_name": "",
        "last_name": "x",
        "role": "x",
        "gender": "x",
        "phone": "x",
        "languages": "x",
        "venues": "x",
        "version": "0",
    },
    "POST members.set_photo": {"photo": "x"},
    "POST pictures.save": {"photo": "x"},
    "POST pictures.remove": {"anything": "x"},
    "POST members.remove_photo": {"anything": "x"},
    "POST members.invite_again": {"email": "x"},
    "POST members.reset_factor": {"reset-current": ""},
    "POST leaving.prepare": {"venue": "x"},
    "POST leaving.leave": {"ask": ""},
    "POST leaving.come_back": {"anything": "x"},
    "POST skills.save": {"can": "x", "of": "x", "seen": "x"},
    "POST settings.profile_save": {
        "name": "",
        "name_en": "x",
        "landing_subtitle": "x",
        "description": "x",
        "description_en": "x",
        "venue_type": "x",
        "address": "x",
        "postal_code": "x",
        "city": "x",
        "country": "x",
        "currency": "x",
        "vat": "x",
        "massage_wording": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST settings.rules_save": {
        "slot_interval": "x",
        "minimum_notice_minutes": "x",
        "room_turnover_buffer_minutes": "x",
        "inter_venue_buffer_minutes": "x",
        "allow_out_of_hours_booking": "x",
        "out_of_hours_surcharge_percent": "x",
        "booking_hold_enabled": "x",
        "booking_hold_duration_minutes": "x",
        "therapist_escalation_delay_minutes": "x",
        "auto_validation": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST policy.save": {
        "deposit_wording": "x",
        "hours_1": "x",
        "percent_1": "x",
        "rest": "x",
        "example_hours": "x",
        "example_deposit": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST rooms.create": {"name": "", "name_en": "x", "kind": "x", "capacity": "x", "seen": "x", "confirm": "x"},
    "POST rooms.save": {
        "name": "",
        "name_en": "x",
        "kind": "x",
        "capacity": "x",
        "seen": "x",
        "confirm": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST rooms.archive": {"anything": "x"},
    "POST rooms.restore": {"anything": "x"},
    "POST rooms.up": {"anything": "x"},
    "POST rooms.down": {"anything": "x"},
    "POST rooms.make_type": {"name": "", "name_en": "x"},
    "POST rooms.save_type": {"name": "", "name_en": "x", "version": "0", "drawn": "[]"},
    "POST rooms.drop_type": {"anything": "x"},
    "POST menu.create": {"name": "", "label": "", "price": "x", "duration": "x", "guest_count": "x", "weekdays": "x"},
    "POST menu.save": {
        "name": "",
        "name_en": "x",
        "description": "x",
        "description_en": "x",
        "code": "x",
        "category": "x",
        "service_for": "x",
        "kind": "x",
        "min_participants": "x",
        "max_participants": "x",
        "room_type": "x",
        "therapists": "x",
        "lead_time_minutes": "x",
        "buffer_minutes": "x",
        "deposit_kind": "x",
        "deposit_amount": "x",
        "deposit_percent": "x",
        "is_addon": "x",
        "weekdays": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST hours.save": {
        "opening_time": "x",
        "closing_time": "x",
        "own_hours": "x",
        "opens_1_1": "x",
        "closes_1_1": "x",
        "schedule_type": "x",
        "days_of_week": "x",
        "recurrence_interval": "x",
        "recurring_start_date": "x",
        "recurring_end_date": "x",
        "one_time_dates": "x",
        "seen": "x",
        "confirm": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST hours.add_special": {"day": "x", "opens_1": "x", "closes_1": "x", "note": "x", "seen": "x", "version": "0"},
    "POST hours.drop_special": {"seen": "x", "confirm": "x"},
    "POST venue_blocks.create": {
        "repeats": "x",
        "weekdays": "x",
        "first_day": "x",
        "last_day": "x",
        "start": "x",
        "end": "x",
        "reason": "x",
        "key": "x",
        "seen": "x",
        "confirm": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST venue_blocks.save": {
        "repeats": "x",
        "weekdays": "x",
        "first_day": "x",
        "last_day": "x",
        "start": "x",
        "end": "x",
        "reason": "x",
        "key": "x",
        "seen": "x",
        "confirm": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST venue_blocks.end": {"anything": "x"},
    "POST zone.save": {"timezone": "x", "seen": "x", "reason": "x", "confirm": "y", "version": "0"},
    "POST menu.archive": {"anything": "x"},
    "POST menu.restore": {"anything": "x"},
    "POST menu.delete": {"anything": "x"},
    "POST menu.up": {"anything": "x"},
    "POST menu.down": {"anything": "x"},
    "POST variants.create": {"label": "", "price": "x", "duration": "x", "guest_count": "x", "weekdays": "x"},
    "POST variants.save": {
        "label": "",
        "label_en": "x",
        "duration": "x",
        "guest_count": "x",
        "price": "x",
        "price_on_request": "x",
        "weekdays": "x",
        "is_default": "x",
        "version": "0",
        "drawn": "[]",
    },
    "POST variants.archive": {"anything": "x"},
    "POST variants.restore": {"anything": "x"},
    "POST variants.delete": {"anything": "x"},
    "POST policy.work_out": {"hours_1": "x", "rest": "x", "example_hours": "x", "example_deposit": "x"},
    "POST agenda.save_preferences": {
        "by": "room",
        "zoom": "7",
        "colour": "state",
        "view": "week",
        "day": "2026-11-20",
        "of": "x",
        "of_axis": "room",
    },
    "POST treating.begin": {"anything": "x"},
    "POST treating.end": {"anything": "x"},
    "POST treating.longer": {"anything": "x"},
    "POST treating.got_it": {"anything": "x"},
    "POST treating.gone": {"anything": "x"},
    "POST treating.looked": {"item": "x"},
    "POST treating.care": {"anything": "x"},
    "POST treating.write": {"allergies": "x", "contraindications": "x", "remarks": "x", "consent": "y", "version": "0"},
    "POST feeds.renew": {"surname": "x"},
    "POST feeds.end": {"anything": "x"},
    "POST cover.carry_out": {"reason": "x", "tell": "x", "choice-x": "x", "version-x": "x"},
    "POST rehome.carry_out": {"reason": "x", "tell": "x", "choice-x": "x", "version-x": "x"},
    "POST asking.rest": {"item": "x"},
    "POST asking.assign": {"item": "x", "therapist": "x"},
    "POST asking.back": {"item": "x", "offer": "x"},
    "POST links.accept": {"anything": "x"},
    "POST links.decline": {"reason": "x"},
    "POST me.choose": {"quiet_from": "x", "quiet_until": "x", "phone": "x", "kind": "x"},
    "POST me.keep": {"endpoint": "x", "p256dh": "x", "auth": "x"},
    "POST me.known": {"endpoint": "x"},
    "POST me.end": {"anything": "x"},
    "POST me.send_test": {"anything": "x"},
    "POST receipts.received": {"anything": "x"},
    "POST receipts.seen": {"anything": "x"},
    "POST duplicates.apart": {"one": "x", "other": "x", "by": "x"},
    "POST duplicates.merge": {"keep_version": "x", "lose_version": "x", "take-phone": "x"},
    "POST duplicates.unmerge": {"anything": "x"},
    "POST persons.export": {"anything": "x"},
    "POST persons.erase": {"typed": "x", "version": "x"},
    "POST imports.upload": {"file": "x"},
    "POST imports.check": {"column-phone": "x"},
    "POST imports.run": {"anything": "x"},
    "POST imports.cancel": {"anything": "x"},
    "POST imports.export": {"q": "x", "where": "x"},
    "POST proposals.accept": {"anything": "x"},
    "POST proposals.refuse": {"reason": "x"},
    "POST offers.propose": {"starts_at": "x"},
    "POST offers.keep_time": {"anything": "x"},
    "POST offers.accept": {"anything": "x"},
    "POST offers.decline": {"reason": "no such reason"},
    "POST offers.withdraw": {"anything": "x"},
    "POST wishes.make": {"anything": "x"},
    "POST wishes.end": {"anything": "x"},
    "POST offers.seen": {"offer": "00000000-0000-0000-0000-000000000000"},
}
# These do their work whatever is sent beside.
WITHOUT_FIELDS = {
    "POST partners.create",
    "POST partner_keys.revoke",
    "POST rooms.make_type",
    "POST profile.aside",
    "POST profile.back",
    "POST guest_notes.add",
    "POST guest_notes.delete",
    "POST guest_facts.unlink",
    "POST menu.archive",
    "POST venue_blocks.end",
    "POST menu.up",
    "POST menu.down",
    "POST variants.archive",
    "POST rooms.up",
    "POST rooms.down",
    "POST rooms.drop_type",
    "POST session.logout",
    "POST onetime.ask",
    "POST account.end_others",
    "POST offers.accept",
    "POST offers.withdraw",
    "POST offers.keep_time",
    "POST wishes.end",
    "POST proposals.accept",
    "POST proposals.refuse",
    "POST duplicates.unmerge",
    "POST imports.check",
    "POST imports.run",
    "POST imports.cancel",
    "POST persons.export",
    "POST undo.change",
    "POST visits.voided",
    "POST undo.latest",
    "POST undo.put_back",
    "POST tray.park",
    "POST tray.put_back",
    "POST classes.leave",
    "POST classes.attended",
    "POST classes.expected",
    "POST classes.missed",
    "POST classes.name",
    "POST absences.cancel",
    "POST away.approve",
    "POST away.refuse",
    "POST swaps.cancel",
    "POST exchanges.refuse",
    "POST rota.remove",
    "POST patterns.remove",
    "POST classes.absent",
    "POST asking.back",
    "POST me.choose",
    "POST me.send_test",
}
# An empty reason is none.
GOOD = {("POST offers.decline", "empty")}
THREADS = {"wsgi.multithread": True}
# What only therapists may use.
OF_THE_PHONE = ("offers.", "wishes.", "absences.", "swaps.")
# What each route reads of its address's query; `lang` is read everywhere.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "GET feeds.page": (),
    "GET feeds.read": (),
    "GET installed.manifest": (),
    "GET installed.offline": (),
    "GET installed.service_worker": (),
    "GET links.show": (),
    "GET me.settings": (),
    "GET session.home": ("lang",),
    "GET session.login": ("email", "next", "lang"),
    "GET entry.code": ("next",),
    "GET entry.enrolment": ("next",),
    "GET onetime.forgotten": ("email",),
    "GET onetime.password": (),
    "GET onetime.invitation": (),
    "GET addresses.show": (),
    "GET account.index": (),
    "GET own_photo.show": ("v",),
    "GET team.at_venue": ("left",),
    "GET team.of_organisation": ("left",),
    "GET members.invite": (),
    "GET members.show": (),
    "GET members.photo": ("v",),
    "GET pictures.edit": (),
    "GET pictures.show": ("v",),
    "GET leaving.ask": (),
    "GET skills.matrix": (),
    "GET agenda.today": ("day", "by", "view", "of"),
    "GET agenda.day": ("by", "booking", "cancelled", "zoom", "colour", "everyone", "state", "family", "only"),
    "GET agenda.column": ("by", "f", "c"),
    "GET agenda.week": ("by", "of", "booking"),
    "GET agenda.list_day": ("by", "state", "family", "only"),
    "GET agenda.month": ("by",),
    "GET agenda.legend": ("colour",),
    "GET agenda.sheet": ("by", "phones", "notes"),
    "GET bookings.show": ("by",),
    "GET desk.new": ("at", "column", "variant", "therapist", "second", "room", "customer", "draft"),
    "GET desk.check": ("variant", "then", "date", "time", "offset", "therapist", "second", "room", "price", "priced"),
    "GET desk.find": ("variant", "therapist", "from", "weekday", "after", "before", "customer", "part"),
    "GET desk.why": ("at", "column", "variant"),
    "GET desk.walk_in": (),
    "GET desk.who": (),
    "GET moves.targets": ("day", "by", "item", "taken", "of", "week"),
    "GET moves.lengths": ("item", "taken", "of"),
    "GET moves.quarters": ("by",),
    "GET moves.form": ("at", "by"),
    "GET guests.options": ("q",),
    "GET guests.new": ("q", "next"),
    "GET guest_list.index": (
        "q",
        "where",
        "visits",
        "flag",
        "language",
        "consent",
        "state",
        "after",
        "before",
        "from",
        "page",
    ),
    "GET profile.show": (),
    "GET profile.bookings": ("page",),
    "GET profile.activity": ("before",),
    "GET profile.edit": (),
    "GET blocks.new": ("at", "until", "column", "full", "by", "kind"),
    "GET blocks.show": ("by",),
    "GET series.new": ("frequency", "interval", "weekdays", "ends", "until", "count"),
    "GET series.show": (),
    "GET series.ask_change": (),
    "GET series.ask_cancel": (),
    "GET classes.new": ("variant", "day", "at", "therapist", "room"),
    "GET search.find": ("q", "present"),
    "GET details.form": ("by",),
    "GET today.board": ("day",),
    "GET tray.show": (),
    "GET offers.day": (),
    "GET offers.times": (),
    "GET partners.index": (),
    "GET partners.new": (),
    "GET partners.show_partner": (),
    "GET partner_keys.new": (),
    "GET partner_keys.edit": (),
    "GET partner_quotas.show_venue": (),
    "GET partner_calls.index": ("key", "only"),
    "GET partner_calls.show": (),
    "GET trail.index": ("who", "venue", "kind", "since", "until", "about", "before"),
    "GET duplicates.index": ("by", "page"),
    "GET duplicates.twins": ("first_name", "last_name", "phone", "email"),
    "GET duplicates.preview": (),
    "GET persons.show": (),
    "GET imports.index": (),
    "GET imports.show": ("show", "page"),
    "GET imports.faults": (),
    "GET proposals.waiting": (),
    "GET absences.week": (),
    "GET absences.ask": ("kind", "length", "day", "last_day", "half", "start", "end", "note", "id"),
    "GET absences.check": ("kind", "length", "day", "last_day", "half", "start", "end"),
    "GET absences.show": (),
    "GET swaps.ask": (),
    "GET away.index": (),
    "GET away.alarm": (),
    "GET away.show": (),
    "GET rehome.preview": (),
    "GET rota.current": ("day",),
    "GET rota.week": (),
    "GET rota.sheet": (),
    "GET rota.new": ("member", "day"),
    "GET rota.show": (),
    "GET rota.calendar": (),
    "GET cover.preview": ("visit",),
    "GET copies.ask": ("how", "weeks", "source", "targets"),
    "GET publishing.ask_publish": ("weeks",),
    "GET patterns.index": (),
    "GET patterns.new": ("member",),
    "GET patterns.show": (),
    "GET patterns.ask": ("weeks", "templates"),
    "GET settings.index": (),
    "GET settings.profile": (),
    "GET settings.rules": (),
    "GET rooms.index": (),
    "GET rooms.new": (),
    "GET rooms.edit": (),
    "GET rooms.new_type": (),
    "GET rooms.edit_type": (),
    "GET venue_blocks.index": (),
    "GET venue_blocks.new": (),
    "GET venue_blocks.edit": (),
    "GET hours.edit": (),
    "GET hours.special": (),
    "GET zone.edit": ("timezone",),
    "GET menu.index": (),
    "GET menu.new": (),
    "GET menu.edit": (),
    "GET variants.new": (),
    "GET variants.edit": (),
    "GET policy.edit": (),
    "GET policy.example": ("hours_1", "percent_1", "rest", "example_hours", "example_deposit"),
    "GET live.venue": ("since", "last_event_id"),
    "GET live.mine": (),
    "GET static": (),
    "GET partner.list_venues": (),
    "GET partner.show_venue": (),
    "GET partner.list_treatments": (),
    "GET partner.show_availability": ("date", "from", "to"),
    "GET partner.show_variant_availability": ("date",),
    "GET partner.show_booking": (),
    "GET partner.list_customers": ("page", "limit"),
    "GET partner.list_customer_bookings": ("page", "limit"),
    "GET partner.openapi": (),
}
PATHS = (
    "/{}", "/static/{}", "/static/css/{}.css", "/v/{}/agenda/", "/v/lutetia/agenda/{}", "/v/lutetia/agenda/{}/print",
    "/my/week/{}", "/v/lutetia/bookings/{}", "/v/lutetia/bookings/{}/cancel", "/v/lutetia/offers/{}/accept", "/live/{}",
    "/v1/{}", "/v1/venues/{}", "/v1/venues/{}/availability", "/v1/venues/lutetia/availability/variants/{}",
    "/v1/venues/lutetia/customers/{}/bookings", "/v1/bookings/{}", "/v1/bookings/ext:{}",
)  # fmt: skip
HEADERS = (
    "Accept", "Accept-Language", "Authorization", "Cookie", "Content-Type", "Forwarded", "HX-Boosted",
    "HX-Current-URL", "HX-Request", "HX-Target", "HX-Trigger", "Host", "If-Modified-Since", "If-None-Match",
    "Last-Event-ID", "Origin", "Range", "Referer", "Sec-Fetch-Site", "User-Agent", "X-Api-Key", "X-CSRFToken",
    "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override",
)  # fmt: skip
ASKED_WITH_HEADERS = (
    "GET session.login", "GET agenda.day", "GET live.venue", "GET static", "GET partner.list_venues",
    "POST session.set_theme", "POST bookings.cancel", "POST partner.create_booking",
)  # fmt: skip
BAD_HEADERS = {
    "Latin-1": "\xe9\xff\x80",
    "UTF-8": "thermes=é١٢".encode().decode("latin-1"),
    "8 kB": "x=" + "y" * 8190,
    "only signs": ';,=:"\\%()<>@[]?{}',
    "huge number": "9" * 400,
    "tab": "a\tb",
    "our session": "thermes=" + "A" * 43,
    "two of ours": "thermes=a; thermes=b; thermes-form=c; thermes-lang=de; thermes-theme=\xe9",
    "range": "bytes=0-18446744073709551616,5-1",
    "date": "Mon, 99 Foo 99999 99:99:99 GMT",
}
_visitors = itertools.count()
_turns = itertools.count()
Asked = TypeVar("Asked")
# What a database is handed is asked on PostgreSQL as well, by the same test.
ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True, scope="session")


@pytest.fixture(autouse=True)
def no_stream_stays(app: Flask) -> Iterator[None]:
    """Each test leaves an empty hub behind."""
    yield
    empty(hub_of(app, db.engine))


def test_nothing_is_left_out() -> None:
    forms = {route for route in PAGES if route.startswith("POST")}
    assert set(FIELDS) == forms, "Name the fields of each form in FIELDS"
    reading = {route for route in DECLARED if route.startswith("GET") and "health." not in route}
    assert set(PARAMETERS) == reading, "Name the parameters of each route in PARAMETERS"


@ON_SQLITE
@pytest.mark.parametrize("route", FIELDS)
def test_fields(app: Flask, world: World, on_postgresql: OnPostgresql, route: str) -> None:
    handed_over = _ask_form(app, world, route, _bad_forms(route))
    if handed_over:
        with on_postgresql() as (other, its_world):
            _ask_form(other, its_world, route, handed_over)


@ON_SQLITE
@pytest.mark.parametrize("route", [route for route, parameters in PARAMETERS.items() if parameters])
def test_parameters(app: Flask, world: World, on_postgresql: OnPostgresql, route: str) -> None:
    handed_over = _ask_page(app, world, route, _bad_queries(route))
    if handed_over:
        with on_postgresql() as (other, its_world):
            _ask_page(other, its_world, route, handed_over)


@ON_SQLITE
def test_what_a_database_is_handed_is_asked_on_both(app: Flask, world: World) -> None:
    asked = ["q=dup%25ont", "q=usual", "nothing=usual"]
    assert _ask_page(app, world, "GET search.find", asked) == asked[:2]
    email = {"email": quote("nobody@example.org\x00", safe=""), "password": "x", "next": "/"}
    assert _ask_form(app, world, "POST session.sign_in", [email]) == [email]


def test_paths(app: Flask, world: World, backend: str) -> None:
    ada, anonymous, key = _browser(app, world.house.ada), _browser(app, None), _key(world, "partner.")
    before = fingerprint()
    for path in PATHS:
        for bad in encoded(backend, path).values():
            url = path.format(bad)
            ada.get(url, headers=key, environ_overrides=THREADS)
            if next(_turns) % 3 == 0:
                ada.post(url, data={"csrf_token": ada.token}, headers=key)
                anonymous.get(url)
    _assert_unchanged(before)


def test_headers(app: Flask, world: World) -> None:
    browser = _browser(app, world.house.ada)
    asked = {route: address(app, route, world, _place(route)) for route in ASKED_WITH_HEADERS}
    before = fingerprint()
    for header, (turn, (route, url)) in itertools.product(HEADERS, enumerate(asked.items())):
        for bad in list(BAD_HEADERS.values())[turn % 2 :: 2]:
            headers = _as_environ({**_key(world, route), header: bad})
            if route.startswith("GET"):
                browser.get(url, environ_overrides=THREADS, environ_base=headers)
            else:
                form = {"csrf_token": browser.token, "reason": "", "theme": "pink"}
                browser.post(url, data=form, environ_overrides=headers)
    _assert_unchanged(before)


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "////evil.example", "/v/lutetia//evil.example"])
def test_a_refusal_leads_back_to_our_own_pages(app: Flask, world: World, path: str) -> None:
    marc = _browser(app, world.house.marc)
    url = address(app, "POST offers.withdraw", world, "lutetia")
    form, before = {"csrf_token": marc.token}, {"Referer": f"http://localhost{path}"}
    assert marc.post(url, data=form, headers=before).status_code in {303, 409}


def test_a_host_that_is_not_ours_is_refused_in_words(app: Flask) -> None:
    config = app.config
    config["TRUSTED_HOSTS"] = ["desk.example"]
    try:
        for path, host in itertools.product(("/login", "/", "/v1/venues", "/nowhere"), ("evil.example", "[::1", "a b")):
            answer = quiet(app)().get(path, headers={"Host": host})
            assert (answer.status_code, bool(answer.text.strip())) == (400, True), f"{path} of {host}"
    finally:
        config["TRUSTED_HOSTS"] = None


def _bad_forms(route: str) -> list[dict[str, str]]:
    """The form with one field bad, as it stands in a body; then with one field many times."""
    form = FIELDS[route]
    one_bad = [
        form | {field: bad}
        for field in form
        for name, bad in encoded("sqlite", f"{route} {field}").items()
        if (route, name) not in GOOD
    ]
    often = [
        form | {field: f"&{field}=".join(["%00"] * times)}
        for field, times in itertools.product((*form, "csrf_token"), (2, 1001))
    ]
    return [*one_bad, *often]


def _bad_queries(route: str) -> list[str]:
    return [
        query
        for name in PARAMETERS[route]
        for query in (
            f"{name}=1&{name}=%00", f"%00=1&{name}", f"{name}[]=1", f"&={name};=",
            *[f"{name}={bad}" for bad in encoded("sqlite", f"{route} {name}").values()],
        )
    ]  # fmt: skip


def _ask_form(app: Flask, world: World, route: str, forms: list[dict[str, str]]) -> list[dict[str, str]]:
    """Send them; those are returned that handed the database anything that the form as it is in FIELDS does not."""
    browser = _browser(app, _sender(world, route))
    url = address(app, route, world, _place(route))
    # What is sent without fields does what it does at the first time, however it is filled in.
    usual = [] if route in WITHOUT_FIELDS else [FIELDS[route], FIELDS[route]]
    before = fingerprint()

    def send(form: dict[str, str], headers: dict[str, str]) -> None:
        filled = {"csrf_token": browser.token, **form}
        _post(browser, url, "&".join(f"{name}={value}" for name, value in filled.items()), headers)

    found = _handing_over(send, usual, forms)
    difference = [] if route in WITHOUT_FIELDS else changed(before, fingerprint())
    assert not difference, f"{route} changed {difference} for a bad value"
    return found


def _ask_page(app: Flask, world: World, route: str, queries: list[str]) -> list[str]:
    """Ask; those are returned that handed the database anything that the page without them, or with an x, does not."""
    browser = _browser(app, _sender(world, route))
    url, key = address(app, route, world, _place(route)), _key(world, route)
    before = fingerprint()

    def get(query: str, headers: dict[str, str]) -> None:
        browser.get(url, query_string=query, headers={**key, **headers}, environ_overrides=THREADS)

    found = _handing_over(get, ["", *[f"{name}=x" for name in PARAMETERS[route]]], queries)
    _assert_unchanged(before)
    return found


def _handing_over(ask: Callable[[Asked, dict[str, str]], None], usual: list[Asked], odd: list[Asked]) -> list[Asked]:
    found: list[Asked] = []
    with handed(db.engine) as now_handed:
        for each, headers in itertools.product(usual, ({}, {"HX-Request": "true"})):
            ask(each, headers)
        known = set(now_handed) if usual else set()
        for each in odd:
            now_handed.clear()
            ask(each, _mostly_htmx())
            if not usual or now_handed - known:
                found.append(each)
    return found


def _mostly_htmx() -> dict[str, str]:
    """The frame round what is asked is drawn every fourth time; it is no wiser for being drawn more often."""
    return {} if next(_turns) % 4 == 0 else {"HX-Request": "true"}


def _assert_unchanged(before: Fingerprint) -> None:
    difference = changed(before, fingerprint())
    assert not difference, f"Bad values changed {difference}"


def _post(browser: QuietClient, url: str, body: str, headers: dict[str, str] | None = None) -> None:
    """From another network each time, so that the throttle of sign-ins answers some and not all."""
    number = next(_visitors)
    visitor = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
    browser.post(
        url, data=body, content_type="application/x-www-form-urlencoded", headers=headers, environ_base=visitor
    )


def _browser(app: Flask, member: StaffMember | None) -> QuietClient:
    browser = quiet(app)()
    browser.token = new_form(browser)
    if member is not None:
        sign_in(browser, member)
    return browser


def _sender(world: World, route: str) -> StaffMember | None:
    if " session." in route:
        return None
    return world.house.therese if route.split()[1].startswith(OF_THE_PHONE) else world.house.ada


def _key(world: World, route: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.house.key}"} if "partner." in route else {}


def _place(route: str) -> str:
    return next(iter(DECLARED[route].rows))


def _as_environ(headers: dict[str, str]) -> dict[str, str]:
    """Headers as a server hands them on, whatever bytes they are made of."""
    plain = {"Content-Type": "CONTENT_TYPE"}
    return {plain.get(name, "HTTP_" + name.upper().replace("-", "_")): value for name, value in headers.items()}
