"""What the desk reads in an agenda that the bookings themselves do not say."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.agenda.facts import ELSEWHERE

# Times that nobody can have, beside the kinds of blocks.
SHUT_WORDS: Mapping[str, object] = {
    "venue": _l("Closed to bookings"),
    ELSEWHERE: _l("At another venue"),
}
ONLY_WORDS: Mapping[str, object] = {
    "waiting": _l("To staff"),
    "late": _l("Late"),
    "unpaid": _l("To pay"),
    "wish": _l("With a wish for a therapist"),
}
KEYS: Mapping[str, object] = {
    "T": _l("Today"),
    "← →": _l("Previous and next day"),
    "Shift ← →": _l("Previous and next week"),
    "D W L M": _l("Day, week, list, month"),
    "V": _l("By therapist or by room"),
    "G": _l("Go to a date"),
    "+ -": _l("Finer or coarser lines"),
    "N": _l("New booking"),
    "K": _l("Walk-in"),
    "B": _l("Block time"),
    "/": _l("Search"),
    "A": _l("Arrived"),
    "S": _l("Start the treatment"),
    "F": _l("Finish the treatment"),
    "X": _l("Cancel the booking…"),
    "M": _l("Move: arrows, then Enter"),
    "R": _l("Change the length: up and down, then Enter"),
    "P": _l("Print"),
    "Z": _l("Undo my last step"),
    "?": _l("This help"),
}
GRID_KEYS: Mapping[str, object] = {
    "↑ ↓ ← →": _l("Move through the grid"),
    "Home End": _l("To the ends of a column"),
    "Page ↑ ↓": _l("By an hour"),
    "Enter": _l("Open a booking or a free place, or ask why not"),
    "Esc": _l("Close what is open"),
}
