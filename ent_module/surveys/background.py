"""Questions on who answers (age, class, girl or boy …), and when they tell too much together. Pure rules.

Each alone is harmless. Together they part a school into groups so small that one ballot can be somebody's: sex × four
levels × month of birth are 96 groups, and a collège of 400 has four pupils in each. No table of ours shows such a
group, yet nobody should have to trust that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from ent_module.privacy.disclosure import FLOOR
from ent_module.surveys.model import Item, Questionnaire

MOST_GROUPS = 12
"""Into how many groups a school of unknown size may be parted: 12 × FLOOR pupils are a small collège. Our choice."""
FEWEST_KNOWN = 60
"""Below this, the pupils that teachers have counted are some classes and not the school. Our choice."""
_IN_WORDS = 1000
"""Groups into which an answer in words parts whoever answers: as good as each alone."""
_IDS = re.compile(
    r"(sexe?|genre|gender|age|classe?|grade|niveau|level|mois(_(de_)?naissance)?|(birth_?)?month|annee_naissance"
    r"|birth_?year|nationalit[ey]|religion|country|pays|langue|language)"
)
_TEXTS = re.compile(
    r"^(sexe|genre|âge|classe|niveau|sex|gender|age|class|grade|nationalité|religion)\s*[:?]?$"
    r"|\b(quel âge|ton âge|votre âge|how old|your age|mois de naissance|en quel mois|quelle année es-tu né|né\(?e\)? en"
    r"|birth month|month were you born|year were you born|en quelle classe|quelle est ta classe|ton niveau|quel niveau"
    r"|which (class|grade|year) are you|(es-tu|tu es|je suis) une? (fille|garçon)|are you a (girl|boy))\b"
    r"|كم عمرك|في أي صف|في أي شهر ولدت|هل أنت (بنت|ولد)",
    re.IGNORECASE,
)
_CHOICES = frozenset(
    {"fille", "garçon", "girl", "boy", "بنت", "ولد", "féminin", "masculin", "female", "male"}
    | {"ce2", "cm1", "cm2", "6e", "5e", "4e", "3e", "sixième", "cinquième", "quatrième", "troisième"}
    | {"2de", "seconde", "première", "terminale", "janvier", "février", "january", "february"}
)


@dataclass(frozen=True)
class Narrow:
    """Questions that tell too much together: into how many groups they part how many pupils (None: not known)."""

    items: tuple[Item, ...]
    groups: int
    pupils: int | None

    @property
    def each(self) -> int | None:
        """How many pupils a group has on average, rounded down."""
        return None if self.pupils is None else self.pupils // self.groups


def too_narrow(asked: Questionnaire, level: str, pupils: int | None) -> Narrow | None:
    """What would identify pupils of a school of that level; None where nothing does."""
    found = tuple(item for item in asked.items(level) if is_background(item))
    groups = prod(len(item.choices) or _IN_WORDS for item in found)
    known = pupils if pupils is not None and pupils >= FEWEST_KNOWN else None
    most = MOST_GROUPS if known is None else known // FLOOR
    return Narrow(found, groups, known) if found and groups > most else None


def is_background(item: Item) -> bool:
    """Whether a question asks who answers, by its id, its words or its answers."""
    return (
        bool(_IDS.fullmatch(item.id))
        or any(_TEXTS.search(text.strip()) for text in item.text.values())
        or len(_CHOICES & set(_words(item))) > 1
    )


def _words(item: Item) -> Iterable[str]:
    return (label.strip().casefold() for choice in item.choices for label in choice.label.values())
