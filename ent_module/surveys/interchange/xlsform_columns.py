"""The columns of an XLSForm: texts by language, the lists of answers, and what stands in columns that nobody reads."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from ent_module.languages import LANGUAGES
from ent_module.surveys.interchange.building import own_columns
from ent_module.surveys.interchange.findings import Notes, Why
from ent_module.surveys.interchange.outline import Answer, Wording
from ent_module.surveys.interchange.workbook import Row

_SPOKEN = {
    **dict.fromkeys(("fr", "fra", "fre", "french", "français", "francais"), "fr"),
    **dict.fromkeys(("en", "eng", "english", "anglais"), "en"),
    **dict.fromkeys(("ar", "ara", "arabic", "arabe", "العربية", "عربي"), "ar"),
}
MEDIA = frozenset({"media", "image", "audio", "video", "big-image"})


def language_of(name: str) -> str:
    """Our code of a language as forms name it: `French (fr)`, `fr`, `Français`; empty for another one."""
    bare = name.strip().casefold()
    code = bare.rpartition("(")[2].rstrip(") ").partition("-")[0] if "(" in bare else bare.partition("-")[0]
    return _SPOKEN.get(code.strip()) or _SPOKEN.get(bare.partition("(")[0].strip(), "")


def parted(heading: str) -> tuple[str, str]:
    """What a column holds, and in which language: `label::French (fr)`, or `label:fr` in older forms."""
    bare, _colons, spoken = heading.partition("::" if "::" in heading else ":")
    return bare.strip(), spoken.strip()


@dataclass
class Columns:
    """The columns of a form: which hold texts in which language, and which nobody reads."""

    default: str
    notes: Notes
    unread: Counter[str] = field(default_factory=Counter)
    foreign: set[str] = field(default_factory=set)

    def wording(self, row: Row, name: str) -> Wording:
        """The texts of `label`, `hint` … in our languages. A column without a language is in the form's own."""
        found: Wording = {}
        for heading, text in row.cells.items():
            bare, spoken = parted(heading)
            if bare != name:
                continue
            language = language_of(spoken) if spoken else self.default
            if language:
                found.setdefault(language, text)
            else:
                self.foreign.add(spoken)
        return {language: found[language] for language in LANGUAGES if language in found}

    def tell(self) -> None:
        """Notes the languages and columns that were not read, once each."""
        for language in sorted(self.foreign):
            self.notes.add("", language, Why.LANGUAGE)
        for heading, times in self.unread.items():
            self.notes.add("", f"{heading} ({times})", Why.COLUMN)


def read_lists(rows: list[Row], columns: Columns) -> dict[str, list[Answer]]:
    """The answers of each list of the sheet `choices`."""
    lists: dict[str, list[Answer]] = defaultdict(list)
    for row in rows:
        name = row.get("list_name") or row.get("list name")
        answer = row.get("name") or row.get("value")
        if not name or not answer:
            continue
        lists[name].append(Answer(answer, columns.wording(row, "label"), own_columns(row.cells)))
        for heading, text in row.cells.items():
            kind, _spoken = parted(heading)
            if kind in MEDIA:
                columns.notes.add(f"choices {row.number}", text, Why.MEDIA)
            elif kind not in {"list_name", "list name", "name", "value", "label"} and not heading.startswith("ent_"):
                columns.unread[heading] += 1
    return dict(lists)
