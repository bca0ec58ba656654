"""A contract of our own for import-linter: a room's tables belong to that room.

import-linter's `protected` contract wants each room by name and breaks on one that is not built yet; this one
holds for every room, so that a new one is covered from its first day.
"""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class RoomTablesContract(Contract):
    """Only a room itself, and the modules named as gatherers, may import the room's `tables`."""

    # A field before the contract is made, a list of strings once it is.
    gatherers: Any = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  # their signature
        """Kept when no module outside the room imports its tables directly."""
        gatherers = tuple(self.gatherers or ())
        offences = sorted(
            (importer, tables)
            for tables in graph.modules
            if (room := room_of_tables(tables))
            for importer in graph.find_modules_that_directly_import(tables)
            if not _within(importer, (room, *gatherers))
        )
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an offence."""
        offences: list[tuple[str, str]] = check.metadata["offences"]
        for importer, tables in offences:
            output.print_error(f"{importer} imports {tables}: call that room's service instead.")


def room_of_tables(module: str) -> str | None:
    """`ent_module.help` for `ent_module.help.tables` and what lies in it; None for any other module."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[2:3] == ["tables"] else None


def _within(module: str, packages: tuple[Any, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
