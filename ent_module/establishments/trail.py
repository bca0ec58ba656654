"""`ent-module audit verify`: whether the audit trail is whole, and what cannot be known of it."""

import click

from ent_module.establishments import service
from ent_module.establishments.commands import opened_for_reading
from ent_module.privacy import audit as trail
from ent_module.privacy.audit_chain import Found

UNPROVEN = (
    "This cannot tell whether the last lines were taken away together with their head, nor whether somebody who may "
    "switch off the database's triggers wrote all anew. Note the heads elsewhere, and give them back with --expect."
)


@click.group()
def audit() -> None:
    """The audit trail: who opened or decided what, and on which day."""


@audit.command()
@click.option("--establishment", "uai", help="Code of the one to look at; all where none is named.")
@click.option("--expect", "noted", multiple=True, help="A head noted before, 64 hexadecimal signs; repeatable.")
def verify(uai: str | None, noted: tuple[str, ...]) -> None:
    """Look for lines that were changed, taken out or put elsewhere, and print the head of each trail."""
    wanted = {_read(one) for one in noted}
    found_broken = False
    with opened_for_reading() as db:
        try:
            places = [service.by_uai(db, uai)] if uai else service.every(db)
        except service.UnknownEstablishmentError:
            raise click.ClickException(f"{uai} is not known") from None
        for place in places:
            found = trail.verified(db, place.id, wanted)
            wanted = set(found.missing)
            found_broken |= bool(troubles := _troubles(found))
            click.echo(f"{place.uai}  {found.lines} line(s)  head {found.head.hex()}")
            for trouble in troubles:
                click.echo(f"{place.uai}  {trouble}", err=True)
    for one in wanted:
        click.echo(f"{one.hex()} is in no trail: lines were taken away or written anew since it was noted", err=True)
    click.echo(UNPROVEN)
    if found_broken or wanted:
        raise click.ClickException("the audit trail is not as it was written")


def _read(typed: str) -> bytes:
    try:
        digest = bytes.fromhex(typed)
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise click.ClickException(f"{typed} is no head: it has 64 hexadecimal signs")
    return digest


def _troubles(found: Found) -> list[str]:
    said = [f"line {one} was changed" for one in found.changed]
    if found.unreached:
        said.append(f"{found.unreached} line(s) follow one that is not there: lines were taken out or put elsewhere")
    elif found.cut:
        said.append("the last lines are missing: the head kept beside the trail is another")
    return said
