"""`ent-module surveys export` and `surveys import`: questionnaires to and from other survey programs."""

import json
from pathlib import Path

import click
import yaml

from ent_module.establishments import service as establishments
from ent_module.establishments.commands import opened
from ent_module.languages import LANGUAGES
from ent_module.surveys import content, packs
from ent_module.surveys.interchange.findings import UnreadableError
from ent_module.surveys.interchange.reading import Imported, read_file
from ent_module.surveys.interchange.xlsform_write import write_xlsform
from ent_module.surveys.model import LEVELS
from ent_module.web.language import translations


@click.command("export")
@click.argument("questionnaire")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; else ID.xlsx here.")
def export(questionnaire: str, output: Path | None) -> None:
    """Write a questionnaire of the shelf as an XLSForm, which KoboToolbox and ODK open."""
    asked = content.questionnaires().get(questionnaire)
    if asked is None:
        known = ", ".join(sorted(content.questionnaires()))
        raise click.ClickException(f"no questionnaire is called {questionnaire}. There are: {known}")
    path = output or Path(f"{asked.id}.xlsx")
    path.write_bytes(write_xlsform(asked.data))
    click.echo(f"{asked.id}: written to {path}")


@click.command("allow-packs")
@click.argument("uai")
@click.argument("names", nargs=-1)
def allow_packs(uai: str, names: tuple[str, ...]) -> None:
    """Allow these packs, and no other, to a school, or to all below a level. Its head still decides to ask them."""
    unknown = sorted(set(names) - content.packs().keys())
    if unknown:
        known = ", ".join(sorted(content.packs())) or "none"
        raise click.ClickException(f"no pack without a mistake is called {', '.join(unknown)}. There are: {known}")
    with opened() as (db, _settings):
        try:
            place = establishments.by_uai(db, uai)
        except establishments.UnknownEstablishmentError:
            raise click.ClickException(f"no establishment has the code {uai}") from None
        packs.allow(db, place.id, names)
        click.echo(f"{place.name}: {', '.join(names) or 'no pack'}")
    for name in names:
        click.echo(f"{name}: {content.packs()[name].licence_text}")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--level",
    "levels",
    type=click.Choice([str(level) for level in LEVELS]),
    multiple=True,
    help="Who is asked; else every level.",
)
@click.option("--language", type=click.Choice([*LANGUAGES]), default="en", show_default=True, help="Of the list.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; else ID.yaml here.")
def import_(file: Path, levels: tuple[str, ...], language: str, output: Path | None) -> None:
    """Turn an XLSForm (.xlsx) or a LimeSurvey survey (.lss, .txt) into a questionnaire for the shelf.

    What could not be carried over is listed, row by row.
    """
    said = translations(language).ugettext
    try:
        imported = read_file(file.read_bytes(), levels or [*LEVELS])
    except UnreadableError as error:
        raise click.ClickException(said(error.trouble.value)) from None
    for one in imported.findings:
        sentence = said(one.why.sentence) % {"detail": one.detail}
        click.echo(": ".join(part for part in (one.why.effect, one.where, one.what, sentence) if part))
    _write(imported, output)


def _write(imported: Imported, output: Path | None) -> None:
    """Writes what was carried over. Raises ClickException where it is no questionnaire."""
    data = imported.data
    if data is None:
        raise click.ClickException("no question could be carried over: nothing is written")
    faults = content.faults(json.dumps(data, ensure_ascii=False, indent=1), data["id"])
    if faults:
        raise click.ClickException("nothing is written: " + "; ".join(fault.message for fault in faults))
    path = output or Path(f"{data['id']}.yaml")
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120), "utf-8")
    count = sum(len(section["items"]) for section in data["sections"])
    click.echo(f"{data['id']}: {count} questions written to {path}")
