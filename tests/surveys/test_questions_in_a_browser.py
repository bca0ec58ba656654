"""Pictures, numbers, skip logic and reading aloud in a real browser: telephone, keyboard, Arabic, no script."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Questionnaire, read_answers
from tests.support.browser import axe
from tests.support.town import COLLEGE, ECOLE, Town
from tests.surveys.campaign import ballots, card, start
from tests.surveys.test_model import AGE, asks, when

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
PHONE = {"width": 320, "height": 700}


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """What the browser does has nothing to do with the database."""
    return str(request.param)


@pytest.fixture
def visit(town: Town, open_as: Callable[..., BrowserContext]) -> Visit:
    """The questions of a questionnaire, opened for the class of somebody who looks at them."""

    def make(name: str, which: str | Questionnaire, language: str = "fr", stub: str = "", **options: Any) -> Page:
        uai, code = (ECOLE, "CE2") if name == "noe" else (COLLEGE, "6e B")
        asked = questionnaires()[which] if isinstance(which, str) else which
        with town.house.database.writing() as db:
            campaign = start(town, db, code, uai=uai, asked=asked)
        page = open_as(name, language, **options).new_page()
        if stub:
            page.add_init_script(stub)
        if options.get("java_script_enabled") is False:
            page.goto("/ent-ballots/card")
            page.get_by_role("textbox").fill(card(town, campaign, code))
            page.get_by_role("button").last.click()
            return page
        page.goto(f"/ent/surveys/{campaign.id}/questions")
        page.locator("[data-begin]").click()
        return page

    return make


def fits(page: Page) -> None:
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")


# --- Skip logic ------------------------------------------------------------------------------------------------------


def test_questions_come_and_go_with_an_answer_and_nothing_is_asked_of_the_server(town: Town, visit: Visit) -> None:
    page = visit("lina", "boarding")
    shown, asked_for = page.locator("fieldset.choices:visible"), []
    expect(shown).to_have_count(1)
    page.on("request", lambda request: asked_for.append(request.url))
    nights = page.get_by_label("Un nombre de 0 à 7, ou rien")
    nights.fill("5")
    expect(shown).to_have_count(10)
    expect(page.get_by_text("Si tu dors à l’internat.")).to_have_count(9)
    expect(page.get_by_text("Si tu dors à l’internat.").locator("visible=true")).to_have_count(0)
    page.get_by_role("group", name="Je dors assez bien").get_by_label("Oui", exact=True).check()
    nights.press("Enter")
    for other in ("8", "", "0"):
        nights.fill(other)
        expect(shown).to_have_count(1)
    assert [url for url in asked_for if not url.endswith(".svg")] == []
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    assert ballots(town) == [{"boarding_nights": ["none"]}]


def test_without_a_script_all_questions_show_and_the_answer_that_concerns_nobody_is_dropped(
    town: Town, visit: Visit
) -> None:
    page = visit("lina", "boarding", java_script_enabled=False, viewport=PHONE)
    expect(page.locator("fieldset.choices:visible")).to_have_count(10)
    expect(page.get_by_text("Si tu dors à l’internat.").locator("visible=true")).to_have_count(9)
    fits(page)
    page.get_by_label("Un nombre de 0 à 7, ou rien").fill("0")
    page.get_by_role("group", name="Je dors assez bien").get_by_label("Oui", exact=True).check()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    assert ballots(town) == [{"boarding_nights": ["none"]}]


_SHOWN = """forms => forms.map(([one, many, age]) => {
  const form = document.querySelector("form#questions");
  for (const box of form.querySelectorAll("input:is([type=radio], [type=checkbox])"))
    box.checked = (box.name === "one" ? [one] : box.name === "many" ? many : ["a"]).includes(box.value);
  form.querySelector("input[type=number]").value = age;
  form.dispatchEvent(new Event("input"));
  return [...form.querySelectorAll("fieldset.choices:enabled")].map(question => question.id);
})"""


def test_the_page_and_the_server_follow_one_rule(visit: Visit) -> None:
    asked = asks(
        {"id": "one"},
        {"id": "many", "kind": "several", **when("any", one=["a", "b"])},
        {**AGE, **when("any", many=["b", "c"])},
        {"id": "every", **when("all", one=["b"], age=["mid", "high"])},
        {"id": "some", **when("any", many=["c"], age=["low"])},
        {"id": "last", **when("any", every=["a"], some=["a"])},
    )
    page = visit("lina", asked)
    forms = list(product(("a", "b", "c", ""), ([], ["a"], ["b"], ["a", "c"]), ("", "1", "2", "5", "12", "13")))
    for (one, many, age), shown in zip(forms, page.evaluate(_SHOWN, forms), strict=True):
        form = {"one": [one], "many": many, "age": [age], "every": ["a"], "some": ["a"], "last": ["a"]}
        taken = read_answers(asked, "college", form).answers
        rules = {item.id: item.relevant for item in asked.items("college")}
        assert shown == [name for name, rule in rules.items() if rule is None or rule.holds(taken)], form


def test_on_a_childs_screens_the_count_follows_and_a_wrong_number_stays(town: Town, visit: Visit) -> None:
    page = visit("noe", "trip", viewport=PHONE)
    page.get_by_role("radio", name="Très bien").check()
    for number in range(1, 5):
        expect(page.get_by_text(f"Question {number} sur 7")).to_be_visible()
        page.get_by_role("button", name="Suivant").click()
    nights = page.get_by_label("Un nombre de 0 à 30, ou rien")
    nights.fill("31")
    nights.press("Enter")
    expect(page.get_by_text("Question 5 sur 7")).to_be_visible()
    nights.fill("2")
    expect(page.get_by_text("Question 5 sur 8")).to_be_visible()
    nights.press("Enter")
    expect(page.get_by_role("group", name="Dans ma chambre, on se parlait gentiment.")).to_be_visible()
    page.get_by_role("radio", name="Oui", exact=True).check()
    page.get_by_role("button", name="Retour").click()
    nights.fill("0")
    page.get_by_role("button", name="Suivant").click()
    expect(page.get_by_text("Question 6 sur 7")).to_be_visible()
    page.go_back()
    nights.fill("99")
    page.go_forward()
    for _question in range(2):
        page.get_by_role("button", name="Suivant").click()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(nights).to_be_visible()  # the browser leads back to what does not fit
    assert ballots(town) == []
    nights.fill("")
    for _question in range(3):
        page.get_by_role("button", name="Suivant").click()
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Merci.")).to_be_visible()
    assert ballots(town) == [{"trip_mood": ["very_good"]}]


# --- Pictures --------------------------------------------------------------------------------------------------------


def test_a_child_answers_faces_and_places_by_keyboard_in_arabic(town: Town, visit: Visit) -> None:
    page = visit("noe", "school-climate", "ar", viewport=PHONE)
    expect(page.locator("fieldset.choices:visible svg")).to_have_count(4)
    axe(page)
    fits(page)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    for _question in range(11):
        page.get_by_role("button", name="التالي").press("Enter")
    place = page.get_by_role("group", name="إذا حدث لك هذا، فأين كان؟")
    expect(place).to_be_visible()
    axe(page)
    fits(page)
    boxes = place.get_by_role("checkbox")
    boxes.first.focus()
    told = []
    for _box in range(boxes.count()):
        told.append(page.evaluate("document.activeElement.value"))
        if told[-1] in {"yard", "way"}:
            page.keyboard.press("Space")
        page.keyboard.press("Tab")
    assert sorted(told) == sorted(boxes.evaluate_all("boxes => boxes.map(box => box.value)"))
    assert told[-2:] == ["not_happened", "elsewhere"]
    for _question in range(4):
        page.get_by_role("button", name="التالي").press("Enter")
    page.get_by_role("button", name="إرسال إجاباتي").press("Enter")
    expect(page.get_by_role("heading", name="شكرًا")).to_be_visible()
    assert ballots(town) == [{"climate_help": ["rather_disagree"], "place_ecole": ["yard", "way"]}]


@pytest.mark.parametrize(("name", "language", "width"), [("boarding", "fr", 320), ("trip", "ar", 1280)])
def test_axe_finds_nothing_among_pictures_and_rows(visit: Visit, name: str, language: str, width: int) -> None:
    page = visit("lina", name, language, viewport={"width": width, "height": 700}, forced_colors="active")
    page.locator("input[type=number]").fill("5")
    expect(page.locator("fieldset.choices:visible").last).to_be_visible()
    fits(page)
    axe(page)
    shown = page.locator("fieldset.places svg").first.evaluate("one => getComputedStyle(one).color")
    assert shown == page.evaluate("getComputedStyle(document.body).color")  # the system's own, not ours


def test_without_styles_the_picture_is_a_list(visit: Visit) -> None:
    page = visit("lina", "school-climate")
    page.evaluate("document.querySelectorAll('link[rel=stylesheet]').forEach(one => one.remove())")
    boxes = page.get_by_role("group", name="où était-ce").get_by_role("checkbox")
    for box in boxes.all():
        expect(box).to_be_visible()
    expect(page.get_by_role("group", name="où était-ce").get_by_label("À la cantine")).to_have_count(1)


# --- Reading aloud ---------------------------------------------------------------------------------------------------

_STUB = """
const heard = [], target = new EventTarget();
const voices = VOICES.map(([lang, localService]) => ({ lang, localService, name: lang }));
globalThis.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
const synthesis = Object.assign(target, {
  heard, ready: voices, late: LATE, getVoices() { return this.late ? [] : this.ready; },
  speak(one) { heard.push(one); }, cancel() { heard.push(null); },
});
Object.defineProperty(globalThis, "speechSynthesis", { value: synthesis });
"""


def stub(*voices: tuple[str, bool], late: bool = False) -> str:
    """A machine with these voices: language, and whether it speaks by itself."""
    told = str([[language, own] for language, own in voices]).replace("True", "true").replace("False", "false")
    return _STUB.replace("VOICES", told).replace("LATE", str(late).lower())


def heard(page: Page) -> list[str | None]:
    return list(page.evaluate("speechSynthesis.heard.map(one => one && `${one.voice.lang} ${one.text}`)"))


def test_without_a_voice_of_the_machine_in_that_language_there_is_no_button(visit: Visit) -> None:
    page = visit("noe", "exit-ticket", "fr", stub())
    for lang, own in (("fr-FR", False), ("en-GB", True), ("ar", True), ("frp", True)):
        voice = {"lang": lang, "localService": own}
        page.evaluate("one => { speechSynthesis.ready = [one]; }", voice)
        page.evaluate("speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
        expect(page.locator(".listen")).to_have_count(0)
    assert heard(page) == []
    page.evaluate("speechSynthesis.ready = [{lang: 'fr_FR', localService: true}]")
    page.evaluate("speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(page.locator(".listen")).to_have_count(3)


def test_a_question_is_read_with_its_answers_and_never_the_reply(visit: Visit) -> None:
    page = visit("noe", "exit-ticket", "fr", stub(("fr-FR", False), ("fr-CA", True)))
    page.get_by_role("radio", name="Plutôt bien").check()
    listen = page.get_by_role("button", name="Écouter")
    expect(listen).to_have_count(1)
    axe(page)
    listen.click()
    words = ["Comment s’est passée la leçon pour toi\u202f?", "Très mal", "Plutôt mal", "Entre les deux", "Plutôt bien"]
    read = [f"fr-CA {text}" for text in (*words, "Très bien", "Je passe")]
    assert heard(page) == read
    page.get_by_role("button", name="Arrêter").click()
    assert heard(page) == [*read, None]
    expect(page.get_by_role("button", name="Écouter")).to_be_focused()
    page.keyboard.press("Enter")
    assert heard(page) == [*read, None, *read]
    page.get_by_role("button", name="Suivant").click()  # the next question ends the reading
    assert heard(page) == [*read, None, *read, None]
    page.get_by_role("button", name="Écouter").click()
    page.evaluate("speechSynthesis.heard.at(-1).dispatchEvent(new Event('end'))")
    expect(page.get_by_role("button", name="Écouter")).to_have_count(1)


def test_voices_that_come_late_bring_their_buttons_once(visit: Visit) -> None:
    page = visit("lina", "exit-ticket", "fr", stub(("fr-FR", True), late=True))
    expect(page.get_by_role("radio").first).to_be_visible()
    expect(page.locator(".listen")).to_have_count(0)
    for _time in range(2):
        page.evaluate("speechSynthesis.late = false; speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(page.get_by_role("button", name="Écouter")).to_have_count(3)
