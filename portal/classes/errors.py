"""Refusals of the verbs about classes and couples, in the words of the trade."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.errors import Conflict, Invalid


class CapacityReached(Conflict):
    """As many as can take part have joined."""

    code = "capacity_reached"
    message = _l("The class is full.")


class NotAClass(Invalid):
    """The treatment is one for single guests."""

    code = "not_a_class"
    message = _l("This treatment is not a class.")
    field = "variant"


class HasPaid(Conflict):
    """He who leaves has paid, and nobody has said what becomes of it."""

    code = "has_paid"
    message = _l("This guest has paid: please choose whether the money is given back or kept.")


class SessionOver(Conflict):
    """It has ended, or was cancelled."""

    code = "session_over"
    message = _l("This class is over or was cancelled.")


class TooEarly(Conflict):
    """Nobody has missed what has not begun."""

    code = "too_early"
    message = _l("The class has not begun yet: nobody can have missed it.")
