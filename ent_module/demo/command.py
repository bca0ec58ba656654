"""`ent-module demo`."""

import click


@click.command()
def demo() -> None:
    """Serve the module with a demo portal."""
