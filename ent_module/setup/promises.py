"""Words by which a school's own text may promise what the law does not let anybody keep: a danger obliges to act."""

import re
import unicodedata
from collections.abc import Iterable

_LATIN = (
    r"secret\w*",
    r"confiden\w*",
    r"anonym\w*",
    r"personne (ne|n)\b",
    r"jamais",
    r"promet\w*|promis\w*|promesse\w*",
    r"garanti\w*|guarantee\w*",
    r"entre nous|between us",
    r"nobody|no one|no-one",
    r"never",
    r"private(ly)?",
    r"won't tell|will not tell|not tell anyone",
)
# و ف ب ل ك and ال stand before a word without a space.
_ARABIC = (
    r"سر|سرا|سري|سريه|سريا|سرك|اسرار|اسرارك",
    r"(لا|لن) (احد|يعرف|يعلم)\w*",
    r"ابدا",
    r"مجهول\w*",
    r"كتمان|نكتم|خصوصيه\w*",
    r"[نا]عد(ك|كم)?|وعد(ا|نا)?|[نا]ضمن|ضمان(ه|ا)?",
)
_FOUND = re.compile(rf"\b(?:{'|'.join(_LATIN)})|(?<!\w)[وفبلك]{{0,2}}(?:ال|لل)?(?:{'|'.join(_ARABIC)})(?!\w)")


def promises(texts: Iterable[str]) -> list[str]:
    """The words of these texts that may promise too much, each once, as they stand without marks and capitals.

    Only words are compared, so an honest sentence may be found too: the page asks, it does not refuse.
    """
    return list(dict.fromkeys(found.group() for text in texts for found in _FOUND.finditer(_folded(text))))


def _folded(text: str) -> str:
    """Without accents, Arabic vowels, elongation and capitals; one kind of apostrophe, space and feminine ending."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    plain = bare.replace("’", "'").replace("ـ", "").replace("ة", "ه").casefold()
    return " ".join(plain.split())
