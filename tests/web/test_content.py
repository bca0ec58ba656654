"""Each mistake of a content file is named by its line."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from ent_module.web import content, prose
from ent_module.web.content import Fault, MalformedError
from ent_module.web.prose import Level

GOOD = """---
title: "Un titre"
order: 10
reviewed: 2026-11-23
kinds: [a, b]
---
## Début

Une phrase courte. [Une page](help:) et [une fiche](sheet:autre).
"""


def test_a_file_in_its_parts() -> None:
    document = content.parse(GOOD)
    assert document.front == {"title": "Un titre", "order": 10, "reviewed": date(2026, 11, 23), "kinds": ["a", "b"]}
    assert document.lines == {"title": 2, "order": 3, "reviewed": 4, "kinds": 5}
    assert document.texts == ((2, "Un titre"), (5, "a"), (5, "b"))
    assert document.body_line == 7
    assert document.body.startswith("## Début\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: x\n", 1),
        ("---\ntitle: x\n", 1),
        ("---\n- a\n- b\n---\n", 2),
        ("---\n---\n", 2),
        ("---\ntitle: x\nbad: [a\n---\n", 3),
        ("---\ntitle: x\nbad: 'a\n---\n", 3),
        ("---\ntitle: x\nday: 2026-13-40\n---\n", 2),
        ("---\ntitle: x\ntitle: y\n---\n", 2),
        ("---\nwhat: !!python/object:os.system x\n---\n", 2),
    ],
)
def test_a_file_that_cannot_be_read(text: str, line: int) -> None:
    with pytest.raises(MalformedError) as caught:
        content.parse(text)
    assert abs(caught.value.fault.line - line) <= 1
    assert caught.value.fault.line <= text.count("\n")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one\ntwo\n\xe9\n")
    with pytest.raises(MalformedError) as caught:
        content.read(tmp_path / "a.md")
    assert caught.value.fault == Fault(3, "is not UTF-8")


WANTED: dict[str, content.Must] = {
    "title": content.must_be_text,
    "order": content.must_be_whole,
    "reviewed": content.must_be_day,
    "kinds": content.must_be_among(["a", "b"]),
}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("order: 10\n", "", Fault(1, "order is missing")),
        ("order: 10", "order: dix", Fault(3, "order must be a number")),
        ("order: 10", "order: true", Fault(3, "order must be a number")),
        ("order: 10", "order: 0", Fault(3, "order must be a number")),
        ('"Un titre"', "[x]", Fault(2, "title must be a text")),
        ('"Un titre"', '" "', Fault(2, "title must be a text")),
        ("2026-11-23", '"2026-11-23"', Fault(4, "reviewed must be a date like 2026-11-23")),
        ("[a, b]", "[a, c]", Fault(5, "kinds must be a list among a, b, each once")),
        ("[a, b]", "[a, a]", Fault(5, "kinds must be a list among a, b, each once")),
        ("[a, b]", "[]", Fault(5, "kinds must be a list among a, b, each once")),
        ("kinds: [a, b]", "kinds: [a, b]\nextra: 1", Fault(6, "extra is not a known key")),
    ],
)
def test_front_matter(old: str, new: str, fault: Fault) -> None:
    assert list(content.front_faults(content.parse(GOOD), WANTED)) == []
    assert list(content.front_faults(content.parse(GOOD.replace(old, new)), WANTED)) == [fault]


@pytest.mark.parametrize(
    ("must", "good", "bad"),
    [
        (content.must_be_flag, [True, False], [0, "true", None]),
        (content.must_be_texts, [["a"]], [[], "a", [1], [""]]),
        (content.must_be_maybe_texts, [[], ["a"]], ["a", [1], None]),
        (content.must_be("CC BY 4.0"), ["CC BY 4.0"], ["cc", None]),
        (content.must_be_among(["a"], empty=True), [[], ["a"]], [["b"], "a"]),
    ],
)
def test_what_a_value_must_be(must: content.Must, good: list[object], bad: list[object]) -> None:
    assert [must(value) for value in good] == [""] * len(good)
    assert all(must(value) for value in bad)


def lines(faults: Iterable[Fault]) -> list[int]:
    return [fault.line for fault in faults]


@pytest.mark.parametrize(
    "planted",
    [
        "Une <script>alert(1)</script>.",
        "Un commentaire <!-- x -->.",
        "Un signe &nbsp;.",
        "Un accent e\u0301.",
        "Une\ttabulation.",
        "Un mot in\u200bvisible.",
        "Un ordre \u202e inversé.",
        "![image](sheet:x)",
        "# Un titre trop haut",
        "#### Un titre trop bas",
        "`code`",
        "```",
        "| a | b |",
        "---",
        "un *mot* penché",
        "un _mot_ penché",
        "Voir https://exemple.fr.",
        "Voir www.exemple.fr.",
        "> un écran",
        "Appelle le 3020.",
    ],
)
def test_marks_that_content_may_not_hold(planted: str) -> None:
    assert lines(prose.text_faults(GOOD)) == []
    assert 10 in lines(prose.text_faults(f"{GOOD}{planted}\n"))


def test_screens_of_lessons_may_be_quoted() -> None:
    assert lines(prose.text_faults(f"{GOOD}> un écran\n", quotes=True)) == []


def test_the_last_line_has_an_end() -> None:
    assert lines(prose.text_faults(GOOD.rstrip())) == [9]


@pytest.mark.parametrize(
    "target", ["https://evil.example", "sheet:absente", "lesson:absente", "help:x", "autre", "mailto:a@b", ""]
)
def test_links_that_lead_nowhere(target: str) -> None:
    known = {"sheet": {"autre"}, "lesson": {"séance"}}
    assert list(prose.link_faults(content.parse(GOOD), known)) == []
    assert lines(prose.link_faults(content.parse(f"{GOOD}[a]({target})\n"), known)) == [10]


@pytest.mark.parametrize(
    "planted",
    ["Quoi ?", "Quoi\u00a0?", "Quoi?", "Oui: non", "« oui »", "«oui»", "l'école", "Et...", '"oui"', "**Quoi**?"],
)
def test_french_typography(planted: str) -> None:
    good = "« Oui\u202f! »\u202f: à 15:00, l’école\u202f? [a](sheet:autre)\n".replace("« ", "«\u202f").replace(
        " »", "\u202f»"
    )
    assert list(prose.french_faults(content.parse(GOOD + good))) == []
    assert 10 in lines(prose.french_faults(content.parse(f"{GOOD}{planted}\n")))


def test_french_typography_of_the_front_matter() -> None:
    assert lines(prose.french_faults(content.parse(GOOD.replace("Un titre", "Un titre?")))) == [2]


@pytest.mark.parametrize(
    ("body", "level", "found"),
    [
        ("Un deux trois. Quatre cinq.\n", Level(5, 5, 3), []),
        ("Un deux trois. Quatre cinq.\n", Level(5, 5, 2), [1]),
        ("## Un deux\n\n- **Trois**\n- [quatre](help:) cinq\n", Level(5, 5, 2), []),
        ("Un.\n\nDeux trois quatre\u202f? «\u202fCinq.\u202f»\n", Level(5, 5, 2), [3]),
        ("Un deux.\n", Level(5, 9, 9), [1]),
        ("Un deux trois quatre cinq.\n", Level(1, 3, 9), [1]),
        ("هل هذا صعب؟ نعم.\n", Level(4, 4, 3), []),
    ],
)
def test_length(body: str, level: Level, found: list[int]) -> None:
    assert lines(prose.level_faults(body, 1, level, "ar")) == found


def test_ease_of_reading_tells_a_child_s_text_from_a_jurist_s() -> None:
    child = "Le chat dort. Il a faim. Tu lui donnes du lait.\n"
    jurist = "L’établissement responsable garantit contractuellement l’inaliénabilité des délibérations.\n"
    assert prose.ease(child) > 90
    assert prose.ease(jurist) < 40
    assert lines(prose.level_faults(jurist, 1, Level(1, 99, 99, 80), "fr")) == [1]
    assert lines(prose.level_faults(jurist, 1, Level(1, 99, 99, 80), "en")) == []


def test_an_address_tells_nothing_and_stays() -> None:
    assert content.address("je-ne-vais-pas-bien") == content.address("je-ne-vais-pas-bien")
    assert content.address("je-ne-vais-pas-bien") != content.address("mes-droits")
    assert len(content.address("a")) == 8


def test_slugs_of_a_shelf(tmp_path: Path) -> None:
    for name in ("fr/unit-1/a.md", "fr/unit-2/b.md", "en/unit-1/c.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert content.slugs(tmp_path) == {"a", "b"}
