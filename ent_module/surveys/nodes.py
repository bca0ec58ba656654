"""YAML as nodes, which know their lines: what they hold, and the mistakes of the simplest of them.

In: a node, or none where a key is missing, which is told elsewhere. Out: values, or every mistake with its node.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from ent_module.languages import LANGUAGES

Found = Iterator[tuple[yaml.Node, str]]
"""Mistakes: the node where each stands, and what it is."""


def value(node: yaml.Node | None) -> Any:
    """The plain value of a scalar; None for anything else."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    try:
        return yaml.safe_load(node.value) if node.style is None else node.value
    except (yaml.YAMLError, ValueError):  # « = » alone, a day that does not exist: a value of no kind that we use
        return None


def whole(node: yaml.Node, least: int) -> bool:
    """Whether it is a whole number, not below that one."""
    return type(held := value(node)) is int and held >= least


def listed(node: yaml.Node | None) -> list[yaml.Node]:
    """The entries of a list; none of anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """Keys and what they hold, also those that are there twice; none of anything else."""
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """What each key holds; none of anything else."""
    return {str(key.value): entry for key, entry in pairs(node)}


def keys(node: yaml.Node, wanted: Iterable[str], optional: Iterable[str] = ()) -> Found:
    """Keys that are missing, unknown or there twice."""
    if not isinstance(node, yaml.MappingNode):
        yield node, f"must have the keys {', '.join(wanted)}"
        return
    seen: set[str] = set()
    for key, _entry in pairs(node):
        if key.value in seen:
            yield key, f"{key.value} is there twice"
        elif key.value not in {*wanted, *optional}:
            yield key, f"unknown key {key.value}"
        seen.add(str(key.value))
    for missing in (name for name in wanted if name not in seen):
        yield node, f"{missing} is missing"


def text(node: yaml.Node | None, name: str) -> Found:
    """A text that is empty, has spaces around it, or holds tags."""
    if node is None:
        return
    held = value(node)
    if not isinstance(held, str) or not held.strip():
        yield node, f"{name} must be a text"
    elif held != held.strip() or "<" in held or "\t" in held:
        yield node, f"{name} must be plain text without spaces around it"


def texts(node: yaml.Node | None) -> Found:
    """A text in every language."""
    if node is None:
        return
    yield from keys(node, tuple(LANGUAGES))
    for language, one in entries(node).items():
        yield from text(one, language)


def each(nodes: Iterable[yaml.Node], key: str) -> list[yaml.Node]:
    """What these nodes have under that key, where they have it."""
    return [found[key] for node in nodes if key in (found := entries(node))]
