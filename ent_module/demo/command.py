"""`ent-module demo`: serves the demo on this machine alone."""

import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from time import sleep

import click
from flask import Flask

from ent_module.demo.folder import ForeignFolderError, clear
from ent_module.jobs.service import tick

REFUSED_BESIDE = (
    *("ENT_DATABASE_URL", "ENT_KEY_FILE", "ENT_PUBLIC_URL", "ENT_DATA_DIR", "ENT_KEY_STORE", "ENT_CONTENT_STORE"),
    *("ENT_SMTP_HOST", "ENT_SMTP_USER", "ENT_SMTP_PASSWORD", "ENT_SMTP_FROM"),
)
"""Settings of a real installation; beside one of these the demo does not start."""


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--data", default=".demo", show_default=True, type=click.Path(path_type=Path), help="Folder of its data.")
@click.option("--reset", is_flag=True, help="Clear the data and stop.")
def demo(port: int, data: Path, *, reset: bool) -> None:
    """Serve the module behind a demo portal, on 127.0.0.1 only."""
    if found := [name for name in REFUSED_BESIDE if os.environ.get(name)]:
        raise click.ClickException(f"{found[0]} is set: this is a real installation, where the demo does not run")
    if reset:
        _clear(data)
        return
    import waitress

    from ent_module.demo.server import make_demo

    try:
        made = make_demo(data, port, with_past=True)
    except ForeignFolderError as error:
        raise click.ClickException(str(error)) from None
    Thread(target=_keep_ticking, args=(made.module,), daemon=True).start()
    click.echo(f"The demo portal is at http://127.0.0.1:{port} (Ctrl+C stops it)")
    waitress.serve(made.wsgi, host="127.0.0.1", port=port, threads=8, ident="", _quiet=True)


def _keep_ticking(module: Flask) -> None:
    """Runs the jobs each minute, as cron does in a real installation."""
    while True:
        tick(module.extensions["ent"], datetime.now(UTC))
        sleep(60)


def _clear(data: Path) -> None:
    if not data.exists():
        click.echo("nothing to clear")
        return
    try:
        clear(data)
    except ForeignFolderError as error:
        raise click.ClickException(str(error)) from None
    click.echo("the demo's data is cleared")
