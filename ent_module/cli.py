"""`ent-module …`, the same under `flask ent …`."""

from datetime import UTC, datetime
from importlib.metadata import entry_points

import click

from ent_module.config import ConfigurationError, Settings, settings_from
from ent_module.database import Database, make_database
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


def _settings() -> Settings:
    try:
        return settings_from()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None


def _database() -> Database:
    settings = _settings()
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return make_database(settings.resolved_database_url)


@group.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the module with waitress."""
    import waitress

    from ent_module.extension import create_app

    waitress.serve(create_app(_settings()), host=host, port=port, threads=8, ident="")


@group.command()
def upgrade() -> None:
    """Bring the database to the newest revision."""
    from ent_module.migrations.run import upgrade_to_head

    upgrade_to_head(_database().engine)
    click.echo("database: up to date")


@group.command()
def tick() -> None:
    """Run every job once; for cron or a systemd timer, each minute."""
    from ent_module.extension import create_app
    from ent_module.jobs.service import tick as run

    outcome = run(create_app(_settings()).extensions["ent"], datetime.now(UTC))
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


def main() -> None:
    """Entry point of the `ent-module` command."""
    group()


if __name__ == "__main__":
    main()
