"""What a block claims of the time it covers: nothing is ever claimed twice, whatever lies there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from portal.blocks.facts import Held, Span

# Claims are at most as long, see models/claim.py.
LONGEST = timedelta(hours=24)


class Piece(NamedTuple):
    """A stretch to claim; `overbooked` where a booking stands, which keeps its own claim."""

    span: Span
    overbooked: bool


def pieces(span: Span, held: Iterable[Held]) -> list[Piece]:
    """The claims of a block over `span` among what is held of its resource.

    Free time is claimed as usual and guarded by the schema; over a booking the claim is overbooked; where a block lies
    already, perhaps this one, nothing is claimed.
    """
    near = [one for one in held if one.span.overlaps(span)]
    edges = {span.starts_at, span.ends_at}
    edges |= {edge for one in near for edge in one.span if span.starts_at < edge < span.ends_at}
    found: list[Piece] = []
    for start, end in pairwise(sorted(edges)):
        over = [one for one in near if one.span.overlaps(Span(start, end))]
        if any(one.block_id is not None for one in over):
            continue
        found.append(Piece(Span(start, end), overbooked=bool(over)))
    return [part for piece in _joined(found) for part in _split(piece)]


def _joined(found: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in found:
        last = joined[-1] if joined else None
        if last and last.span.ends_at == piece.span.starts_at and last.overbooked == piece.overbooked:
            joined[-1] = Piece(Span(last.span.starts_at, piece.span.ends_at), piece.overbooked)
        else:
            joined.append(piece)
    return joined


def _split(piece: Piece) -> list[Piece]:
    """In parts of at most a day, from the start on."""
    parts, start = [], piece.span.starts_at
    while start < piece.span.ends_at:
        end = min(start + LONGEST, piece.span.ends_at)
        parts.append(Piece(Span(start, end), piece.overbooked))
        start = end
    return parts
