"""Conditions under which a question is asked: read from XPath (XLSForm) and LimeSurvey's language, written as XPath.

Read is what our structured form can say: conditions that must all hold, or of which one must, each about one question
having one of some answers. Everything else raises UnsayableError, and is listed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

LONGEST = 2000
DEEPEST = 20


class UnsayableError(ValueError):
    """A condition that our form cannot say."""


@dataclass(frozen=True)
class Test:
    """One comparison of a question. `has`: that answer is among those given."""

    item: str
    sign: str
    value: str


@dataclass(frozen=True)
class Joined:
    """Several that must `all` hold, or of which `any` must."""

    how: str
    parts: tuple["Node", ...]


Node = Test | Joined
Token = tuple[str, str]

_XPATH = re.compile(
    r"\$\{\s*(?P<ref>[^{}\s]+)\s*\}|'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\"|(?P<number>-?\d+)(?![\w.])"
    r"|(?P<sign><=|>=|!=|=|<|>)|(?P<mark>[(),])|(?P<word>[A-Za-z][\w-]*)"
)
_LIMESURVEY = re.compile(
    r"'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\"|(?P<sign>==|<=|>=|!=|<|>)|(?P<mark>[(),])|(?P<both>&&|\|\|)"
    r"|(?P<number>-?\d+)(?![\w.])|(?P<word>[A-Za-z]\w*|\d+X\d+X\w+)(?P<suffix>\.(NAOK|value|code))?"
)
_SIGNS = {"==": "=", "eq": "=", "ge": ">=", "le": "<=", "gt": ">", "lt": "<"}
_JOINTS = {"and": "all", "or": "any", "&&": "all", "||": "any"}
_FLIPPED = {"=": "=", ">=": "<=", "<=": ">=", ">": "<", "<": ">"}


def parse_xpath(text: str) -> Node | None:
    """The condition in a `relevant`; None where it always holds. Raises UnsayableError."""
    return None if text.strip() in {"", "true()", "1"} else _Parser(_tokens(text, _XPATH)).whole()


def parse_limesurvey(text: str) -> Node | None:
    """The same in LimeSurvey's expressions."""
    bare = text.strip().removeprefix("{").removesuffix("}").strip()
    return None if bare in {"", "1"} else _Parser(_tokens(bare, _LIMESURVEY)).whole()


def _tokens(text: str, pattern: re.Pattern[str]) -> list[Token]:
    if len(text) > LONGEST:
        raise UnsayableError
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = pattern.match(text, at)
        if match is None:
            raise UnsayableError
        found.append(_token(match))
        at = match.end()
    return found


def _token(match: re.Match[str]) -> Token:
    kind, text = next((name, value) for name, value in match.groupdict().items() if value is not None)
    if kind in {"one", "two", "number"}:
        return "value", text
    if kind == "mark":
        return text, ""
    low = text.casefold()
    if kind == "sign" or (kind == "word" and low in _SIGNS):
        return "sign", _SIGNS.get(low, text)
    if kind != "ref" and low in _JOINTS:
        return _JOINTS[low], ""
    return ("selected", "") if kind == "word" and text == "selected" else ("ref", text)


