"""How content is written: characters, the subset of Markdown, links, typography, and how hard it is to read.

Pure rules over a text; each mistake comes with its line. The figures of a level of reading are the caller's.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ent_module.web.content import Document, Fault
from ent_module.web.markdown import SCHEMES

_HTML = re.compile(r"<[A-Za-z!/?]|&(#\d+|#[xX][0-9a-fA-F]+|\w+);")
_NOT_OURS = (
    (re.compile(r"!\["), "images are not shown: leave it out"),
    (re.compile(r"`|^~~~"), "code marks are not part of the subset"),
    (re.compile(r"^#(?!#)|^####"), "headings are ## and ### only"),
    (re.compile(r"^ {0,3}([-*_])( *\1){2,} *$|^ {0,3}=+ *$"), "lines are not part of the subset"),
    (re.compile(r"^\|"), "tables are not part of the subset"),
    (re.compile(r"(?<![*\w])\*(?![*\s])|(?<!\w)_(?=\w)"), "italics are not part of the subset"),
    (re.compile(r"(?i)https?://|www\.|^\[[^\]]+\]:"), "links outside are not allowed"),
    (re.compile(r"^>"), "> is for the screens of lessons"),
)
_LINK = re.compile(r"\]\(([^)]*)\)")


def text_faults(text: str, *, quotes: bool = False) -> Iterator[Fault]:
    """Characters and marks that content may not hold. `quotes`: whether `>` has a meaning here."""
    if not text.endswith("\n"):
        yield Fault(text.count("\n") + 1, "the last line has no end")
    body = False
    for number, line in enumerate(text.split("\n"), 1):
        if unicodedata.normalize("NFC", line) != line:
            yield Fault(number, "is not NFC: an accent stands apart from its letter")
        if bad := next((c for c in line if unicodedata.category(c) in {"Cc", "Cf"} and c not in "\u200c\u200d"), ""):
            yield Fault(number, f"holds a tab or an invisible character (U+{ord(bad):04X})")
        if _HTML.search(line):
            yield Fault(number, "holds HTML: write plain text")
        if "3020" in line:
            yield Fault(number, "3020 has closed; its service is 3018")
        if body:
            yield from (
                Fault(number, why)
                for mark, why in (_NOT_OURS[:-1] if quotes else _NOT_OURS)
                if mark.search(_LINK.sub("]", line))
            )
        body = body or (line == "---" and number > 1)


def links(document: Document) -> Iterator[tuple[int, str]]:
    """Each link of the text: its line and its target."""
    for number, line in enumerate(document.body.split("\n"), document.body_line):
        for target in _LINK.findall(line):
            yield number, target


def link_faults(document: Document, known: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Links with another scheme than ours, or to a slug that is not there. `known`: the slugs of each scheme."""
    for number, target in links(document):
        scheme, colon, slug = target.partition(":")
        if not colon or scheme not in SCHEMES:
            yield Fault(number, f"({target}) must begin with {', '.join(f'{one}:' for one in SCHEMES)}")
        elif slug and scheme == "help":
            yield Fault(number, f"({target}): help: stands alone")
        elif scheme != "help" and slug not in known.get(scheme, ()):
            yield Fault(number, f"({target}) leads nowhere")


# --- Typography -----------------------------------------------------------------------------------------------------

_FRENCH = (
    (re.compile(r"[^\u202f\s][;:!?»]|[ \u00a0][;:!?»]"), "a mark wants a narrow no-break space (U+202F) before it"),
    (re.compile(r"«[^\u202f]"), "« wants a narrow no-break space (U+202F) after it"),
    (re.compile(r"\w'\w"), "a straight apostrophe: write ’"),
    (re.compile(r"\.\.\."), "three full stops: write …"),
    (re.compile(r'"'), "straight quotes: write « »"),
)
_RUN = re.compile(r"(?<=[?!…])[?!]")
_CLOCK = re.compile(r"(?<=\d):(?=\d)")


def french_faults(document: Document) -> Iterator[Fault]:
    """What French typography wants otherwise (Imprimerie nationale), in the front matter and in the text."""
    body = enumerate(document.body.split("\n"), document.body_line)
    for number, line in (*document.texts, *body):
        plain = _CLOCK.sub("", _RUN.sub("", _LINK.sub("", line).replace("**", "")))
        yield from (Fault(number, why) for mark, why in _FRENCH if mark.search(plain))


# --- How hard it is to read -----------------------------------------------------------------------------------------

_WORD = re.compile(r"\w[\w’'-]*")
_MARKS = re.compile(r"^\s*(?:>\s*)?(?:#+|-|\d+\.)\s+|^>|\*\*|[\[\]]")
_SENTENCE_END = re.compile(r"(?<=[.?!…؟])[\s\u202f»”)]+")
_VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"
_MUTE = re.compile(rf"(?<=\w[^{_VOWELS}])(?:es|ent|e)$")


@dataclass(frozen=True)
class Level:
    """What readers of a level can take. Words of a text, words of a sentence, ease by Kandel and Moles (French)."""

    fewest: int
    most: int
    sentence: int
    ease: int = 0


TOLERANCE = 1.1
"""Ten words too many in a hundred are the author's freedom."""


def sentences(body: str, first: int = 1) -> Iterator[tuple[int, list[str]]]:
    """The sentences of a text: the line of each, and its words. Headings and lines of lists are sentences too."""
    for number, line in enumerate(body.split("\n"), first):
        for part in _SENTENCE_END.split(_MARKS.sub("", _LINK.sub("", line))):
            if words := _WORD.findall(part):
                yield number, words


def ease(body: str) -> float:
    """How easy a French text is, from 0 to about 120 (Kandel and Moles, 1958). Syllables are groups of vowels."""
    found = [words for _line, words in sentences(body)]
    words = [word.lower() for sentence in found for word in sentence]
    if not words:
        return 120.0
    syllables = sum(max(1, len(re.findall(f"[{_VOWELS}]+", _MUTE.sub("", word)))) for word in words)
    return 207 - 1.015 * len(words) / len(found) - 73.6 * syllables / len(words)


def level_faults(body: str, first: int, level: Level, lang: str) -> Iterator[Fault]:
    """Where a text asks more of its readers than their level: `first` is its first line."""
    total = 0
    for number, words in sentences(body, first):
        total += len(words)
        if len(words) > level.sentence:
            yield Fault(number, f"a sentence of {len(words)} words; at most {level.sentence}")
    if not level.fewest / TOLERANCE <= total <= level.most * TOLERANCE:
        yield Fault(first, f"{total} words; from {level.fewest} to {level.most}")
    if lang == "fr" and level.ease and (found := ease(body)) < level.ease:
        yield Fault(first, f"ease of reading {found:.0f}; at least {level.ease} (Kandel and Moles)")
