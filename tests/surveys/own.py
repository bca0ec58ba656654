"""A questionnaire of a school's own, as data."""

from typing import Any

from ent_module.languages import LANGUAGES


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
