"""What a school takes away: described, the same each time, disarmed, and never more than was released."""

import csv
import json
import re
from copy import deepcopy
from datetime import date
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from ent_module.surveys import export
from ent_module.surveys.guides import Guide, guide_of
from ent_module.surveys.model import ABOVE, ANSWERED, Questionnaire
from ent_module.surveys.release import WHOLE, Cell, LevelCell, Sums, release, release_by_level
from tests.surveys.campaign import climate

CLOSED = date(2026, 12, 12)
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(1)", "|x", "%0A")


def a_release() -> list[Cell]:
    """A question that is shown, one with small numbers, one with few answers, places."""
    sums = Sums()
    for item, counts in {
        "safety_school": {"disagree": 12, "rather_disagree": 18, "rather_agree": 30, "agree": 40},
        "bullied": {"never": 80, "once_twice": 9, "two_three_month": 7, "weekly": 3, "several_week": 1},
        "climate_help": {"agree": 9},
    }.items():
        sums.update({(item, choice): count for choice, count in counts.items()})
        sums[item, ANSWERED] = sum(counts.values())
    sums.update({("place", ANSWERED): 100, ("place", "yard"): 37, ("place", "toilets"): 41})
    return list(release(sums, climate(), "college"))


def of_school(cells: list[Cell]) -> list[LevelCell]:
    return [(WHOLE, *cell) for cell in cells]


def made(cells: list[Cell] | None = None, asked: Questionnaire | None = None) -> bytes:
    ours = (asked or climate()).as_told
    return export.package(
        of_school(a_release() if cells is None else cells), ours, "college", guide_of(ours), 2026, CLOSED
    )


def files(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def table(data: bytes, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files(data)[name].decode())))


def sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(BytesIO(files(data)["results.xlsx"]))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def test_each_released_number_is_there_once_and_each_hidden_one_says_so() -> None:
    released = {(item, choice): count for item, choice, count in a_release()}
    rows = {(row["question"], row["answer"]): row for row in table(made(), "cells.csv")}
    assert len(rows) == len(table(made(), "cells.csv"))
    names = {export.ALL: ANSWERED, export.COUNTED: ABOVE}
    shown = {key: row for key, row in rows.items() if row["status"] == "shown"}
    assert {(item, names.get(answer, answer)): int(row["count"]) for (item, answer), row in shown.items()} == {
        key: count for key, count in released.items() if key[0] != "place"
    }
    for row in rows.values():
        assert all(row.values()), "an empty cell reads as zero"
        if row["status"] != "shown":
            assert (row["count"], row["percent"]) == ("hidden", "hidden")
    assert rows["climate_help", "agree"]["status"] == "hidden_few"
    assert rows["bullied", "weekly"]["status"] == "hidden_small"
    assert rows["bullied", export.COUNTED]["percent"] == "11"
    assert rows["safety_school", export.ALL]["percent"] == "100"
    assert rows["safety_school", "agree"]["percent"] == "40"


def test_what_is_hidden_stands_nowhere_in_the_files() -> None:
    """Control first: the numbers of the places are in the release, and would be seen."""
    assert {count for item, _choice, count in a_release() if item == "place"} >= {37, 41}
    whole = b"".join(data for name, data in files(made()).items() if name != "results.xlsx").decode()
    whole += str(sheets(made()))
    assert not re.search(r"\b(37|41)\b", re.sub(r'"hash": ".*"|"bytes": \d+', "", whole))
    assert not re.search(r"(?m)(^|,)place,|'place'|outside_gate|changing_room", whole)
    naive = export.package(of_school(a_release()), climate(), "college", Guide(places=frozenset()), 2026, CLOSED)
    assert "outside_gate" not in files(naive)["cells.csv"].decode()  # known by name, whatever the guide forgets


def test_words_of_every_question_and_answer_are_in_the_dictionary() -> None:
    words = {(row["question"], row["answer"]) for row in table(made(), "dictionary.csv")}
    cells = {(row["question"], row["answer"]) for row in table(made(), "cells.csv")}
    assert {key for key in cells if key[1] not in {export.ALL, export.COUNTED}} <= words
    assert {(item, export.ITSELF) for item, _answer in cells} <= words
    rows = table(made(), "dictionary.csv")
    row = next(one for one in rows if (one["question"], one["answer"]) == ("bullied", "weekly"))
    assert row["counts"] == "yes"
    assert row["text_ar"] == "نحو مرة في الأسبوع"


