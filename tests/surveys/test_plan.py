"""What a head plans: classes and their levels, the window, how families are told."""

from datetime import date, timedelta

import pytest

from ent_module.establishments.calendar import Hours, SchoolCalendar
from ent_module.surveys.model import Where
from ent_module.surveys.parts import Audience
from ent_module.surveys.plan import (
    LONGEST,
    OTHER,
    Listed,
    Notice,
    Plan,
    Readers,
    Told,
    class_key,
    in_time,
    level_of,
    proposed_day,
    read_classes,
    read_notice,
    read_plan,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("kind", "name", "level"),
    [
        ("college", "6e B", "6e"),
        ("college", "6A", "6e"),
        ("college", "6ÈME 2", "6e"),
        ("college", "601", "6e"),
        ("college", "Troisième C", "3e"),
        ("college", "3e prépa-métiers", "3e"),
        ("college", "ULIS", OTHER),
        ("college", "Segpa 6", OTHER),
        ("ecole", "CM2 B", "CM2"),
        ("ecole", "ce 2", "CE2"),
        ("ecole", "CE1-CE2", OTHER),
        ("ecole", "Mme Petit", OTHER),
        ("lycee", "2nde 3", "2de"),
        ("lycee", "2de4", "2de"),
        ("lycee", "Seconde GT 1", "2de"),
        ("lycee", "1G3", "1re"),
        ("lycee", "1ère STMG", "1re"),
        ("lycee", "Tle", "Tle"),
        ("lycee", "TG2", "Tle"),
        ("lycee", "BTS SIO", OTHER),
        ("departement", "6e B", OTHER),
    ],
)
def test_the_level_is_read_in_the_name_of_a_class(kind: str, name: str, level: str) -> None:
    assert level_of(name, kind) == level


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("6e B", "6B", True),
        ("6ème B", "6e b", True),
        ("2nde 4", "2de4", True),
        ("1ère 2", "1re-2", True),
        ("Tle 2", "Terminale 2", True),
        ("6e", "6 E", True),
        ("6e B", "6e C", False),
        ("6e B", "5e B", False),
        ("2de 1", "2de 10", False),
        ("6e B", "6e B gr1", False),
        ("6e E", "6e F", False),
    ],
)
def test_two_spellings_of_a_class_are_one(one: str, other: str, same: bool) -> None:
    assert (class_key(one) == class_key(other)) is same


def test_classes_are_read_as_they_are_typed_or_copied_from_a_spreadsheet() -> None:
    found, wrong = read_classes(" 6e  B ; 26\r\n\n2nde 3\t31\nGroupe, le grand, 12\n", "college")
    assert found == (Listed("6e B", 26, "6e"), Listed("2nde 3", 31, OTHER), Listed("Groupe, le grand", 12, OTHER))
    assert wrong == ()


@pytest.mark.parametrize("line", ["6e C", "6e C 26", "6e C ;", "; 26", "6e C ; 0", "6e C ; 61", "6e C ; -4", "6B ; 25"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    found, wrong = read_classes(f"6e B ; 26\n{line}\n5e A ; 24", "college")
    assert [one.name for one in found] == ["6e B", "5e A"]
    assert wrong == (2,)


KNOWN = {
    "school-climate": Audience.PUPILS,
    "parents-climate": Audience.PARENTS,
    "staff-climate": Audience.STAFF,
}
FORM = {
    "questionnaire": "school-climate",
    "opens_on": "2026-12-07",
    "closes_on": "2026-12-18",
    "classes": "6e B ; 26",
    "place": "class",
    "readers": "adults",
}


def test_a_plan_is_read() -> None:
    read = read_plan(FORM, KNOWN, "college", TODAY)
    classes = (Listed("6e B", 26, "6e"),)
    days = date(2026, 12, 7), date(2026, 12, 18)
    assert read.plan == Plan("school-climate", *days, Readers.ADULTS, Where.CLASS, classes)
    assert read.problems == ()


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"questionnaire": "other"}, ("questionnaire",)),
        ({"opens_on": "2026-11-22"}, ("opens_on",)),
        ({"opens_on": "soon"}, ("opens_on",)),
        ({"closes_on": "2026-12-07"}, ("closes_on",)),
        ({"closes_on": (date(2026, 12, 7) + LONGEST + timedelta(days=1)).isoformat()}, ("closes_on",)),
        ({"classes": ""}, ("classes",)),
        ({"classes": "6e B"}, ("classes",)),
        ({"classes": "\n".join(f"6e {number} ; 1" for number in range(201))}, ("classes",)),
        ({"place": "street"}, ("place",)),
        ({"readers": "everyone"}, ("readers",)),
    ],
)
def test_what_is_wrong_with_a_plan_is_named(changed: dict[str, str], problems: tuple[str, ...]) -> None:
    read = read_plan({**FORM, **changed}, KNOWN, "college", TODAY)
    assert (read.plan, read.problems) == (None, problems)


