"""What a school code is, and the kinds of establishments."""

import re
from enum import StrEnum

_UAI = re.compile(r"[0-9]{7}[A-HJ-NPR-Z]")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


class Kind(StrEnum):
    """Schools, and the levels above them, which have a code and a listening group of their own."""

    ECOLE = "ecole"
    COLLEGE = "college"
    LYCEE = "lycee"
    CIRCONSCRIPTION = "circonscription"
    DEPARTEMENT = "departement"
    ACADEMIE = "academie"
    REGION = "region"

    @property
    def is_school(self) -> bool:
        """Whether pupils go there."""
        return self in {Kind.ECOLE, Kind.COLLEGE, Kind.LYCEE}

    def may_stand_below(self, other: "Kind") -> bool:
        """Whether that level may be the one above; since each level is above fewer kinds, there is no circle."""
        return _LEVEL[self] < _LEVEL[other]


_LEVEL = {
    Kind.ECOLE: 0,
    Kind.COLLEGE: 0,
    Kind.LYCEE: 0,
    Kind.CIRCONSCRIPTION: 1,
    Kind.DEPARTEMENT: 2,
    Kind.ACADEMIE: 3,
    Kind.REGION: 4,
}


class Standing(StrEnum):
    """How far an establishment is with one of its settings."""

    MISSING = "missing"
    INHERITED = "inherited"
    PUBLISHED = "published"
    DRAFTED = "drafted"
    """There is a draft that nobody sees yet, whatever is published."""


def normalised_uai(text: str) -> str:
    """The code in upper case without spaces."""
    return "".join(text.split()).upper()


def is_uai(uai: str, *, check_letter: bool = True) -> bool:
    """Whether that is a school code: 7 digits and the letter of their remainder by 23 (no I, O, Q)."""
    if not _UAI.fullmatch(uai):
        return False
    return not check_letter or uai[7] == _LETTERS[int(uai[:7]) % 23]
