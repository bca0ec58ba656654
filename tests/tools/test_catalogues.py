"""The check of the translations: each mistake is named by file and line, and an update loses nothing."""

import shutil
from gettext import c2py  # how gettext itself reads a plural rule
from pathlib import Path

import pytest

from ent_module.web.language import catalogue
from tools.catalogues import PLURALS, House, check, update

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = '_("Bonjour")\nngettext("%(num)s message", "%(num)s messages", n)\n'
TEMPLATE = "{% trans trimmed name=n %}Voici\n <b>%(name)s</b>{% endtrans %}"
ENGLISH = {"Bonjour": "Hello", "Voici <b>%(name)s</b>": "Here is <b>%(name)s</b>"}
ARABIC = {"Bonjour": "مرحبا", "Voici <b>%(name)s</b>": "هذا <b>%(name)s</b>"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house with two rooms, one of which speaks, translated completely."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    room = tmp_path / "ent_module" / "help"
    (room / "templates" / "ent" / "help").mkdir(parents=True)
    (tmp_path / "ent_module" / "silent").mkdir()
    (tmp_path / "ent_module" / "cli.py").write_text("print('Hello')\n")
    (room / "views.py").write_text(PROGRAM)
    (room / "templates" / "ent" / "help" / "page.html").write_text(TEMPLATE)
    house = House(tmp_path)
    update(house, house.rooms())
    translate(house, "en", ENGLISH, ["One message", "%(num)s messages"])
    translate(house, "ar", ARABIC, ["لا رسائل", "رسالة", "رسالتان", *["%(num)s رسائل"] * 3])
    return house


def translate(house: House, language: str, words: dict[str, str], plural: list[str]) -> None:
    path = house.po(language, "help")
    text = path.read_text()
    for french, other in words.items():
        text = text.replace(f'msgid "{french}"\nmsgstr ""', f'msgid "{french}"\nmsgstr "{other}"')
    for index, form in enumerate(plural):
        text = text.replace(f'msgstr[{index}] ""', f'msgstr[{index}] "{form}"')
    path.write_text(text)


def change(house: House, old: str, new: str, language: str = "en") -> None:
    path = house.po(language, "help")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_complete_translations_pass(house: House) -> None:
    assert check(house) == []


def test_an_update_of_what_is_up_to_date_changes_nothing(house: House) -> None:
    assert update(house, house.rooms()) == []


def test_a_catalogue_has_no_places_and_no_dates(house: House) -> None:
    text = house.po("ar", "help").read_text()
    assert "#:" not in text
    assert "Date" not in text
    assert f"Plural-Forms: {PLURALS['ar']}" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Hello"', '""', "not translated"),
        ('"Hello"', '" Hello"', "spaces around"),
        ('msgstr[1] "%(num)s messages"', 'msgstr[1] ""', "a plural form is not translated"),
        ("Here is <b>%(name)s</b>", "Here is %(name)s", "other tags"),
        ("Here is <b>%(name)s</b>", "Here is <b onclick='x'>%(name)s</b>", "other tags"),
        ("Here is <b>%(name)s</b>", "Here is <b>%(nom)s</b>", "other placeholders"),
        ('msgstr[1] "%(num)s messages"', 'msgstr[1] "%(count)s messages"', "other placeholders"),
        ('msgid "Bonjour"', '#, fuzzy\nmsgid "Bonjour"', "fuzzy"),
        ('msgid "Bonjour"', 'msgid "Salut"', "'Salut' is no longer said"),
        ('msgid "Bonjour"', 'msgid "Salut"', "'Bonjour' is missing"),
        ("nplurals=2; plural=(n != 1)", "nplurals=2; plural=(n > 1)", "Plural-Forms"),
    ],
)
def test_a_mistake_is_named(house: House, old: str, new: str, said: str) -> None:
    change(house, old, new)
    mistakes = [str(mistake) for mistake in check(house)]
    assert any(mistake.startswith("translations/en/help.po:") and said in mistake for mistake in mistakes), mistakes


