"""What happened with a guest's data, in sentences, and the words of her facts."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import AuditEntry
from portal.wording import by_deposit

CHANNEL_WORDS = {"email": _l("E-mail"), "sms": _l("Text message")}
WAY_WORDS = {
    "desk": _l("At the desk"),
    "phone": _l("On the phone"),
    "form": _l("On a signed form"),
    "online": _l("Online"),
    "reply": _l("By a reply to a message"),
    "partner": _l("Through a partner"),
    "import": _l("With imported data"),
}
RELATION_WORDS = {
    "partner": _l("Partner"),
    "family": _l("Family"),
    "friend": _l("Friend"),
    "assistant": _l("Assistant"),
    "other": _l("Other"),
}
FIELD_WORDS = {
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "language": _l("Language"),
}
_SENTENCES = {
    "customer:created": _l("The guest was added"),
    "customer:preferences": _l("Preferences changed"),
    "customer:noted": _l("A note was written"),
    "customer:note_edited": _l("A note was changed"),
    "customer:note_pinned": _l("A note was pinned"),
    "customer:note_unpinned": _l("A note was unpinned"),
    "customer:note_deleted": _l("A note was deleted"),
    "customer:linked": _l("Somebody was linked"),
    "customer:unlinked": _l("A link was removed"),
    "customer:put_aside": _l("Set aside"),
    "customer:taken_back": _l("Made active again"),
    "customer:deposit_required": by_deposit(
        _l("A deposit is required from now on"), _l("A down payment is required from now on")
    ),
    "customer:blocked": _l("Blocked"),
    "customer:unflagged": _l("The flag was removed"),
    "customer:merged": _l("Merged with another entry of the same guest"),
    "customer:unmerged": _l("The merge was taken back"),
    "customer:exported": _l("The guest's data was exported"),
    "care:read": _l("Health notes read"),
    "care:written": _l("Health notes written"),
}


def trail_sentence(entry: AuditEntry) -> str:
    """What was done, in one sentence."""
    if entry.verb == "customer:edited":
        fields = [str(FIELD_WORDS.get(name, name)) for name in entry.details.get("fields", [])]
        return _("Contact data changed: %(fields)s", fields=", ".join(fields))
    if entry.verb in {"customer:agreed", "customer:withdrew"}:
        channel = CHANNEL_WORDS.get(str(entry.details.get("channel")), "")
        if entry.verb == "customer:agreed":
            return _("Agreed to marketing: %(channel)s", channel=channel)
        return _("No longer agrees to marketing: %(channel)s", channel=channel)
    return str(_SENTENCES.get(entry.verb, _("The guest's data changed")))
