"""A questionnaire of a school's own, as data."""

from typing import Any

from ent_module.languages import LANGUAGES
from ent_module.surveys import own
from tests.support.town import COLLEGE, Town


def texts(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def item(name: str, text: str, choices: int, labels: list[str] | None = None) -> dict[str, Any]:
    """A question with that many answers; `asked_with` puts them into a scale."""
    return {"id": name, "text": texts(text), "labels": labels or [f"Réponse {number}" for number in range(choices)]}


def asked_with(*items: dict[str, Any], name: str = "essai") -> dict[str, Any]:
    """A questionnaire with these questions, for collèges unless they say otherwise."""
    scales, made = {}, []
    for one in items:
        labels = one["labels"]
        scale = f"s_{one['id']}"
        scales[scale] = {"choices": [{"id": f"c{n}", "label": texts(label)} for n, label in enumerate(labels)]}
        rest = {key: value for key, value in one.items() if key != "labels"}
        made.append(
            {
                "levels": ["college"],
                "kind": "one",
                "scale": scale,
                "reverse": False,
                "cutoff": None,
                "source": "own",
                "licence": "CC BY 4.0",
            }
            | rest
        )
    return {
        "id": name,
        "version": 1,
        "licence": "CC BY 4.0",
        "source": "own",
        "title": texts("Essai"),
        "scales": scales,
        "sections": [{"id": "all", "title": texts("Tout"), "items": made}],
    }


CALM = item("calm", "C’est calme ici.", 2, ["Oui", "Non"])


def accepts(town: Town, name: str = "", uai: str = COLLEGE, **topics: str) -> None:
    """The head of that school accepts what waits there, with these topics on its questions."""
    with town.house.database.writing() as db:
        school = town.schools[uai]
        for row in own.rows(db, school):
            if row.name == name or not name:
                by = town.membership("head").account_id
                assert own.accept(db, school, row.digest, topics, by, row.created_on)