def test_the_line_is_the_line(house: House) -> None:
    change(house, '"Hello"', '""')
    [mistake] = check(house)
    lines = house.po("en", "help").read_text().splitlines()
    assert lines[mistake.line - 1] == 'msgid "Bonjour"'


def test_arabic_has_six_forms(house: House) -> None:
    path = house.po("ar", "help")
    path.write_text("".join(line for line in path.read_text().splitlines(True) if "msgstr[5]" not in line))
    assert any("plural" in str(mistake) for mistake in check(house))


def test_two_rooms_say_a_sentence_alike(house: House) -> None:
    (house.package / "silent" / "views.py").write_text('_("Bonjour")\n')
    update(house, ["silent"])
    assert check(house) == []
    path = house.po("en", "silent")
    path.write_text(path.read_text().replace('"Hello"', '"Good day"'))
    [mistake] = check(house)
    assert str(mistake).startswith("translations/en/silent.po:")
    assert "translated otherwise in translations/en/help.po" in mistake.text


def test_a_sentence_that_moves_to_another_room_keeps_its_words(house: House) -> None:
    (house.package / "help" / "views.py").rename(house.package / "silent" / "views.py")
    update(house, ["silent", "help"])
    assert check(house) == []


def test_a_room_that_falls_silent_loses_its_catalogue(house: House) -> None:
    shutil.rmtree(house.package / "help")
    assert any("no longer said" in str(mistake) for mistake in check(house))
    (house.package / "help").mkdir()
    update(house, ["help"])
    assert not house.po("en", "help").exists()
    assert check(house) == []


def test_interface_strings_belong_in_a_room(house: House) -> None:
    (house.package / "cli.py").write_text('x = 1\n_("Bonjour")\n')
    assert [str(mistake) for mistake in check(house)] == ["ent_module/cli.py:2: an interface string belongs in a room"]


def test_a_template_that_cannot_be_read_is_a_mistake(house: House) -> None:
    (house.package / "silent" / "page.html").write_text("{% trans %}Bonjour")
    with pytest.raises(Exception, match="trans"):
        check(house)


@pytest.mark.parametrize(
    ("french", "said"),
    [
        ("C'est toi", "apostrophe"),
        ("Qui lit ?", "wide space"),
        ("Qui lit\u00a0?", "wide space"),
        ("Qui lit?", "no space"),
        ("Ici: rien", "no space"),
        ("« Non »", "guillemet"),
        ("Attends...", "full stops"),
        (" Bonjour", "spaces or lines around"),
    ],
)
def test_french_typography(house: House, french: str, said: str) -> None:
    (house.package / "silent" / "views.py").write_text(f"x = 1\n_({french!r})\n")
    mistakes = [str(m) for m in check(house) if m.path == "ent_module/silent/views.py"]
    assert any(m.startswith("ent_module/silent/views.py:2:") and said in m for m in mistakes), mistakes


@pytest.mark.parametrize(
    "french",
    [
        "C’est toi",
        "Qui lit\u202f?",
        "«\u202fNon\u202f»",
        "À 12:30, ou sur https://portal.example/?a=1",
        "Ton numéro\u202f: %(number)s",
        "Rouge &amp; bleu",
        'Lis <a href="/x?y=1">la suite</a>.',
        "Attends…",
    ],
)
def test_good_french_passes(house: House, french: str) -> None:
    (house.package / "silent" / "views.py").write_text(f"_({french!r})\n")
    assert [m for m in check(house) if m.path == "ent_module/silent/views.py"] == []


@pytest.mark.parametrize("language", PLURALS)
def test_the_program_counts_as_the_catalogues_say(language: str) -> None:
    said = c2py(PLURALS[language].partition("plural=")[2].rstrip(";"))
    spoken = catalogue(language)
    assert [spoken.plural(n) for n in range(300)] == [said(n) for n in range(300)]
