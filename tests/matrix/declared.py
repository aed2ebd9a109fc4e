"""Who may do what where: one line for each route, and nothing is let in that does not stand here.

A place is the venue in the address; `lutetia with marais` asks for an object of the second venue under the first.
`nowhere` is for addresses without a venue, `maison-lutece` for those of the organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from portal.partners.scopes import Scope
from tests.matrix.people import MEMBERS, OUTSIDERS
from tests.notices.push_service import Browser

OK = "ok"
LOGIN = "to the sign-in page"
UNKNOWN_KEY, FORBIDDEN, MISSING, LATE = 401, 403, 404, 409

Verdict = str | int
Row = Mapping[str, Verdict]
Rows = Mapping[str, Row]
NO_FORM: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Declared:
    """What a route answers whom; `status` is that of OK, `shows` the kinds of canaries that then must be there."""

    rows: Rows
    status: int = 200
    shows: tuple[str, ...] = ()
    form: Mapping[str, str] = field(default_factory=lambda: NO_FORM)
    scope: Scope | None = None


def members(**verdicts: Verdict) -> Row:
    """Outsiders are led to the sign-in page; a member who is not named is told that there is nothing."""
    return {**dict.fromkeys(OUTSIDERS, LOGIN), **dict.fromkeys(MEMBERS, MISSING), **verdicts}


def everyone(verdict: Verdict = OK, **others: Verdict) -> Row:
    return {**dict.fromkeys((*OUTSIDERS, *MEMBERS), verdict), **others}


_THERAPISTS_MAY_NOT = {"therese": FORBIDDEN, "marc": FORBIDDEN}
_DESK_MAY_NOT = {"camille": FORBIDDEN, "maud": FORBIDDEN, "ada": FORBIDDEN}

PUBLIC: Rows = {"nowhere": everyone()}
SIGN_IN_PAGE: Rows = {"nowhere": everyone(200, **dict.fromkeys(MEMBERS, 303))}
FIRST_PAGE: Rows = {"nowhere": {**dict.fromkeys(OUTSIDERS, LOGIN), **dict.fromkeys(MEMBERS, OK)}}
DESK: Rows = {
    "lutetia": members(camille=OK, maud=OK, ada=OK, **_THERAPISTS_MAY_NOT),
    "marais": members(ada=OK),
    "chamonix": members(eve=OK),
}
A_BOOKING: Rows = {
    **DESK,
    "lutetia with marais": members(**_THERAPISTS_MAY_NOT),
    "lutetia with chamonix": members(**_THERAPISTS_MAY_NOT),
    "chamonix with lutetia": members(),
}
# A guest belongs to the organisation: who may see one of its venues may see her.
A_GUEST: Rows = {
    **DESK,
    "lutetia with chamonix": members(**_THERAPISTS_MAY_NOT),
    "chamonix with lutetia": members(),
}
HER_OFFER: Rows = {
    "lutetia": members(therese=OK, **_DESK_MAY_NOT),
    "marais": members(ada=FORBIDDEN),
    "chamonix": members(eve=FORBIDDEN),
    "lutetia with marais": members(**_DESK_MAY_NOT),
    "lutetia with chamonix": members(**_DESK_MAY_NOT),
    "chamonix with lutetia": members(eve=FORBIDDEN),
}
# Marc was asked too: he is told that it is not his.
HER_BOOKING: Rows = {**HER_OFFER, "lutetia": members(therese=OK, marc=LATE, **_DESK_MAY_NOT)}
# What she treats: to a colleague it is not there.
HER_VISIT: Rows = HER_OFFER
HER_DAY: Rows = {"nowhere": members(therese=OK, marc=OK, **_DESK_MAY_NOT, eve=FORBIDDEN)}
# Her own, of which her colleague knows nothing.
HERS_ALONE: Rows = {"nowhere": {**HER_DAY["nowhere"], "marc": MISSING}}
# She asks, he answers.
ASKED_OF_MARC: Rows = {"nowhere": {**HER_DAY["nowhere"], "therese": FORBIDDEN}}
ASKED_BY_HER: Rows = {"nowhere": {**HER_DAY["nowhere"], "marc": FORBIDDEN}}
# A receptionist reads, and does not decide.
_NOT_BY_THE_DESK = {**_THERAPISTS_MAY_NOT, "camille": FORBIDDEN}
DECIDED: Rows = {
    **{place: dict(row) for place, row in A_BOOKING.items()},
    "lutetia": members(maud=OK, ada=OK, **_NOT_BY_THE_DESK),
    "lutetia with marais": members(**_NOT_BY_THE_DESK),
    "lutetia with chamonix": members(**_NOT_BY_THE_DESK),
}
NO_PICTURE: Rows = {
    "lutetia": members(camille=MISSING, maud=MISSING, ada=MISSING, **_THERAPISTS_MAY_NOT),
    "marais": members(ada=MISSING),
    "chamonix": members(eve=MISSING),
}
GUEST_DECIDED: Rows = {
    **{place: dict(row) for place, row in A_GUEST.items()},
    "lutetia": members(maud=OK, ada=OK, **_NOT_BY_THE_DESK),
    "lutetia with marais": members(maud=OK, ada=OK, **_NOT_BY_THE_DESK),
    "lutetia with chamonix": members(**_NOT_BY_THE_DESK),
}
# A note of somebody else's, whom the desk leaves it to.
NOTE_DECIDED: Rows = {**GUEST_DECIDED, "lutetia with chamonix": members(**_THERAPISTS_MAY_NOT)}
# What concerns all venues together is the admin's.
ORGANISATION: Rows = {
    "maison-lutece": members(ada=OK, maud=FORBIDDEN, camille=FORBIDDEN, **_THERAPISTS_MAY_NOT),
    "alpes-bien-etre": members(eve=OK),
}
# Zoé works at both venues of the organisation, of which Maud manages one: she may change her, not let her go.
TEAM: Rows = {
    "maison-lutece": members(ada=OK, maud=OK, camille=FORBIDDEN, **_THERAPISTS_MAY_NOT),
    "alpes-bien-etre": members(eve=OK),
}
TEAM_WHOLE: Rows = {**TEAM, "maison-lutece": {**TEAM["maison-lutece"], "maud": FORBIDDEN}}
TEAM_ANYWHERE: Rows = {**TEAM_WHOLE, "alpes-bien-etre": members(eve=MISSING)}
NO_PHOTO: Rows = {
    "maison-lutece": members(ada=MISSING, maud=MISSING, camille=MISSING, **_THERAPISTS_MAY_NOT),
    "alpes-bien-etre": members(eve=MISSING),
}
MANAGED: Rows = {
    "lutetia": members(maud=OK, ada=OK, camille=FORBIDDEN, **_THERAPISTS_MAY_NOT),
    "marais": members(ada=OK),
    "chamonix": members(eve=OK),
}
PLANNED: Rows = {place: DECIDED[place] for place in ("lutetia", "marais", "chamonix")}
# Managers and admins alone.
SETTINGS: Rows = {**DESK, "lutetia": members(maud=OK, ada=OK, **_NOT_BY_THE_DESK)}
OF_THE_SETTINGS: Rows = DECIDED
# A type of room belongs to all venues of its organisation.
A_TYPE: Rows = {**OF_THE_SETTINGS, "lutetia with marais": members(maud=OK, ada=OK, **_NOT_BY_THE_DESK)}
LISTEN_TO_VENUE: Rows = {
    "lutetia": members(therese=OK, marc=OK, camille=OK, maud=OK, ada=OK),
    "marais": members(ada=OK),
    "chamonix": members(eve=OK),
}
LISTEN: Rows = {"nowhere": members(**dict.fromkeys(MEMBERS, OK))}

A_VISIT = ("guest", "treatment", "room", "therapist")

# Tomorrow, as the house's working day is.
_TOMORROW = (datetime.now(ZoneInfo("Europe/Paris")) + timedelta(days=1)).date()
_AT_SIX = datetime.combine(_TOMORROW, time(18), ZoneInfo("Europe/Paris")).isoformat()
PLACED = {"date": f"{_TOMORROW + timedelta(days=7)}", "day": f"{_TOMORROW}", "at": "17:00"}

PAGES: dict[str, Declared] = {
    "GET static": Declared(PUBLIC),
    "GET health.healthz": Declared(PUBLIC),
    "GET health.readyz": Declared(PUBLIC),
    "GET session.home": Declared(FIRST_PAGE, 303),
    "GET session.login": Declared(SIGN_IN_PAGE),
    "POST session.sign_in": Declared(
        PUBLIC, 303, form={"email": "camille@maison-lutece.example", "password": "thermes-demo"}
    ),
    "POST session.logout": Declared(PUBLIC, 303),
    # Whoever has not given a password, or is in already, has no second step to take.
    "GET entry.code": Declared({"nowhere": everyone()}, 303),
    "POST entry.enter_code": Declared({"nowhere": everyone()}, 303),
    "GET entry.enrolment": Declared({"nowhere": everyone()}, 303),
    "POST entry.enrol": Declared({"nowhere": everyone()}, 303),
    "GET onetime.forgotten": Declared(PUBLIC),
    "POST onetime.ask": Declared(PUBLIC, form={"email": "nobody@example.org"}),
    # Whoever has no letter learns nothing: tests/session/ has some.
    "GET onetime.password": Declared({"nowhere": everyone(MISSING)}),
    "POST onetime.choose": Declared({"nowhere": everyone(MISSING)}),
    "GET onetime.invitation": Declared({"nowhere": everyone(MISSING)}),
    "POST onetime.join": Declared({"nowhere": everyone(MISSING)}),
    "GET addresses.show": Declared({"nowhere": everyone(MISSING)}),
    "POST addresses.confirm": Declared({"nowhere": everyone(MISSING)}),
    "GET account.index": Declared(LISTEN),
    # Without her password nothing is done.
    "POST account.renew_password": Declared(LISTEN, 422),
    "POST account.change_phone": Declared(LISTEN, 422, form={"phone": "nonsense"}),
    "POST own_photo.keep": Declared(LISTEN, 422),
    "POST own_photo.remove": Declared(LISTEN, 303),
    "GET own_photo.show": Declared({"nowhere": members()}),
    "POST account.ask_address": Declared(LISTEN, 422),
    "POST account.forget_address": Declared(LISTEN, 303),
    "POST account.begin_factor": Declared(LISTEN, 422),
    "POST account.confirm_factor": Declared(LISTEN, 422),
    "POST account.renew_codes": Declared(LISTEN, 422),
    "POST account.end_factor": Declared(LISTEN, 422),
    "POST account.end_session": Declared({"nowhere": members()}, 303),
    "POST account.end_others": Declared(LISTEN, 303),
    "POST session.set_language": Declared(PUBLIC, 303, form={"lang": "fr"}),
    "POST session.set_theme": Declared(PUBLIC, 303, form={"theme": "dark"}),
    "GET agenda.today": Declared(DESK, 303),
    "GET agenda.day": Declared(DESK, shows=A_VISIT),
    "GET agenda.sheet": Declared(DESK, shows=(*A_VISIT, "phone", "note")),
    "GET agenda.column": Declared(DESK, 303),
    "GET agenda.week": Declared(DESK, shows=("treatment", "therapist")),
    "GET agenda.list_day": Declared(DESK, shows=A_VISIT),
    "GET agenda.month": Declared(DESK),
    "GET agenda.legend": Declared(DESK),
    "POST agenda.save_preferences": Declared(
        DESK, 303, form={"by": "room", "zoom": "30", "colour": "state", "view": "week", "day": "2026-11-20"}
    ),
    "GET bookings.show": Declared(A_BOOKING, shows=("guest", "email", "phone", "note", "treatment", "room")),
    "POST bookings.cancel": Declared(A_BOOKING, 303, form={"reason": "Guest is ill", "refund_percent": "100"}),
    "GET desk.new": Declared(DESK, shows=("treatment", "room", "therapist")),
    "GET desk.check": Declared(DESK),
    # Nobody was named: whoever may book is told so.
    "POST desk.create": Declared(DESK, 422, form={"guest": ""}),
    "GET desk.find": Declared(DESK, shows=("treatment",)),
    "GET desk.why": Declared(DESK, shows=("treatment",)),
    "GET desk.walk_in": Declared(DESK),
    "POST desk.book_now": Declared(DESK, 422, form={"variant": "none"}),
    # Her name is known.
    "GET desk.who": Declared(A_BOOKING, 409),
    "POST desk.name": Declared(A_BOOKING, 422, form={"guest": ""}),
    "POST desk.hold": Declared(DESK, 204, form={"date": f"{_TOMORROW}", "time": "10:00"}),
    "POST desk.drop": Declared(DESK, 303),
    "GET details.form": Declared(A_BOOKING, shows=("guest", "note")),
    "POST details.save": Declared(
        A_BOOKING, 303, form={"price": "95.00", "client_type": "external", "guest_language": "fr", "notes": "Back"}
    ),
    "GET moves.targets": Declared(A_BOOKING),
    "GET moves.lengths": Declared(A_BOOKING),
    "GET moves.quarters": Declared(A_BOOKING, 303),
    "GET moves.form": Declared(A_BOOKING, shows=("guest", "room", "therapist")),
    "POST moves.move": Declared(A_BOOKING, 303, form={"at": f"{_TOMORROW}T18:00"}),
    "POST moves.resize": Declared(A_BOOKING, 303, form={"minutes": "45"}),
    # Everybody is asked already.
    "POST asking.rest": Declared(A_BOOKING, 409),
    "POST asking.back": Declared(A_BOOKING, 303),
    "POST asking.assign": Declared(A_BOOKING, 404, form={"therapist": "nobody"}),
    "GET proposals.waiting": Declared(DESK, 303),
    "POST proposals.accept": Declared(A_BOOKING, 303),
    "POST proposals.refuse": Declared(A_BOOKING, 303, form={"reason": "The guest cannot"}),
    "GET tray.show": Declared(DESK),
    "POST tray.park": Declared(A_BOOKING, 303),
    "POST tray.put_back": Declared(A_BOOKING, 303),
    "POST keys.switch": Declared(DESK, 303, form={"on": "yes"}),
    "GET blocks.new": Declared(DESK, shows=("room", "therapist")),
    # For whom was left out: whoever may block is told so.
    "POST blocks.create": Declared(DESK, 422, form={"kind": "break"}),
    "GET blocks.show": Declared(A_BOOKING, shows=("room",)),
    "POST blocks.change": Declared(
        A_BOOKING, 303, form={"kind": "meeting", "day": "2027-11-22", "start": "09:00", "end": "10:00"}
    ),
    "POST blocks.remove": Declared(A_BOOKING, 303, form={"scope": "all"}),
    "POST undo.change": Declared(A_BOOKING, 303),
    "POST undo.latest": Declared({**DESK, "lutetia": {**DESK["lutetia"], "maud": LATE, "ada": LATE}}, 303),
    "POST undo.put_back": Declared(A_BOOKING, 303),
    # Whoever may take these steps is told that the visit, tomorrow's, is too far away.
    "POST visits.arrived": Declared(A_BOOKING, 409),
    "POST visits.begun": Declared(A_BOOKING, 409),
    "POST visits.finished": Declared(A_BOOKING, 409),
    "POST visits.no_show": Declared(A_BOOKING, 409),
    "POST visits.settled": Declared(A_BOOKING, 303, form={"method": "cash"}),
    "POST visits.paid": Declared(A_BOOKING, 303, form={"kind": "payment", "amount": "10.00", "method": "cash"}),
    "POST visits.voided": Declared(A_BOOKING, 303),
    "GET today.board": Declared(DESK),
    "POST today.arrived": Declared(A_BOOKING, 409),
    "POST today.begun": Declared(A_BOOKING, 409),
    "POST today.finished": Declared(A_BOOKING, 409),
    "POST today.no_show": Declared(A_BOOKING, 409),
    "POST today.settled": Declared(A_BOOKING, 303, form={"method": "cash"}),
    "GET guests.options": Declared(DESK),
    "GET guests.new": Declared(DESK),
    "POST guests.create": Declared(
        DESK, 303, form={"first_name": "Zoé", "last_name": "Nouvelle", "phone": "+33612345600", "language": "fr"}
    ),
    "GET guest_list.index": Declared(DESK, shows=("guest", "email", "phone")),
    "GET profile.show": Declared(A_GUEST, shows=("guest", "email", "phone", "treatment")),
    "GET profile.bookings": Declared(A_GUEST, shows=("guest",)),
    "GET profile.activity": Declared(A_GUEST, shows=("guest",)),
    "GET profile.edit": Declared(A_GUEST, shows=("guest", "email", "phone")),
    "POST profile.save": Declared(A_GUEST, 303, form={"last_name": "Nouvelle", "language": "fr"}),
    "POST profile.aside": Declared(A_GUEST, 303),
    "POST profile.back": Declared(A_GUEST, 303),
    "POST guest_notes.add": Declared(A_GUEST, 303, form={"text": "Aime le silence"}),
    "POST guest_notes.change": Declared(NOTE_DECIDED, 303, form={"text": "Aime le silence", "version": "1"}),
    "POST guest_notes.pin": Declared(A_GUEST, 303, form={"pinned": "1"}),
    "POST guest_notes.delete": Declared(NOTE_DECIDED, 303),
    "POST guest_facts.like": Declared(A_GUEST, 303, form={"pressure": "firm"}),
    "POST guest_facts.consent": Declared(A_GUEST, 303, form={"channel": "email", "given": "yes", "way": "desk"}),
    "POST guest_facts.link": Declared(A_GUEST, 303, form={"who": "Commune", "relation": "friend"}),
    "POST guest_facts.unlink": Declared(A_GUEST, 303),
    "POST guest_facts.flag": Declared(GUEST_DECIDED, 303, form={"flag": "blocked", "reason": "Absente trois fois"}),
    "POST guest_facts.unflag": Declared(GUEST_DECIDED, 303),
    "POST guest_health.look": Declared(GUEST_DECIDED),
    "POST guest_health.write": Declared(GUEST_DECIDED, 303, form={"allergies": "Noix", "consent": "y", "version": "0"}),
    "GET duplicates.index": Declared(DESK),
    "GET duplicates.twins": Declared(DESK),
    "POST duplicates.apart": Declared(DESK, 404),
    "GET duplicates.preview": Declared(A_GUEST, shows=("guest",)),
    # A form that does not say what it showed comes too late.
    "POST duplicates.merge": Declared(A_GUEST, 409),
    "POST duplicates.unmerge": Declared(A_GUEST, 303),
    "GET persons.show": Declared(GUEST_DECIDED),
    "POST persons.export": Declared(GUEST_DECIDED),
    # Whoever may erase is told that she is expected.
    "POST persons.erase": Declared(GUEST_DECIDED, 409),
    "GET imports.index": Declared(MANAGED),
    "POST imports.upload": Declared(MANAGED, 422),
    "GET imports.show": Declared(DECIDED),
    "POST imports.check": Declared(DECIDED, 422),
    # Its lines were not looked at yet.
    "POST imports.run": Declared(DECIDED, 409),
    "POST imports.cancel": Declared(DECIDED, 303),
    "GET imports.faults": Declared(DECIDED),
    "POST imports.export": Declared(MANAGED, shows=("guest", "email", "phone")),
    "GET search.find": Declared(DESK),
    "GET series.new": Declared(A_BOOKING, shows=("guest", "treatment")),
    # A rule that is none is refused: what is to be repeated stands in the form.
    "POST series.create": Declared(A_BOOKING, 303, form={"rule": "FREQ=DAILY;COUNT=1"}),
    "GET series.show": Declared(A_BOOKING),
    "POST series.place": Declared(A_BOOKING, 303, form=PLACED),
    "GET series.ask_change": Declared(A_BOOKING, shows=("guest", "treatment")),
    "POST series.change": Declared(A_BOOKING, 303, form={**PLACED, "scope": "this"}),
    "GET series.ask_cancel": Declared(A_BOOKING, shows=("guest", "treatment")),
    "POST series.cancel": Declared(
        A_BOOKING, 303, form={"reason": "Guest is ill", "refund_percent": "100", "scope": "this"}
    ),
    "GET classes.new": Declared(DESK),
    # The class of another venue is not on this one's menu.
    "POST classes.create": Declared(DESK, 422, form={"day": "2027-03-01", "at": "10:00", "variant": "none"}),
    "POST classes.join": Declared(A_BOOKING, 422, form={"q": "Nobody by that name"}),
    "POST classes.leave": Declared(A_BOOKING, 303),
    "POST classes.attended": Declared(A_BOOKING, 303),
    "POST classes.expected": Declared(A_BOOKING, 303),
    # Nobody has missed what has not begun; a class is no couple.
    "POST classes.missed": Declared(A_BOOKING, 409),
    "POST classes.name": Declared(A_BOOKING, 409, form={"name": "Paul"}),
    "POST classes.cancel": Declared(A_BOOKING, 409, form={"who": "all"}),
    "POST classes.absent": Declared(A_BOOKING, 409),
    "GET offers.day": Declared(HER_DAY, shows=("treatment", "room", "note")),
    "GET offers.times": Declared(HER_DAY),
    "POST treating.begin": Declared(HER_VISIT, 409),
    "POST treating.end": Declared(HER_VISIT, 409),
    "POST treating.longer": Declared(HER_VISIT, 409),
    "POST treating.got_it": Declared(HER_VISIT, 303),
    "POST treating.care": Declared(HER_VISIT),
    "POST treating.write": Declared(HER_VISIT, 303),
    "POST treating.gone": Declared(HER_DAY, 303),
    "POST treating.looked": Declared(HER_DAY, 204),
    "GET me.settings": Declared(LISTEN),
    "POST me.choose": Declared(LISTEN, 303, form={"quiet_from": "22:00", "quiet_to": "07:00"}),
    "POST me.send_test": Declared(LISTEN, 303),
    "POST me.keep": Declared(LISTEN, 303, form=Browser("https://push.example/a").form),
    # Nobody has switched this one on.
    "POST me.known": Declared({"nowhere": members()}, form={"endpoint": "https://push.example/b"}),
    "POST me.end": Declared({"nowhere": members(therese=OK)}, 303),
    # Whoever has no signed token learns nothing: tests/links/ and tests/notices/ have them.
    "POST receipts.received": Declared({"nowhere": everyone(MISSING)}),
    "POST receipts.seen": Declared({"nowhere": everyone(MISSING)}),
    "GET links.show": Declared({"nowhere": everyone(MISSING)}),
    "POST links.accept": Declared({"nowhere": everyone(MISSING)}),
    "POST links.decline": Declared({"nowhere": everyone(MISSING)}),
    "GET installed.manifest": Declared(PUBLIC),
    "GET installed.service_worker": Declared(PUBLIC),
    "GET installed.offline": Declared(PUBLIC),
    "GET feeds.page": Declared(HER_DAY),
    "POST feeds.renew": Declared(HER_DAY),
    "POST feeds.end": Declared(HER_DAY, 303),
    "GET feeds.read": Declared({"nowhere": everyone(MISSING)}),
    "POST offers.seen": Declared(HER_DAY, 204),
    "POST offers.accept": Declared(HER_OFFER, 303),
    "POST offers.decline": Declared(HER_OFFER, 303),
    "POST offers.withdraw": Declared(HER_BOOKING, 303),
    "POST offers.propose": Declared(HER_OFFER, 303, form={"starts_at": _AT_SIX}),
    "POST offers.keep_time": Declared(HER_OFFER, 303),
    # Nobody was faster than she.
    "POST wishes.make": Declared(HER_OFFER, 409),
    "POST wishes.end": Declared(HER_OFFER, 303),
    "GET absences.week": Declared(HER_DAY),
    "GET absences.ask": Declared(HER_DAY),
    "GET absences.check": Declared(HER_DAY),
    "POST absences.send": Declared(
        HER_DAY, 303, form={"kind": "personal", "length": "days", "day": f"{_TOMORROW + timedelta(days=30)}"}
    ),
    "POST absences.sick": Declared(HER_DAY, 303, form={"until": "today"}),
    "GET absences.show": Declared(HERS_ALONE, shows=("note",)),
    "POST absences.cancel": Declared(HERS_ALONE, 303),
    "GET swaps.ask": Declared(HERS_ALONE),
    # A colleague who is none: whoever may ask is told so.
    "POST swaps.send": Declared(HERS_ALONE, 422, form={"to": "x"}),
    "POST swaps.accept": Declared(ASKED_OF_MARC, 303),
    "POST swaps.decline": Declared(ASKED_OF_MARC, 303),
    "POST swaps.cancel": Declared(ASKED_BY_HER, 303),
    # Nobody has accepted.
    "POST exchanges.approve": Declared(DECIDED, 409),
    "POST exchanges.refuse": Declared(DECIDED, 303, form={"reason": "No"}),
    "GET away.index": Declared(DESK),
    "GET away.alarm": Declared(DESK),
    "GET away.show": Declared(A_BOOKING, shows=("note",)),
    "POST away.approve": Declared(DECIDED, 303),
    "POST away.refuse": Declared(DECIDED, 303, form={"reason": "No"}),
    "GET rehome.preview": Declared(A_BOOKING),
    # Nothing was chosen: whoever may choose is told so.
    "POST rehome.carry_out": Declared(A_BOOKING, 422),
    # What was never approved is not called off.
    "POST away.give_back": Declared(DECIDED, 409),
    "GET team.at_venue": Declared(DESK, shows=("therapist",)),
    "GET team.of_organisation": Declared(ORGANISATION, shows=("therapist",)),
    "GET members.invite": Declared(TEAM),
    # Nobody was named: whoever may invite is told so.
    "POST members.send_invitation": Declared(TEAM, 422, form={"email": ""}),
    "GET members.show": Declared(TEAM),
    "POST members.change": Declared(TEAM, 422, form={"first_name": ""}),
    "GET members.photo": Declared(NO_PHOTO),
    "POST members.set_photo": Declared(TEAM, 422),
    "POST members.remove_photo": Declared(TEAM, 303),
    "POST members.invite_again": Declared(TEAM, 422, form={"email": ""}),
    "POST members.reset_factor": Declared(ORGANISATION, 422),
    "GET leaving.ask": Declared(TEAM_WHOLE),
    "POST leaving.prepare": Declared(TEAM_ANYWHERE, 303, form={"venue": "lutetia"}),
    "POST leaving.leave": Declared(TEAM_WHOLE, 409),
    "POST leaving.come_back": Declared(TEAM_WHOLE, 303),
    "GET skills.matrix": Declared(DESK, shows=("treatment", "therapist")),
    "POST skills.save": Declared(MANAGED, 303),
    "GET trail.index": Declared(ORGANISATION, shows=("guest",)),
    "POST trail.export": Declared(ORGANISATION, shows=("guest",)),
    "GET partners.index": Declared(ORGANISATION),
    "GET partners.new": Declared(ORGANISATION),
    "POST partners.create": Declared(ORGANISATION, 303, form={"name": "ClassPass"}),
    "GET partners.show_partner": Declared(ORGANISATION),
    "POST partners.rename": Declared(ORGANISATION, 303, form={"name": "ClassPass"}),
    "GET partner_quotas.show_venue": Declared(ORGANISATION),
    "POST partner_quotas.save_week": Declared(ORGANISATION, 303, form={"on_1": "3"}),
    "POST partner_quotas.save_days": Declared(ORGANISATION, 303, form={"first": "2027-03-01", "places": "3"}),
    "POST partner_quotas.remove_day": Declared(ORGANISATION, 303),
    "GET partner_calls.index": Declared(ORGANISATION),
    "GET partner_calls.show": Declared(ORGANISATION),
    "GET partner_keys.new": Declared(ORGANISATION),
    "POST partner_keys.create": Declared(
        ORGANISATION, 201, form={"name": "Production", "scopes": "bookings:read", "rate": "60", "venue": ""}
    ),
    "GET partner_keys.edit": Declared(ORGANISATION),
    "POST partner_keys.save": Declared(
        ORGANISATION, 303, form={"name": "Production", "scopes": "bookings:read", "rate": ""}
    ),
    "POST partner_keys.revoke": Declared(ORGANISATION, 303),
    "GET rota.current": Declared(DESK, 303),
    "GET rota.week": Declared(DESK, shows=("therapist",)),
    "GET rota.sheet": Declared(DESK, shows=("therapist",)),
    "GET rota.new": Declared(PLANNED, shows=("therapist",)),
    # Nobody was named: whoever may plan is told so.
    "POST rota.plan": Declared(PLANNED, 422, form={"member": "x"}),
    "GET rota.show": Declared(DECIDED, shows=("therapist",)),
    "POST rota.change": Declared(DECIDED, 422, form={"member": "x"}),
    "POST rota.copy": Declared(DECIDED, 422, form={"member": "x"}),
    "POST rota.remove": Declared(DECIDED, 303),
    "GET rota.calendar": Declared(DECIDED),
    "GET cover.preview": Declared(DECIDED),
    # Nothing was chosen: whoever may choose is told so.
    "POST cover.carry_out": Declared(DECIDED, 422),
    "GET copies.ask": Declared(PLANNED),
    "POST copies.one_day": Declared(PLANNED, 422, form={"targets": "x"}),
    "POST copies.whole_weeks": Declared(PLANNED, 422, form={"weeks": "x"}),
    "GET publishing.ask_publish": Declared(PLANNED),
    # There are no drafts: nothing is left to be done.
    "POST publishing.publish": Declared(PLANNED, 303, form={"weeks": "1"}),
    "GET patterns.index": Declared(PLANNED, shows=("therapist",)),
    "GET patterns.new": Declared(PLANNED, shows=("therapist",)),
    "POST patterns.create": Declared(PLANNED, 422, form={"member": "x"}),
    "GET patterns.show": Declared(DECIDED, shows=("therapist",)),
    "POST patterns.save": Declared(DECIDED, 422, form={"weeks": "x"}),
    "POST patterns.remove": Declared(DECIDED, 303),
    "GET patterns.ask": Declared(PLANNED, shows=("therapist",)),
    "POST patterns.apply": Declared(PLANNED, 422, form={"weeks": "x"}),
    "GET settings.index": Declared(SETTINGS),
    "GET settings.profile": Declared(SETTINGS),
    # What the forms need is left out: whoever may save is told so.
    "POST settings.profile_save": Declared(SETTINGS, 422),
    "GET settings.rules": Declared(SETTINGS),
    "POST settings.rules_save": Declared(SETTINGS, 422),
    "GET policy.edit": Declared(SETTINGS),
    "GET policy.example": Declared(SETTINGS),
    "POST policy.work_out": Declared(SETTINGS),
    "POST policy.save": Declared(SETTINGS, 422),
    "GET hours.edit": Declared(SETTINGS),
    "POST hours.save": Declared(SETTINGS, 422),
    "GET hours.special": Declared(SETTINGS),
    "POST hours.add_special": Declared(SETTINGS, 422),
    "POST hours.drop_special": Declared(SETTINGS, 303),
    "GET venue_blocks.index": Declared(SETTINGS),
    "GET venue_blocks.new": Declared(SETTINGS),
    "POST venue_blocks.create": Declared(SETTINGS, 422),
    "GET venue_blocks.edit": Declared(SETTINGS),
    "POST venue_blocks.save": Declared(SETTINGS, 422),
    "POST venue_blocks.end": Declared(SETTINGS, 303),
    "GET pictures.edit": Declared(SETTINGS),
    "POST pictures.save": Declared(SETTINGS, 422),
    "POST pictures.remove": Declared(SETTINGS, 303),
    "GET pictures.show": Declared(NO_PICTURE),
    "GET zone.edit": Declared(SETTINGS),
    "POST zone.save": Declared(SETTINGS, 422),
    "GET rooms.index": Declared(SETTINGS, shows=("room",)),
    "GET rooms.new": Declared(SETTINGS),
    "POST rooms.create": Declared(SETTINGS, 422),
    "GET rooms.edit": Declared(OF_THE_SETTINGS, shows=("room",)),
    "POST rooms.save": Declared(OF_THE_SETTINGS, 422),
    # A booking is in it.
    "POST rooms.archive": Declared(OF_THE_SETTINGS, 422),
    "POST rooms.restore": Declared(OF_THE_SETTINGS, 303),
    "POST rooms.up": Declared(OF_THE_SETTINGS, 303),
    "POST rooms.down": Declared(OF_THE_SETTINGS, 303),
    "GET rooms.new_type": Declared(SETTINGS),
    "POST rooms.make_type": Declared(SETTINGS, 422),
    "GET rooms.edit_type": Declared(A_TYPE),
    "POST rooms.save_type": Declared(A_TYPE, 422),
    "POST rooms.drop_type": Declared(A_TYPE, 303),
    "GET menu.index": Declared(SETTINGS, shows=("treatment",)),
    "GET menu.new": Declared(SETTINGS, shows=("therapist",)),
    "POST menu.create": Declared(SETTINGS, 422),
    "GET menu.edit": Declared(OF_THE_SETTINGS, shows=("treatment", "therapist")),
    "POST menu.save": Declared(OF_THE_SETTINGS, 422),
    "POST menu.archive": Declared(OF_THE_SETTINGS, 303),
    "POST menu.restore": Declared(OF_THE_SETTINGS, 303),
    # It was booked.
    "POST menu.delete": Declared(OF_THE_SETTINGS, 422),
    "POST menu.up": Declared(OF_THE_SETTINGS, 303),
    "POST menu.down": Declared(OF_THE_SETTINGS, 303),
    "GET variants.new": Declared(OF_THE_SETTINGS, shows=("treatment",)),
    "POST variants.create": Declared(OF_THE_SETTINGS, 422),
    "GET variants.edit": Declared(OF_THE_SETTINGS, shows=("treatment",)),
    "POST variants.save": Declared(OF_THE_SETTINGS, 422),
    "POST variants.archive": Declared(OF_THE_SETTINGS, 303),
    "POST variants.restore": Declared(OF_THE_SETTINGS, 303),
    "POST variants.delete": Declared(OF_THE_SETTINGS, 422),
    "GET live.mine": Declared(LISTEN),
    "GET live.venue": Declared(LISTEN_TO_VENUE),
}

# Keys, as people.py has members.
BAD_KEYS = (
    "no key",
    "no key but a session",
    "malformed key",
    "unknown key",
    "wrong secret",
    "revoked key",
    "management key",
)
GOOD_KEYS = ("its scope only", "all scopes", "test key", "key of lutetia", "key of marais", "neighbour's key")
KEYS = (*BAD_KEYS, "all scopes but its own", *GOOD_KEYS)


def keys(default: Verdict, **verdicts: Verdict) -> Row:
    """A bad key is unknown, one without the scope is told so whatever it asks for; `of_lutetia` and alike by name."""
    named = {"of_lutetia": "key of lutetia", "of_marais": "key of marais", "neighbour": "neighbour's key"}
    given = {named[name]: verdict for name, verdict in verdicts.items()}
    refused = dict.fromkeys(BAD_KEYS, UNKNOWN_KEY) | {"all scopes but its own": FORBIDDEN}
    return {**refused, **dict.fromkeys(GOOD_KEYS, default), **given}


EVERY_KEY: Rows = {"nowhere": keys(OK)}
NO_KEY_NEEDED: Rows = {"nowhere": dict.fromkeys(KEYS, OK)}
A_VENUE: Rows = {
    "lutetia": keys(OK, of_marais=FORBIDDEN, neighbour=FORBIDDEN),
    "marais": keys(OK, of_lutetia=FORBIDDEN, neighbour=FORBIDDEN),
    "chamonix": keys(FORBIDDEN, neighbour=OK),
}
IN_A_VENUE: Rows = {
    **A_VENUE,
    "lutetia with marais": keys(MISSING, of_marais=FORBIDDEN, neighbour=FORBIDDEN),
    "lutetia with chamonix": keys(MISSING, of_marais=FORBIDDEN, neighbour=FORBIDDEN),
    "chamonix with lutetia": keys(FORBIDDEN, neighbour=MISSING),
}
# By its id a stranger's booking is forbidden, by its reference it is unknown.
A_PUSHED_BOOKING: Rows = {
    **A_VENUE,
    "lutetia by reference": keys(OK, of_marais=MISSING, neighbour=MISSING),
    "marais by reference": keys(OK, of_lutetia=MISSING, neighbour=MISSING),
    "chamonix by reference": keys(MISSING, neighbour=OK),
}

PARTNER: dict[str, Declared] = {
    "GET partner.openapi": Declared(NO_KEY_NEEDED),
    "GET partner.list_venues": Declared(EVERY_KEY, scope=Scope.VENUES_READ),
    "GET partner.show_venue": Declared(A_VENUE, scope=Scope.VENUES_READ),
    "GET partner.list_treatments": Declared(A_VENUE, scope=Scope.TREATMENTS_READ, shows=("treatment",)),
    "GET partner.show_availability": Declared(A_VENUE, scope=Scope.AVAILABILITY_READ),
    "GET partner.show_variant_availability": Declared(IN_A_VENUE, scope=Scope.AVAILABILITY_READ),
    "POST partner.create_booking": Declared(IN_A_VENUE, 201, scope=Scope.BOOKINGS_WRITE),
    "GET partner.show_booking": Declared(
        A_PUSHED_BOOKING, scope=Scope.BOOKINGS_READ, shows=("guest", "email", "phone", "note", "reference")
    ),
    "POST partner.cancel_booking": Declared(A_PUSHED_BOOKING, scope=Scope.BOOKINGS_WRITE),
    "GET partner.list_customers": Declared(
        A_VENUE, scope=Scope.CUSTOMERS_READ, shows=("guest", "email", "phone", "id")
    ),
    "GET partner.list_customer_bookings": Declared(IN_A_VENUE, scope=Scope.BOOKINGS_READ, shows=("treatment",)),
}

DECLARED = PAGES | PARTNER
