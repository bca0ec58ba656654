"""A psychologist of two schools' groups: one inbox; takes, answers, notes, hands over, closes. Nobody else can tell."""

import re

import pytest
from playwright.sync_api import Page, expect

from ent_module.demo.people import COLLEGE, LYCEE
from tests.browser.stories.portal import Portal, door, lines, message_has_come

pytestmark = pytest.mark.browser

CAMILLE = "Camille Rey"
IN_THE_COLLEGE = "Ils attendent Hugo devant le portail tous les soirs."
IN_THE_LYCEE = "Une amie ne mange plus."
ANSWER = "Merci. Je serai devant le portail ce soir avec la CPE."
NOTE = "Appeler la vie scolaire avant 16 h."


@pytest.fixture
def two_messages(portal: Portal) -> None:
    """Two messages wait, by the service that the form calls: the lycée's came first, the collège's is urgent.

    The writer of the urgent one leaves out a listener of the collège.
    """
    message_has_come(portal, LYCEE, IN_THE_LYCEE, what=("sad",), about="other", often="daily")
    message_has_come(
        portal, COLLEGE, IN_THE_COLLEGE, what=("hurt",), about="other", danger="yes", without=("Nathalie Collet",)
    )


def _inbox(page: Page) -> None:
    door(page, "Messages").click()
    expect(page.get_by_role("heading", level=1, name="Messages")).to_be_visible()
    page.wait_for_load_state()  # keys move along the lines once the script is there


def _open(page: Page, school: str) -> None:
    lines(page).filter(has_text=school).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(school)


def _write(page: Page, field: str, text: str, button: str) -> None:
    page.get_by_label(field).fill(text)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()


@pytest.mark.usefixtures("two_messages")
def test_one_inbox_over_two_schools_from_taking_to_closing(portal: Portal) -> None:
    page = portal.enter(CAMILLE)
    expect(door(page, "Messages")).to_contain_text("2 à lire")
    _inbox(page)
    expect(lines(page)).to_contain_text([re.compile("Urgent.*Germaine-Tillion", re.DOTALL), "Joséphine-Baker"])
    expect(lines(page).nth(1)).not_to_contain_text("Urgent")
    expect(page.get_by_role("main")).not_to_contain_text("portail tous les soirs")

    _open(page, "Germaine-Tillion")
    expect(page.get_by_text("Ne pas en parler à")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text(IN_THE_COLLEGE)
    page.get_by_role("button", name="Je m’en charge").click()
    expect(page.get_by_text("pris par vous")).to_be_visible()
    _write(page, "Répondre", ANSWER, "Envoyer la réponse")
    _write(page, "Ajouter une note", NOTE, "Garder la note")
    page.locator("summary").get_by_text("Clore", exact=True).click()
    page.get_by_role("button", name="Clore").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez ce qui a été fait avant de clore.")
    _write(page, "Pourquoi ce n’est plus urgent", "Hugo rentre avec la CPE.", "N’est plus urgent")
    page.locator("summary").get_by_text("Clore", exact=True).click()
    page.get_by_label("Issue").select_option("Un adulte a agi dans l’établissement")
    page.get_by_role("button", name="Clore").click()
    expect(page.get_by_role("button", name="Rouvrir")).to_be_visible()

    page.get_by_role("link", name="Tous les messages").click()
    _open(page, "Joséphine-Baker")
    page.get_by_label("Transmettre à").select_option("Karim Benali")
    page.get_by_role("button", name="Transmettre", exact=True).click()
    expect(page.get_by_text("pris par Karim Benali")).to_be_visible()
    page.get_by_role("link", name="Tous les messages").click()
    expect(lines(page)).to_have_count(1)
    page.get_by_role("link", name="Clos", exact=True).click()
    expect(lines(page)).to_contain_text("Germaine-Tillion")

    colleague = portal.enter("Karim Benali")
    _inbox(colleague)
    expect(lines(colleague)).to_contain_text("pris par vous")
    lines(colleague).click()
    colleague.get_by_text("Ce qui s’est passé").click()
    step = colleague.get_by_role("listitem").filter(has_text="Transmis")
    expect(step).to_contain_text(CAMILLE)


@pytest.mark.usefixtures("two_messages")
def test_nobody_outside_the_group_can_learn_of_it(portal: Portal) -> None:
    camille = portal.enter(CAMILLE)
    _inbox(camille)
    _open(camille, "Germaine-Tillion")
    address = camille.url
    # A listener of the collège whom the writer left out; one of the other school; both have an inbox without it.
    for name, waiting in (("Nathalie Collet", "Rien à lire"), ("Karim Benali", "1 à lire")):
        page = portal.enter(name)
        expect(door(page, "Messages")).to_contain_text(waiting)
        _inbox(page)
        expect(page.get_by_role("main")).not_to_contain_text("Germaine-Tillion")
        _finds_nothing(page, address, "Cette page n’existe pas")
    # Teachers, heads and admins without the role have no such door at all.
    for name in ("Julien Fabre", "Hélène Royer", "Yann Le Goff"):
        page = portal.enter(name)
        expect(page.get_by_role("heading", level=1, name="Bonjour")).to_be_visible()
        expect(page.get_by_role("main").get_by_role("link", name=re.compile("^Messages Groupe"))).to_have_count(0)
        _finds_nothing(page, address, "Cette page n’est pas pour ce compte")


def _finds_nothing(page: Page, address: str, heading: str) -> None:
    """Even the address says nothing."""
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert "Hugo" not in page.content()


@pytest.mark.usefixtures("two_messages")
def test_the_inbox_by_its_keys(portal: Portal) -> None:
    page = portal.enter(CAMILLE)
    _inbox(page)
    page.keyboard.press("j")
    expect(lines(page).nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(lines(page).nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text(IN_THE_COLLEGE)
    page.wait_for_load_state()
    page.keyboard.press("r")
    expect(page.get_by_label("Répondre")).to_be_focused()
