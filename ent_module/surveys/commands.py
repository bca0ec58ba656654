"""`ent-module surveys …`: what whoever runs an installation may ask of its surveys."""

import click

from ent_module.surveys.questionnaire_commands import export, import_


@click.group()
def surveys() -> None:
    """Surveys: questionnaires to and from other programs."""


surveys.add_command(export)
surveys.add_command(import_)
