"""What each line would do: which guest it means, by the rule for all doors, and what it tells that is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.customers.emails import email_key
from portal.customers.names import name_key
from portal.imports.lines import Line
from portal.imports.queries import find_former, find_meant, said_before
from portal.models import Customer, Organisation
from portal.models.guest_import import CREATE, ERROR, SAME, UPDATE

CHANNELS = {"email_consent": "email", "sms_consent": "sms"}
_NEEDS = {"email": "email", "sms": "phone"}


@dataclass(slots=True)
class Step:
    """What a line does: to whom, and with which news. `consents` are channels that she agrees to now."""

    line: Line
    action: str
    customer: Customer | None = None
    news: dict[str, Any] = field(default_factory=dict)
    consents: list[str] = field(default_factory=list)
    note: str | None = None


@dataclass(slots=True)
class Seen:
    """Numbers, addresses and bare names of the lines above, with the number of the line."""

    phones: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    def twin(self, values: dict[str, Any]) -> int | None:
        """The line above that means the same guest; from now on this one is above."""
        for known, key in self._keys(values):
            if key in known:
                return known[key]
        return None

    def add(self, number: int, values: dict[str, Any]) -> None:
        """It stands above from now on."""
        for known, key in self._keys(values):
            known.setdefault(key, number)

    def _keys(self, values: dict[str, Any]) -> list[tuple[dict[str, int], str]]:
        phone, address = values.get("phone"), values.get("email")
        if phone:
            return [(self.phones, phone)]
        return [(self.addresses, email_key(address))] if address else [(self.names, _name(values))]


def plan(organisation: Organisation, lines: Sequence[Line], seen: Seen, *, lock: bool = False) -> list[Step]:
    """What these lines do, in five statements at most; `seen` are the lines above them."""
    good = [line for line in lines if not line.faults]
    phones = {line.values["phone"] for line in good if "phone" in line.values}
    addresses = {email_key(line.values["email"]) for line in good if "email" in line.values}
    bare = {_name(line.values) for line in good if not {"phone", "email"} & set(line.values)}
    found = find_meant(organisation, phones=phones, addresses=addresses, names=bare, lock=lock)
    known = _Known(found, find_former(organisation, phones) if phones else {})
    steps = [_step(line, known, seen) for line in lines]
    spoken, noted = said_before(organisation, {step.customer.id for step in steps if step.customer})
    for step in steps:
        if step.action != ERROR:
            _add(step, spoken, noted)
    return steps


class _Known:
    def __init__(self, found: Sequence[Customer], former: dict[str, Customer]) -> None:
        self.by_phone = {one.phone: one for one in found if one.phone} | former
        self.by_address: dict[str, list[Customer]] = {}
        for one in found:
            if one.email_key:
                self.by_address.setdefault(one.email_key, []).append(one)
        self.by_name = {one.name_key: one for one in reversed(found) if not one.phone and not one.email_key}


def _step(line: Line, known: _Known, seen: Seen) -> Step:
    if not line.faults and (twin := seen.twin(line.values)):
        line.fault("phone" if "phone" in line.values else "last_name", "twice", line=str(twin))
    if line.faults:
        return Step(line, ERROR)
    customer = _meant(line, known)
    if line.faults:
        return Step(line, ERROR)
    seen.add(line.number, line.values)
    return Step(line, SAME if customer else CREATE, customer)


def _meant(line: Line, known: _Known) -> Customer | None:
    """(1) The same phone; (2) the same address on a guest without phone. A line without a phone is recognised by its
    address when the name fits, and without both by its bare name.
    """
    phone, address = line.values.get("phone"), line.values.get("email")
    if phone in known.by_phone:
        return known.by_phone[phone]
    alike = known.by_address.get(email_key(address), []) if address else []
    if phone:
        return next((one for one in alike if not one.phone), None)
    if not address:
        return known.by_name.get(_name(line.values))
    fitting = next((one for one in alike if not one.name_key or one.name_key == _name(line.values)), None)
    if alike and fitting is None:
        line.fault("email", "others", text=alike[0].name[:60])
    return fitting


def _add(step: Step, spoken: set[tuple[int, str]], noted: set[tuple[int, str]]) -> None:
    values, customer = step.line.values, step.customer
    wanted = {name: values[name] for name in ("first_name", "last_name", "phone") if name in values}
    if customer is None:
        step.news = wanted | {name: values[name] for name in ("email", "language") if name in values}
    else:
        step.news = {name: value for name, value in wanted.items() if not getattr(customer, name)}
        if "email" in values and email_key(values["email"]) != customer.email_key:
            step.news["email"] = values["email"]
    who = customer.id if customer else 0
    for name, channel in CHANNELS.items():
        reachable = values.get(_NEEDS[channel]) or (customer and getattr(customer, _NEEDS[channel]))
        if values.get(name) and reachable and (who, channel) not in spoken:
            step.consents.append(channel)
    if values.get("note") and (who, values["note"]) not in noted:
        step.note = values["note"]
    if customer is not None and (step.news or step.consents or step.note):
        step.action = UPDATE


def _name(values: dict[str, Any]) -> str:
    return name_key(values.get("first_name"), values.get("last_name"))
