"""`ent-module …`, the same under `flask ent …`."""

from datetime import UTC, datetime
from importlib.metadata import entry_points

import click
from flask import Flask
from flask.cli import ScriptInfo

from ent_module.config import ConfigurationError
from ent_module.privacy.commands import keys
from ent_module.rooms import installed_rooms


class RoomsGroup(click.Group):
    """Our own commands, those of every room, and those of the entry point `ent_module.commands`.

    The others are looked up when they are asked for: importing this file loads no room.
    """

    def _others(self) -> dict[str, click.Command]:
        found = {command.name or "": command for room in installed_rooms() for command in room.commands}
        return found | {entry.name: entry.load() for entry in entry_points(group="ent_module.commands")}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *self._others()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        return super().get_command(ctx, cmd_name) or self._others().get(cmd_name)


@click.group(cls=RoomsGroup)
def group() -> None:
    """The module for school portals."""


def _application() -> Flask:
    """The host under `flask ent …`, else one that is nothing but the module. Raises click's own errors."""
    from ent_module.extension import create_app

    found = click.get_current_context().find_object(ScriptInfo)
    try:
        return found.load_app() if found is not None else create_app()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None


@group.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the module with waitress."""
    import waitress

    waitress.serve(_application(), host=host, port=port, threads=8, ident="")


@group.command()
def upgrade() -> None:
    """Bring the database to the newest revision, and mark a fresh one as filled under the key."""
    from ent_module.help.service.carrying import carry_over, left
    from ent_module.migrations.run import upgrade_to_head

    ours = _application().extensions["ent"]
    upgrade_to_head(ours.database.engine)
    ours.keys.claim()
    with ours.database.reading() as db:
        places = left(db)
    unopened = 0
    for place in places:
        with ours.database.writing() as db:
            unopened += not carry_over(db, ours.keys, place)
    if unopened:
        raise click.ClickException(f"{unopened} conversation(s) do not open under this key; their keys stay")
    click.echo("database: up to date")


@group.command()
def check() -> None:
    """Say whether settings, database, schema and key belong together."""
    from ent_module.surveys.service.restoring import trouble

    ours = _application().extensions["ent"]
    if found := ours.problems():
        raise click.ClickException("; ".join(found))
    with ours.database.reading() as db:
        if (out_of_step := trouble(db, ours.store)) is not None:
            raise click.ClickException(out_of_step)
    if not ours.settings.desk_second_factor:
        click.echo("the desk asks for no second factor (ENT_DESK_SECOND_FACTOR): a portal password alone opens it")
    click.echo("settings, database, schema and key belong together")


@group.command()
def tick() -> None:
    """Run every job once; for cron or a systemd timer, each minute."""
    from ent_module.jobs.service import tick as run

    outcome = run(_application().extensions["ent"], datetime.now(UTC))
    for name, state in outcome.items():
        click.echo(f"{name}: {state}")
    if "failed" in outcome.values():
        raise click.ClickException("a job failed; the log names it")


@group.command("check-content")
def check_content() -> None:
    """Read every content file and name file and line of any mistake."""
    # Sheets and lessons name helplines: a mistake there is told before what follows from it.
    rooms = sorted(installed_rooms(), key=lambda room: room.name != "helplines")
    found = [mistake for room in rooms for mistake in room.content()]
    for mistake in found:
        click.echo(str(mistake), err=True)
    if found:
        raise click.ClickException(f"{len(found)} mistake(s) in the content")
    click.echo("content: no mistake")


group.add_command(keys)


def main() -> None:
    """Entry point of the `ent-module` command."""
    group()


if __name__ == "__main__":
    main()