def test_the_workbook_holds_the_same_two_tables() -> None:
    for name, rows in sheets(made()).items():
        read = list(csv.reader(StringIO(files(made())[f"{name}.csv"].decode())))
        assert [[str(value) for value in row] for row in rows] == read
    assert {type(value) for row in sheets(made())["cells"] for value in row} == {str, int}


def test_the_description_is_true() -> None:
    inside = files(made())
    told = json.loads(inside["datapackage.json"])
    assert sorted(inside) == sorted(["datapackage.json", *(one["path"] for one in told["resources"])])
    assert re.fullmatch(r"[-a-z0-9._/]+", told["name"])
    for resource in told["resources"]:
        data = inside[resource["path"]]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{sha256(data).hexdigest()}"
        if resource["profile"] == "tabular-data-resource":
            rows = list(csv.DictReader(StringIO(data.decode("ascii" if resource["name"] == "cells" else "utf-8"))))
            fields = {field["name"]: field for field in resource["schema"]["fields"]}
            assert list(rows[0]) == list(fields)
            assert all(field["description"] for field in fields.values())
            for row in rows:
                for name, value in row.items():
                    assert fields[name]["type"] == "string" or value == "hidden" or re.fullmatch(r"\d+", value)
            keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
            assert len(set(keys)) == len(keys)
    assert "Veil" not in str(told)  # no school's name


def test_the_same_release_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = made()
    monkeypatch.setattr("time.localtime", lambda *_args: (2031, 1, 2, 3, 4, 5, 0, 2, 0))
    assert made() == first
    assert made(a_release()[::-1]) == first
    assert made(a_release()[1:]) != first  # control


def dangerous() -> Questionnaire:
    """A questionnaire whose words a spreadsheet would run: a school may write its own."""
    data: dict[str, Any] = deepcopy(dict(climate().data))
    choices = data["scales"]["agreement"]["choices"]
    for place, text in enumerate(FORMULAS):
        choices[place % len(choices)]["label"][("fr", "en", "ar")[place // len(choices)]] = text
    return Questionnaire.from_data(data)


def starts_a_formula(value: str) -> bool:
    return value[:1] in set("=+-@|%\t\r") and not re.fullmatch(r"-?[0-9.,]+", value)


def test_no_text_becomes_a_formula() -> None:
    data = made(asked=dangerous())
    values = [value for name in ("cells.csv", "dictionary.csv") for row in table(data, name) for value in row.values()]
    assert any("HYPERLINK" in value for value in values)  # control: the words are there
    assert not [value for value in values if starts_a_formula(value)]
    with ZipFile(BytesIO(files(data)["results.xlsx"])) as book:
        inside = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    assert not [name for name, text in inside.items() if re.search(r"<f[ >]|<hyperlink", text)]
    assert any("HYPERLINK" in text for text in inside.values())


def test_the_plain_writer_would_be_caught() -> None:
    """Control: what the guard is for."""
    text = StringIO()
    csv.writer(text).writerow(FORMULAS)
    assert [value for row in csv.reader(StringIO(text.getvalue())) for value in row if starts_a_formula(value)]


def test_of_levels_only_the_counted_answers_are_taken_away_and_never_a_place() -> None:
    """As a campaign of two levels releases them; the small number of one is hidden, and the other's beside it."""
    levels = {level: Sums() for level in ("6e", "5e", "4e")}
    for (sums, hurt), sad in zip(zip(levels.values(), (12, 3, 11), strict=True), (12, 20, 15), strict=True):
        for item, choice, count in (
            ("bullied", "never", 60 - hurt),
            ("bullied", "weekly", hurt),
            ("safety_school", "agree", 60 - sad),
            ("safety_school", "disagree", sad),
            ("place", "yard", 20),
        ):
            sums[item, choice] = count
            sums[item, ANSWERED] = 60
    cells = list(release_by_level(levels, climate(), "college", levels))
    rows = [row for row in table(made_of_levels(cells), "cells.csv") if row["level"] != export.SCHOOL]
    assert {row["answer"] for row in rows} == {export.ALL, export.COUNTED}
    assert {row["level"] for row in rows} == {"6e", "5e", "4e"}
    assert not {row["question"] for row in rows} & {"place", "told"}
    told = {(row["level"], row["question"]): row for row in rows if row["answer"] == export.COUNTED}
    assert told["5e", "safety_school"]["percent"] == "67"
    assert told["5e", "bullied"]["status"] == "hidden_small"
    assert [told[level, "bullied"]["status"] for level in ("6e", "4e")].count("hidden_small") >= 1


def made_of_levels(cells: list[LevelCell]) -> bytes:
    return export.package(cells, climate().as_told, "college", guide_of(climate()), 2026, CLOSED)
