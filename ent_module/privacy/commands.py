"""`ent-module keys …`: the master key's file, and its three papers."""

import os
import secrets
from pathlib import Path

import click

from ent_module.config import ConfigurationError, settings_from
from ent_module.privacy import escrow
from ent_module.privacy.keys import load_master_key


@click.group()
def keys() -> None:
    """The master key: its file, and the three papers that bring it back."""


def _file() -> Path:
    try:
        return settings_from().resolved_key_file
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None


def _secret() -> bytes:
    try:
        load_master_key(_file(), create=False)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    return _file().read_bytes()


@keys.command()
def init() -> None:
    """Make the key file, for its owner alone. One that is there stays, whatever it holds."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already; it is not touched") from None
    with os.fdopen(handle, "wb") as made:
        made.write(secrets.token_bytes(escrow.SIZE))
        made.flush()
        os.fsync(made.fileno())
    click.echo(f"made {file}; print its papers now: ent-module keys escrow")


@keys.command("escrow")
def print_papers() -> None:
    """Print three papers, any two of which give the key back. Nothing is kept: print, cut, hand out to three people."""
    secret = _secret()
    for paper in escrow.split(secret):
        click.echo(f"--- Paper {paper.number} of {escrow.PAPERS}; two of them give the master key back")
        for name, line in zip("AB", escrow.written(paper), strict=True):
            click.echo(f"{name}  {line}")
        click.echo("")


@keys.command()
def rehearse() -> None:
    """Ask for two papers and say whether they give the present key. Nothing is written."""
    secret = _secret()
    try:
        given = escrow.joined(_asked("First"), _asked("Second"))
    except escrow.WrongPapersError:
        raise click.ClickException("these two do not belong together: one paper twice, or of two escrows") from None
    if not secrets.compare_digest(given, secret):
        raise click.ClickException("these papers give another key than the one in use: print new ones, destroy these")
    click.echo("these two papers give the key in use")


def _asked(which: str) -> escrow.Paper:
    number = click.prompt(f"{which} paper: its number", type=click.IntRange(1, escrow.PAPERS))
    lines = [click.prompt(f"{which} paper, line {name}", hide_input=True) for name in "AB"]
    try:
        return escrow.read(number, lines)
    except escrow.UnreadPaperError as error:
        where = f"mistake in group {', '.join(map(str, error.wrong))}" if error.wrong else f"{error.count} signs"
        raise click.ClickException(f"paper {number} cannot be read: {where}") from None
