"""A questionnaire that was composed here, from an empty page to the results of a campaign."""

import re
from html import unescape
from uuid import UUID

from sqlalchemy import select

from ent_module.surveys.tables import Campaign
from tests.support.town import Town
from tests.surveys.campaign import Voter, ballots, fill, shut
from tests.surveys.composing import MEAL, SHELF, composed, kept, presses, read
from tests.surveys.pages import send as ballot


def test_from_an_empty_page_to_the_results_of_a_class(town: Town) -> None:
    """A local admin composes, a teacher opens, pupils answer, a head reads."""
    admin = town.browser("admin")
    at = composed(admin)
    assert "4 questions sur 40 au plus" in read(admin, at)
    assert presses(admin, at, "/keep").headers["Location"].endswith(SHELF)
    assert "La vie à la cantine" in read(admin, SHELF)
    row = kept(town)
    opening = {"questionnaire": row.name, "told": "yes", "place": "shared"}
    alba = town.browser("alba")
    for code in ("6e B", "5e A"):
        assert alba.fill("/staff/surveys/open", {**opening, "class_code": code}, "class_code").status_code == 303
    [where] = set(re.findall(r"/surveys/([0-9a-f-]{36})/questions", town.browser("lina").get("/surveys").text))
    page = read(town.browser("lina"), f"/surveys/{where}/questions")
    assert "Le repas est calme ?" in page
    assert "Dans ma classe, les élèves s’aident entre eux." in page
    with town.house.database.reading() as db:
        asked = db.scalars(select(Campaign).where(Campaign.id == UUID(where)).execution_options(across=True)).one()
    meal = next(item["id"] for item in row.data["sections"][-1]["items"] if item["text"]["fr"] == MEAL["text-fr"])
    answers = {meal: ["c1"], "bullied": ["never"]}
    assert ballot(town, asked, Voter.of(town, asked).body(answers)).status_code == 204
    assert ballots(town) == [{"bullied": ["never"], meal: ["c1"]}]
    fill(town, asked, {"6e B": [answers] * 20, "5e A": [answers] * 20})
    shut(town, asked)
    for rest in ("", "/report", "/numbers.zip"):
        assert town.browser("head").get(f"/staff/surveys/campaigns/{where}{rest}").status_code == 200
    assert "Le repas est calme ?" in read(town.browser("head"), f"/staff/surveys/campaigns/{where}")


def test_what_stands_in_french_alone_says_so_in_other_languages(town: Town) -> None:
    """A voice that reads Arabic reads it as French, and its signs stand in the order of French."""
    admin = town.browser("admin")
    presses(admin, composed(admin), "/keep")
    opening = {"questionnaire": kept(town).name, "told": "yes", "place": "shared", "class_code": "6e B"}
    town.browser("alba").fill("/staff/surveys/open", opening, "class_code")
    [where] = set(re.findall(r"/surveys/([0-9a-f-]{36})/questions", town.browser("lina").get("/surveys").text))
    address = f"/surveys/{where}/questions"
    arabic, french = (unescape(town.browser("lina", one).get(address).text) for one in ("ar", "fr"))
    in_french = re.findall(r'<bdi lang="fr" dir="ltr">(.*?)</bdi>', arabic)
    assert MEAL["text-fr"] in in_french
    assert {"La vie à la cantine", "Parfois"} <= set(in_french)
    assert "Dans ma classe, les élèves s’aident entre eux." not in arabic  # the bank's questions are translated
    assert "<bdi lang" not in french
