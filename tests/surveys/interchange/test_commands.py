"""`surveys export` and `surveys import`, as a person types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ent_module.cli import group
from ent_module.shelves import shelf
from ent_module.surveys import content
from tests.surveys.interchange.files import asks, form, kobo


def run(*words: str) -> Result:
    return CliRunner().invoke(group, ["surveys", *words])


def test_out_and_in_again(tmp_path: Path) -> None:
    form_file, back = tmp_path / "climate.xlsx", tmp_path / "school-climate.yaml"
    assert run("export", "school-climate", "--output", str(form_file)).exit_code == 0
    answer = run("import", str(form_file), "--output", str(back))
    assert answer.exit_code == 0, answer.output
    assert list(content.mistakes(back)) == []
    import yaml

    assert yaml.safe_load(back.read_text("utf-8")) == yaml.safe_load((shelf("surveys") / back.name).read_text("utf-8"))


@pytest.mark.parametrize(
    ("language", "words"), [("en", "asks who answers"), ("fr", "demande qui répond"), ("ar", "هوية")]
)
def test_what_was_not_carried_over_is_listed(tmp_path: Path, language: str, words: str) -> None:
    file, made = tmp_path / "kobo.xlsx", tmp_path / "ab3xyz.yaml"
    file.write_bytes(kobo())
    answer = run("import", str(file), "--level", "college", "--language", language, "--output", str(made))
    assert answer.exit_code == 0, answer.output
    [line] = [one for one in answer.output.splitlines() if "Ton nom" in one]
    assert line.startswith("refused: survey 11: Ton nom: ")
    assert words in line
    assert "8 questions written" in answer.output
    assert list(content.mistakes(made)) == []


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    answer = run("export", "nothing")
    assert answer.exit_code == 1
    assert "school-climate" in answer.output
    for raw, said in ((b"%PDF", "neither an XLSForm"), (form(asks("x", "text")), "nothing is written")):
        file = tmp_path / "file"
        file.write_bytes(raw)
        answer = run("import", str(file), "--output", str(tmp_path / "out.yaml"))
        assert answer.exit_code == 1
        assert said in answer.output
    assert not (tmp_path / "out.yaml").exists()
