"""The word lists of return codes (`resources/words/<language>.txt`, 1,024 lines each) and codes in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from ent_module.help.model import codes
from ent_module.languages import LANGUAGES
from ent_module.privacy.typed import folded, typed_words
from ent_module.rooms import Mistake
from ent_module.shelves import shelf


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words of a language, in the order that gives them their numbers."""
    return tuple((shelf("resources") / "words" / f"{language}.txt").read_text("utf-8").split())


@cache
def _places(language: str) -> Mapping[str, int]:
    return {folded(word): place for place, word in enumerate(word_list(language))}


def written(seed: bytes, language: str) -> list[str]:
    """The code as it is shown in that language."""
    return codes.encode(seed, word_list(language))


def unknown_words(text: str) -> list[str]:
    """Of what somebody typed, the words that no list holds. The lists are public: this tells nothing of any code."""
    return [word for word in typed_words(text) if all(word not in _places(lang) for lang in LANGUAGES)]


def seeds(text: str) -> list[bytes | None]:
    """What the typed words stand for in each language's list, in the order of LANGUAGES; None where it is no code."""
    typed = typed_words(text)
    return [codes.decode(typed, _places(language)) for language in LANGUAGES]


def check_content() -> Iterable[Mistake]:
    """The mistakes of the lists: another length, two words that a loose reader takes for one, more than letters."""
    for language in LANGUAGES:
        path = shelf("resources") / "words" / f"{language}.txt"
        lines = path.read_text("utf-8").splitlines()
        if len(lines) != codes.LIST_SIZE:
            yield Mistake(path, len(lines), f"{len(lines)} words instead of {codes.LIST_SIZE}")
        seen = Counter(folded(line) for line in lines)
        for number, line in enumerate(lines, 1):
            if typed_words(line) != [folded(line)] or not line.isalpha():
                yield Mistake(path, number, f"{line!r} is not one word of letters")
            if seen[folded(line)] > 1:
                yield Mistake(path, number, f"{line!r} is read like another word of the list")