class _Parser:
    """`or` binds weakest, then `and`, then comparisons, `selected(…)` and brackets."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = [*tokens, ("end", "")]
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        found = self._joined("any", lambda: self._joined("all", self._single))
        self._take("end")
        return found

    def _joined(self, how: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._next == how:
            self._take(how)
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(how, tuple(parts))

    def _single(self) -> Node:
        if self._next == "(":
            return self._bracketed()
        if self._next == "selected":
            self._take("selected", "(")
            item = self._take("ref")
            self._take(",")
            value = self._take("value")
            self._take(")")
            return Test(item, "has", value)
        if self._next == "value":
            value, sign, item = self._take("value"), self._take("sign"), self._take("ref")
            return Test(item, _FLIPPED.get(sign, sign), value)
        item, sign, value = self._take("ref"), self._take("sign"), self._take("value")
        return Test(item, sign, value)

    def _bracketed(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnsayableError
        self._take("(")
        found = self._joined("any", lambda: self._joined("all", self._single))
        self._take(")")
        self._depth -= 1
        return found

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0]

    def _take(self, *kinds: str) -> str:
        text = ""
        for kind in kinds:
            if self._next != kind:
                raise UnsayableError
            text = self._tokens[self._at][1]
            self._at += 1
        return text


def renamed(node: Node, name: Callable[[Test], Test]) -> Node:
    """The same with every comparison changed, as where one program's names stand for another's."""
    if isinstance(node, Test):
        return name(node)
    return replace(node, parts=tuple(renamed(part, name) for part in node.parts))


@dataclass(frozen=True)
class Known:
    """An earlier question that a condition may name: its id, its kind, and its choices by their name in the file. Of a
    band, `starts` tells where it begins."""

    id: str
    kind: str
    choices: Mapping[str, str]
    starts: tuple[tuple[int, str], ...] = ()
    to: int = 0


def structured(nodes: Iterable[Node], known: Callable[[str], Known | None]) -> dict[str, Any] | None:
    """Our form of conditions that must all hold; None where there is none. Raises UnsayableError."""
    parts = tuple(nodes)
    if not parts:
        return None
    whole = _flat(Joined("all", parts))
    how, tests = (whole.how, whole.parts) if isinstance(whole, Joined) else ("any", (whole,))
    found = _conditions(how, tests, known)
    return {"any" if len(found) == 1 else how: found}


def _flat(node: Node) -> Node:
    """Without brackets that change nothing."""
    if isinstance(node, Test):
        return node
    parts: list[Node] = []
    for part in map(_flat, node.parts):
        parts += part.parts if isinstance(part, Joined) and part.how == node.how else [part]
    return parts[0] if len(parts) == 1 else Joined(node.how, tuple(parts))


def _conditions(how: str, parts: Sequence[Node], known: Callable[[str], Known | None]) -> list[dict[str, Any]]:
    """Each part as a condition. Comparisons of one number that stand side by side under `all` are one span."""
    found: list[dict[str, Any]] = []
    for group in _spans(how, parts):
        condition = _condition(group, known)
        last = found[-1] if found else None
        if how == "any" and last and last["item"] == condition["item"]:
            last["is"] += [choice for choice in condition["is"] if choice not in last["is"]]
        else:
            found.append(condition)
    return found


_ORDERED = frozenset({">=", "<=", ">", "<"})


def _spans(how: str, parts: Sequence[Node]) -> list[Node]:
    """The parts, with the limits of one number put together where both must hold."""
    found: list[Node] = []
    for part in parts:
        last = _limits(found[-1]) if found and how == "all" else ()
        if last and isinstance(part, Test) and part.sign in _ORDERED and part.item == last[0].item and len(last) < 2:
            found[-1] = Joined("all", (*last, part))
        else:
            found.append(part)
    return found


def _limits(node: Node) -> tuple[Test, ...]:
    parts = node.parts if isinstance(node, Joined) and node.how == "all" else (node,)
    tests = tuple(part for part in parts if isinstance(part, Test) and part.sign in _ORDERED)
    return tests if len(tests) == len(parts) and len({test.item for test in tests}) == 1 else ()


def _condition(node: Node, known: Callable[[str], Known | None]) -> dict[str, Any]:
    """One question having one of some answers."""
    if limits := _limits(node):
        return _band_condition(limits, known)
    if isinstance(node, Joined):
        if node.how == "all":
            raise UnsayableError
        inner = _conditions("any", node.parts, known)
        if len(inner) != 1:
            raise UnsayableError
        return inner[0]
    asked = known(node.item)
    if asked is None or node.value not in asked.choices or node.sign != _sign(asked, node.sign):
        raise UnsayableError
    return {"item": asked.id, "is": [asked.choices[node.value]]}


def _sign(asked: Known, sign: str) -> str:
    """The sign by which an answer of that question is named; `has` says the same of a single answer."""
    if asked.kind == "one":
        return sign if sign in {"=", "has"} else "="
    return "has" if asked.kind == "several" else "none"


def _band_condition(limits: Sequence[Test], known: Callable[[str], Known | None]) -> dict[str, Any]:
    """A span of numbers that is made of whole bands."""
    asked = known(limits[0].item)
    if asked is None or asked.kind != "number" or not asked.starts:
        raise UnsayableError
    low, high = asked.starts[0][0], asked.to
    for limit in limits:
        if not re.fullmatch(r"-?\d{1,9}", limit.value):
            raise UnsayableError
        number = int(limit.value)
        if limit.sign in {">=", ">"}:
            low = max(low, number + (limit.sign == ">"))
        else:
            high = min(high, number - (limit.sign == "<"))
    spans = zip(asked.starts, _ends(asked), strict=True)
    inside = [(start, end, band) for (start, band), end in spans if low <= start and end <= high]
    if not inside or inside[0][0] != low or inside[-1][1] != high:
        raise UnsayableError
    return {"item": asked.id, "is": [band for _start, _end, band in inside]}


def to_xpath(relevant: Mapping[str, Any], known: Mapping[str, Known], names: Mapping[str, str]) -> str:
    """Our conditions as XPath. `names`: id of a question → its name in the file."""
    how = "all" if "all" in relevant else "any"
    parts = [_written(one, known[one["item"]], names[one["item"]]) for one in relevant[how]]
    return (" and " if how == "all" else " or ").join(f"({part})" if len(parts) > 1 else part for part in parts)


def _written(condition: Mapping[str, Any], asked: Known, name: str) -> str:
    choices = condition["is"]
    if asked.kind == "number":
        ends = {band: end for (_s, band), end in zip(asked.starts, _ends(asked), strict=True)}
        starts = {band: start for start, band in asked.starts}
        each = [f"(${{{name}}} >= {starts[band]} and ${{{name}}} <= {ends[band]})" for band in choices]
    elif asked.kind == "several":
        each = [f"selected(${{{name}}}, '{choice}')" for choice in choices]
    else:
        each = [f"${{{name}}} = '{choice}'" for choice in choices]
    return " or ".join(each)


def _ends(asked: Known) -> list[int]:
    return [start - 1 for start, _band in asked.starts[1:]] + [asked.to]
