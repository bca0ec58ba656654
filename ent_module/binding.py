"""Whether a statement stays inside the establishments whose ids it is given.

Each table of establishments in it must be bound: its `establishment_id` equals a value, is in a list of values, or
equals another column that is bound so. What a subquery may use of the query around it counts as bound there.
What does not belong here: who may see which establishment.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Alias, BinaryExpression, ColumnClause, CompoundSelect, Lateral, Select, Table, Tuple
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList, Grouping
from sqlalchemy.sql.selectable import AliasedReturnsRows, Join, ScalarSelect, SelectStatementGrouping

_KEY = "establishment_id"
_REMEMBERED = 4_000
Node = tuple[Any, str]
"""A column: its table, or an alias of it, and its name."""
Fact = tuple[Node, Node | None]
"""The first is bound where the second is; without a second it equals a value."""

_fine: set[Any] = set()
"""Shapes of statements that were looked at and are bound: the same shape with other values is as well."""


def unbound(statement: Any) -> str | None:
    """The name of a table of establishments that nothing binds; None where all are bound."""
    shape = statement._generate_cache_key()  # noqa: SLF001  # what SQLAlchemy keeps its compiled statements by
    if shape is not None and shape.key in _fine:
        return None
    found = next(_loose(statement, frozenset()), None)
    if found is None and shape is not None and len(_fine) < _REMEMBERED:
        _fine.add(shape.key)
    return found


def _loose(statement: Any, around: frozenset[Node]) -> Iterator[str]:
    """The tables that are not bound in a statement; `around`: columns that are bound in the query around it."""
    if isinstance(statement, CompoundSelect):
        for part in statement.selects:
            yield from _loose(part, around)
        return
    leaves, facts = _parts(_froms(statement))
    bound = _closure(facts + _facts(statement.whereclause), around)
    for leaf in leaves:
        table = leaf.element if isinstance(leaf, Alias) else leaf
        if isinstance(table, Table) and _is_of_establishment(table) and (leaf, _KEY) not in bound:
            yield table.name
    for inner, correlates in _inside(statement):
        yield from _loose(inner, bound if correlates else frozenset())


def _froms(statement: Any) -> Iterable[Any]:
    """What a statement reads or changes."""
    if isinstance(statement, Select):
        return statement.get_final_froms()
    named = [] if statement.whereclause is None else _walk(statement.whereclause)
    return dict.fromkeys([statement.table, *(one.table for one in named if _node(one) is not None)])


@cache
def _is_of_establishment(table: Table) -> bool:
    return next(iter(table.primary_key), next(iter(table.c))).name == _KEY


def _parts(froms: Iterable[Any]) -> tuple[list[Any], list[Fact]]:
    """What is read, and what its joins say."""
    leaves: list[Any] = []
    facts: list[Fact] = []
    for one in froms:
        if not isinstance(one, Join):
            leaves.append(one)
            continue
        (left, said_left), (right, said_right) = _parts([one.left]), _parts([one.right])
        leaves += left + right
        facts += said_left + said_right
        if not one.full:
            # An outer join says nothing of the rows on its left, which come whatever is on the right.
            said = _facts(one.onclause)
            facts += [fact for fact in said if not one.isouter or fact[0][0] in right]
    return leaves, facts


def _facts(condition: Any) -> list[Fact]:
    """What holds for every row that a condition lets through. Only what is joined by AND counts."""
    if isinstance(condition, Grouping):
        return _facts(condition.element)
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        return [fact for part in condition.clauses for fact in _facts(part)]
    return _comparison(condition) if isinstance(condition, BinaryExpression) else []


def _comparison(condition: BinaryExpression[Any]) -> list[Fact]:
    """What an equation says, or a list of values."""
    if condition.operator is operators.in_op:
        several = condition.left.clauses if isinstance(condition.left, Tuple) else [condition.left]
        return [(node, None) for one in several if (node := _node(one)) is not None]
    if condition.operator is not operators.eq:
        return []
    left, right = _node(condition.left), _node(condition.right)
    if left is not None and right is not None:
        return [(left, right), (right, left)]
    one, other = (left, condition.right) if left is not None else (right, condition.left)
    return [(one, None)] if one is not None and _is_value(other) else []


def _node(element: Any) -> Node | None:
    return (element.table, element.name) if isinstance(element, ColumnClause) and element.table is not None else None


def _is_value(element: Any) -> bool:
    """A given value, or what a subquery gives, which is looked at by itself; not a sum of columns."""
    return not any(isinstance(part, ColumnClause) for part in _walk(element))


def _closure(facts: list[Fact], around: frozenset[Node]) -> frozenset[Node]:
    bound = set(around)
    while more := {one for one, by in facts if one not in bound and (by is None or by in bound)}:
        bound |= more
    return frozenset(bound)


def _inside(statement: Any) -> Iterator[tuple[Any, bool]]:
    """The subqueries directly inside a statement, and whether they may speak of its tables: one that is read from does
    not, nor one that was told not to.
    """
    for part in (one for child in statement.get_children() for one in _walk(child)):
        if isinstance(part, AliasedReturnsRows) and isinstance(part.element, Select | CompoundSelect):
            yield part.element, isinstance(part, Lateral)
        elif isinstance(part, ScalarSelect | SelectStatementGrouping):
            yield part.element, getattr(part.element, "_auto_correlate", True)


def _walk(element: Any) -> Iterator[Any]:
    """The element and its parts, without going into subqueries."""
    yield element
    if isinstance(element, AliasedReturnsRows | ScalarSelect | SelectStatementGrouping | Table):
        return
    for part in element.get_children():
        yield from _walk(part)
