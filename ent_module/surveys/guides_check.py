"""Reads the guides of the shelf `surveys/guides` and names every mistake by file and line.

The format is strict, as that of the questionnaires: a key too many is a mistake, as is a translation too few, a
question without two sides, a link that leads nowhere.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from unicodedata import is_normalized

import yaml

from ent_module.rooms import Mistake
from ent_module.shelves import shelf
from ent_module.surveys import nodes
from ent_module.surveys.content import questionnaires
from ent_module.surveys.guides import paths
from ent_module.surveys.model import LEVELS, Item, Questionnaire
from ent_module.surveys.nodes import Found
from ent_module.surveys.parts import Audience
from ent_module.surveys.release import counts_from
from ent_module.web import content, prose
from ent_module.web.content import Document, MalformedError

_Kind = Callable[[yaml.Node], Found]
"""What a node must be."""
_Items = Mapping[str, Item]


def check_content() -> Iterator[Mistake]:
    """The mistakes of all guides."""
    for path in paths():
        yield from mistakes(path)


def mistakes(path: Path) -> Iterator[Mistake]:
    """The mistakes of one file, in its order."""
    try:
        text = content.read(path)
        root, _values = content.load_yaml(text)
    except MalformedError as error:
        yield Mistake(path, *error.fault)
        return
    asked = questionnaires().get(path.stem)
    if root is None or asked is None:
        yield Mistake(path, 1, "no guide" if root is None else f"no questionnaire {path.stem}")
        return
    if not is_normalized("NFC", text):
        yield Mistake(path, 1, "letters and accents apart: save as NFC")
    found = ((node.start_mark.line + 1, message) for node, message in _guide(root, asked))
    yield from (Mistake(path, line, message) for line, message in sorted(found))


def _guide(root: yaml.Node, asked: Questionnaire) -> Found:
    items = {item.id: item for section in asked.sections for item in section.items}
    told = {"item": _two_sided(items), "text": nodes.texts, "source": _said}
    talk = _record({"levels": _levels, "questions": _each(nodes.texts)})
    action = _record({"levels": _levels, "text": _linked})
    kinds: dict[str, _Kind] = {
        "id": _exactly(asked.id),
        "licence": _said,
        "figures": _each(_record(told)),
        "places": _each(_known(items), empty=True),
        "signals": _each(_signal(items, _figured(root), _each(action))),
    }
    if asked.audience is Audience.PUPILS:  # what adults have answered is nothing for a class
        kinds["class"] = _record({"figures": _each(_for_a_class(items)), "talk": _each(talk)})
    yield from _record(kinds)(root)


def _record(kinds: Mapping[str, _Kind]) -> _Kind:
    """A mapping with exactly these keys."""

    def check(node: yaml.Node) -> Found:
        yield from nodes.keys(node, kinds)
        for key, entry in nodes.entries(node).items():
            yield from kinds[key](entry) if key in kinds else ()

    return check


def _each(kind: _Kind, *, empty: bool = False) -> _Kind:
    """A list with one entry at least, unless it may be empty."""

    def check(node: yaml.Node) -> Found:
        if not nodes.listed(node) and not empty:
            yield node, "must be a list with one entry at least"
        for one in nodes.listed(node):
            yield from kind(one)

    return check


def _said(node: yaml.Node) -> Found:
    return nodes.text(node, "this")


def _exactly(wanted: str) -> _Kind:
    return lambda node: iter(() if nodes.value(node) == wanted else ((node, f"must be {wanted}"),))


def _linked(node: yaml.Node) -> Found:
    """Texts in Markdown whose links lead to lessons and sheets that are there."""
    yield from nodes.texts(node)
    known = {"lesson": content.slugs(shelf("lessons")), "sheet": content.slugs(shelf("resources"))}
    for entry in nodes.entries(node).values():
        document = Document({}, {}, (), str(nodes.value(entry)), 1)
        yield from ((entry, message) for _line, message in prose.link_faults(document, known))


def _levels(node: yaml.Node) -> Found:
    named = [nodes.value(one) for one in nodes.listed(node)]
    if not named or not set(named) <= set(LEVELS):
        yield node, f"levels must be among {', '.join(LEVELS)}"


def _known(items: _Items) -> _Kind:
    def check(node: yaml.Node) -> Found:
        if nodes.value(node) not in items:
            yield node, f"unknown question {nodes.value(node)}"

    return check


def _two_sided(items: _Items) -> _Kind:
    def check(node: yaml.Node) -> Found:
        yield from _known(items)(node)
        item = items.get(nodes.value(node))
        if item is not None and counts_from(item) is None:
            yield node, f"{item.id} has no two sides"

    return check


def _for_a_class(items: _Items) -> _Kind:
    """A question that a class may talk about."""

    def check(node: yaml.Node) -> Found:
        yield from _two_sided(items)(node)
        item = items.get(nodes.value(node))
        if item is not None and item.sensitive:
            yield node, f"{item.id} is sensitive: no class talks about it"

    return check


def _figured(root: yaml.Node) -> frozenset[str]:
    """The questions that have words already, as figures."""
    figures = nodes.listed(nodes.entries(root).get("figures"))
    return frozenset(str(nodes.value(nodes.entries(one).get("item"))) for one in figures)


def _signal(items: _Items, figured: frozenset[str], actions: _Kind) -> _Kind:
    """A threshold, with words of its own where no figure has them."""

    def check(node: yaml.Node) -> Found:
        entries = nodes.entries(node)
        sides = [name for name in ("at_least", "less_than") if name in entries]
        if len(sides) != 1:
            yield node, "a signal needs at_least or less_than"
        kinds: dict[str, _Kind] = {"item": _two_sided(items), "source": _said, "actions": actions}
        if str(nodes.value(entries.get("item"))) not in figured:
            kinds["text"] = nodes.texts
        yield from _record(kinds | dict.fromkeys(sides, _share))(node)
        item = items.get(nodes.value(entries.get("item")))
        silent = item.levels - set(_levels_told(entries.get("actions"))) if item else ()
        yield from ((node, f"nothing is suggested at {level}") for level in sorted(silent))

    return check


def _levels_told(actions: yaml.Node | None) -> Iterator[str]:
    for action in nodes.listed(actions):
        yield from (str(nodes.value(level)) for level in nodes.listed(nodes.entries(action).get("levels")))


def _share(node: yaml.Node) -> Found:
    if not nodes.whole(node, 1) or nodes.value(node) > 99:
        yield node, "must be a whole per cent from 1 to 99"
