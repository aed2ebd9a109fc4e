"""What is noted about a guest's health, and its written form before it is sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

LONGEST = 1000
TEXTS = ("allergies", "contraindications", "remarks")


@dataclass(frozen=True, slots=True)
class CareNotes:
    """Texts of at most 1,000 characters; `consent`: the guest has agreed that this is kept and read for treatment."""

    allergies: str = ""
    contraindications: str = ""
    remarks: str = ""
    consent: bool = False

    @property
    def is_red(self) -> bool:
        """Whether something must be known before the treatment begins."""
        return bool(self.allergies or self.contraindications)

    @property
    def is_empty(self) -> bool:
        return self == CareNotes()

    def written(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, text: str) -> CareNotes:
        """From its written form; what it does not know is left out."""
        found: Mapping[str, object] = json.loads(text)
        texts = {name: str(found.get(name) or "") for name in TEXTS}
        return cls(**texts, consent=bool(found.get("consent")))
