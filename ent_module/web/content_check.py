"""What every shelf of texts has in common when it is checked: where files lie, which can be read, which languages are
there. A shelf lies as `<language>/<folder>/<slug>.md`; French is the language in which everything exists.
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from ent_module.languages import LANGUAGES, SOURCE
from ent_module.rooms import Mistake
from ent_module.web import content, prose
from ent_module.web.content import Document, Fault, MalformedError

Key = tuple[str, str, str]
"""Language, folder, slug."""
Documents = dict[Key, Document]


def path_of(shelf: Path, key: Key) -> Path:
    """The file of a document."""
    lang, folder, slug = key
    return shelf / lang / folder / f"{slug}.md"


def placed(path: Path, faults: Iterator[Fault]) -> Iterator[Mistake]:
    """The faults of a file, with its path."""
    return (Mistake(path, fault.line, fault.message) for fault in faults)


def read_shelf(
    shelf: Path, folders: Collection[str], *, aside: Collection[str] = (), quotes: bool = False
) -> tuple[Documents, list[Mistake]]:
    """The documents that can be read, and what is wrong with files as such. `aside`: folders of something else."""
    documents: Documents = {}
    mistakes = list(_strangers(shelf, folders, aside))
    for lang in LANGUAGES:
        for folder in folders:
            for path in sorted((shelf / lang / folder).glob("*.md")):
                try:
                    text = content.read(path)
                    documents[lang, folder, path.stem] = content.parse(text)
                except MalformedError as error:
                    mistakes.append(Mistake(path, *error.fault))
                    continue
                mistakes += placed(path, prose.text_faults(text, quotes=quotes))
    return documents, mistakes


def _strangers(shelf: Path, folders: Collection[str], aside: Collection[str]) -> Iterator[Mistake]:
    """Files that no page would ever show. Those that lie beside the language folders are something else."""
    for path in sorted(shelf.rglob("*")):
        parts = path.relative_to(shelf).parts
        if parts[0] in aside or path.is_dir() or len(parts) == 1:
            continue
        if parts[0] not in LANGUAGES:
            yield Mistake(path, 1, f"{parts[0]} is not one of the languages {', '.join(LANGUAGES)}")
        elif len(parts) != 3 or parts[1] not in folders:
            yield Mistake(path, 1, f"must lie in one of the folders {', '.join(folders)}")
        elif not content.SLUG.fullmatch(path.stem) or path.suffix != ".md":
            yield Mistake(path, 1, "the name must be small letters without accents, digits and hyphens, then .md")


def address_faults(documents: Documents, key: Key) -> Iterator[Fault]:
    """A French document that has the name or the address of another."""
    _lang, folder, slug = key
    for lang, other_folder, other in documents:
        if lang == SOURCE and (other_folder, other) < (folder, slug):
            if other == slug:
                yield Fault(1, f"{other_folder} has one of the same name")
            elif content.address(other) == content.address(slug):
                yield Fault(1, f"has the same address as {other}: choose another name")


def parity(
    shelf: Path,
    documents: Documents,
    wanted: Callable[[Document], Collection[str]],
    differences: Callable[[Document, Document], Iterator[Fault]],
) -> Iterator[Mistake]:
    """Translations that are missing, that differ, or that have no French document.

    `wanted`: the languages in which a French document must exist; `differences`: of a translation and the French.
    """
    for key, document in documents.items():
        lang, folder, slug = key
        path = path_of(shelf, key)
        if lang == SOURCE:
            missing = [one for one in wanted(document) if (one, folder, slug) not in documents]
            yield from (Mistake(path, 1, f"is missing in {LANGUAGES[one]} ({one})") for one in missing)
        elif (french := documents.get((SOURCE, folder, slug))) is None:
            yield Mistake(path, 1, "has no French file of the same name")
        else:
            yield from placed(path, differences(document, french))