def test_an_empty_form_is_no_plan() -> None:
    assert set(read_plan({}, KNOWN, "college", TODAY).problems) == set(FORM)


ADULTS = {**{name: FORM[name] for name in ("opens_on", "closes_on", "readers")}, "invited": " 240 "}


@pytest.mark.parametrize(
    ("questionnaire", "listed", "place"),
    [("parents-climate", "=parents", Where.HOME), ("staff-climate", "=staff", Where.SHARED)],
)
def test_of_adults_only_their_number_is_read(questionnaire: str, listed: str, place: Where) -> None:
    unseen = {"classes": "6e B", "place": "street"}  # typed for another questionnaire
    read = read_plan({**ADULTS, **unseen, "questionnaire": questionnaire}, KNOWN, "college", TODAY)
    assert read.problems == ()
    assert read.plan
    assert (read.plan.classes, read.plan.place) == ((Listed(listed, 240, OTHER),), place)


@pytest.mark.parametrize("invited", ["", "9", "0", "-12", "10000", "12.5", "zwölf", "²²"])
def test_fewer_than_ten_adults_would_never_have_results(invited: str) -> None:
    form = {**ADULTS, "questionnaire": "staff-climate", "invited": invited}
    assert read_plan(form, KNOWN, "ecole", TODAY).problems == ("invited",)


@pytest.mark.parametrize("name", ["=parents", "=staff"])
def test_a_class_is_never_called_as_all_adults_are(name: str) -> None:
    """Else they would be asked what is for pupils."""
    assert read_classes(f"{name} ; 26", "college") == ((), (1,))


@pytest.mark.parametrize(("opens", "told"), [(0, False), (1, True)])
def test_staff_know_the_day_before_and_parents_ten_days_before(opens: int, told: bool) -> None:
    day, form = TODAY + timedelta(days=opens), {"told": "notice"}
    assert (read_notice(form, day, TODAY, Audience.STAFF).notice is not None) is told
    assert read_notice(form, day, TODAY, Audience.PARENTS).problems == ("told",)
    assert read_notice(form, TODAY + timedelta(days=10), TODAY, Audience.PARENTS).notice
    assert not read_notice(form, TODAY + timedelta(days=9), TODAY, Audience.PARENTS).notice


def test_the_first_day_that_is_proposed_is_a_school_day() -> None:
    calendar = SchoolCalendar(Hours.from_setting(None), "B")
    sunday, christmas = date(2026, 11, 29), date(2026, 12, 25)
    assert proposed_day(sunday, calendar.is_school_day) == date(2026, 11, 30)
    assert proposed_day(christmas, calendar.is_school_day) == date(2027, 1, 4)
    assert proposed_day(date(2027, 7, 14), calendar.is_school_day) == date(2027, 9, 2)  # no school on Wednesdays
    assert proposed_day(sunday, lambda _day: False) == sunday  # no school day in sight


@pytest.mark.parametrize(
    ("opens", "form", "problems"),
    [
        (10, {"told": "notice"}, ()),
        (9, {"told": "notice"}, ("told",)),
        (9, {"told": "paper", "told_on": "2026-11-22"}, ()),
        (0, {"told": "meeting", "told_on": "2026-11-13"}, ()),
        (0, {"told": "meeting", "told_on": "2026-11-14"}, ("told_on",)),
        (30, {"told": "message", "told_on": "2026-11-24"}, ("told_on",)),  # tomorrow
        (30, {"told": "message", "told_on": ""}, ("told_on",)),
        (30, {"told": "said"}, ("told",)),
        (30, {}, ("told",)),
    ],
)
def test_families_know_ten_days_before(opens: int, form: dict[str, str], problems: tuple[str, ...]) -> None:
    read = read_notice(form, TODAY + timedelta(days=opens), TODAY)
    assert read.problems == problems
    assert (read.notice is None) is bool(problems)


def test_a_third_campaign_of_the_year_is_announced_by_whoever_knows() -> None:
    form, opens = {"told": "notice"}, TODAY + timedelta(days=10)
    assert read_notice(form, opens, TODAY, enough=True).problems == ("third",)
    assert read_notice({**form, "third": "yes"}, opens, TODAY, enough=True).problems == ()


def test_the_tenth_day_is_the_first_one() -> None:
    assert in_time(Notice(Told.NOTICE, TODAY), date(2026, 12, 3))
    assert not in_time(Notice(Told.NOTICE, TODAY), date(2026, 12, 2))
