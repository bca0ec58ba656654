"""What the law asks for is easy, and nothing of it is done by the software: a copy word for word, and a line that it
was sent."""

from typing import Any

import pytest
from sqlalchemy import select

from ent_module.help import signals
from ent_module.help.model.moves import State
from ent_module.help.service import crip
from ent_module.privacy.tables import AuditLine
from ent_module.surveys import pdf
from tests.help.steps import MESSAGE, account, act, actions_of, row_of, seen, token_on, write
from tests.support.town import Town


def copy(town: Town, name: str, conversation: object, kind: str = "copy") -> Any:
    browser = town.browser(name)
    return browser.post(f"/staff/desk/{conversation}/{kind}", {"token": "x"})


def test_a_copy_is_word_for_word_dated_and_without_the_groups_notes(town: Town) -> None:
    written, petit = write(town, answer="here-named", message="Il ma tapé,\ndeux fois."), town.browser("petit")
    act(petit, str(written.id), "note", note="Secret du groupe.")
    act(petit, str(written.id), "answer", message="Merci.")
    page = copy(town, "petit", written.id)
    assert page.status_code == 200
    assert "Il ma tapé,\ndeux fois." in page.text
    words = seen(page)
    for said in ("Lina Morel, 6e B", "12 novembre 2026", "par Jeanne Petit", "Département : Nord.", "Merci."):
        assert said in words
    assert "Secret du groupe" not in words
    with town.house.database.reading() as db:
        lines = db.scalars(select(AuditLine).where(AuditLine.establishment_id == written.school)).all()
    exported = [line for line in lines if line.action == "message.exported"]
    assert [line.account_id for line in exported] == [account(town, "petit")]


def test_a_copy_for_a_request_of_access_holds_no_one_elses_words(town: Town) -> None:
    written, petit = write(town, answer="here-named", without=(account(town, "roux"),)), town.browser("petit")
    act(petit, str(written.id), "note", note="Secret du groupe.")
    act(petit, str(written.id), "answer", message="Réponse de Madame Petit.")
    others = ("Réponse de Madame Petit", "Secret du groupe", "par Jeanne Petit")
    whole = seen(copy(town, "petit", written.id))
    page = petit.post(f"/staff/desk/{written.id}/copy", {"token": "x", "own": "yes"})
    own = seen(page).partition("Copie pour une demande d’accès")[2]
    assert (MESSAGE in own, MESSAGE in whole) == (True, True)
    assert [said in own for said in others] == [False] * 3
    assert [said in whole for said in others] == [True, False, True]  # control: the copy for the authorities
    assert "Noircissez à la main" in seen(page)
    assert town.browser("roux").post(f"/staff/desk/{written.id}/copy", {"own": "yes"}).status_code == 404


def test_nobody_else_gets_a_copy(town: Town) -> None:
    written = write(town, without=(account(town, "roux"),))
    for name in ("roux", "paul", "nurse"):
        assert copy(town, name, written.id).status_code == 404
    for name in ("head", "lina", "clerk"):
        assert copy(town, name, written.id).status_code == 403


@pytest.mark.skipif(not pdf.is_installed(), reason="the extra pdf is not installed")
def test_the_same_as_a_pdf(town: Town) -> None:
    written = write(town)
    answer = copy(town, "petit", written.id, "copy.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{written.id}.pdf"'
    assert answer.data.startswith(b"%PDF-")
    assert len(answer.data) > 5_000


def test_the_sending_is_noted_without_content_at_any_time_by_anyone_who_reads(town: Town) -> None:
    written, petit, roux = write(town), town.browser("petit"), town.browser("roux")
    act(petit, str(written.id), "take")
    assert "sans accord préalable" in seen(roux.get(f"/staff/desk/{written.id}"))
    assert act(roux, str(written.id), "transmitted", way="").status_code == 422
    assert act(roux, str(written.id), "transmitted", way="3018").status_code == 400
    assert act(roux, str(written.id), "transmitted", way="prosecutor").status_code == 303
    row = row_of(town, written)
    assert (row.state, row.handled_by) == (State.IN_PROGRESS, account(town, "petit"))
    page = seen(petit.get(f"/staff/desk/{written.id}"))
    assert "Où : Signalement au procureur" in page
    assert "Transmis au service compétent" in page
    act(petit, str(written.id), "close")
    assert act(roux, str(written.id), "transmitted", way="crip").status_code == 303
    assert row_of(town, written).state == State.CLOSED


def test_the_page_says_honestly_where_a_crip_is_not_known(town: Town) -> None:
    page = seen(town.browser("petit").get(f"/staff/desk/{write(town).id}"))
    assert "Département : Nord." in page
    assert "n’ont pas été vérifiées ici. Le 119 peut vous orienter, jour et nuit." in page


@pytest.mark.parametrize(("uai", "name"), [
    ("0590001B", "Nord"), ("9740001A", "La Réunion"), ("6200001G", "Corse-du-Sud"), ("0010001A", "Ain"),
])  # fmt: skip
def test_the_departement_of_a_school_code(uai: str, name: str) -> None:
    found = crip.of_school(uai)
    assert found is not None
    assert found.department == name


def test_the_departements_are_all_there_and_none_is_made_up() -> None:
    assert crip.of_school("9990001A") is None
    assert len(crip._all()) == 101
    assert list(crip.check_content()) == []


@pytest.mark.parametrize(("entry", "said"), [
    ({"name": "Nord"}, "must have name and crip"),
    ({"name": "Nord", "crip": {"reached": "03", "source": "http://x", "checked": "hier"}}, "059: "),
    ({"name": "", "crip": None}, "must have name"),
])  # fmt: skip
def test_mistakes_of_the_table_are_told(entry: dict[str, Any], said: str) -> None:
    assert said in crip._wrong("059", entry)
    assert "three digits" in crip._wrong(59, entry)


# --- Becoming a case --------------------------------------------------------------------------------------------------


def test_without_a_room_for_cases_there_is_no_button(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    assert "En faire une situation suivie" not in petit.get(f"/staff/desk/{written.id}").text
    assert act(petit, str(written.id), "case").status_code == 409


def test_whoever_takes_cases_is_told_ids_alone(town: Town) -> None:
    told: list[dict[str, Any]] = []

    def take(_db: Any, **ids: Any) -> None:
        told.append(ids)

    written, petit = write(town), town.browser("petit")
    with signals.becomes_case.connected_to(take):
        assert "En faire une situation suivie" in petit.get(f"/staff/desk/{written.id}").text
        assert act(petit, str(written.id), "case").status_code == 303
    assert told == [{
        "establishment_id": written.school, "conversation_id": written.id, "account_id": account(town, "petit"),
    }]  # fmt: skip
    assert actions_of(town, written)[-1] == "case"
    assert token_on(petit.get(f"/staff/desk/{written.id}").text)


# --- The school's own contact -----------------------------------------------------------------------------------------

CONTACT = {"crip_name": "CRIP du Nord", "crip_phone": "03 59 73 00 00", "crip_address": "crip@nord.example"}
RHYTHM = "/staff/settings/rhythm"


def test_the_schools_own_crip_comes_before_the_table(town: Town) -> None:
    written, admin, petit = write(town), town.browser("admin"), town.browser("petit")
    assert admin.fill(RHYTHM, CONTACT, "morning").status_code == 303
    page = seen(petit.get(f"/staff/desk/{written.id}"))
    assert "CRIP du Nord : 03 59 73 00 00, crip@nord.example (saisi par l’établissement)." in page
    assert "n’ont pas été vérifiées" not in page
    assert "CRIP du Nord" not in seen(town.browser("paul").get(RHYTHM))
    assert admin.fill(RHYTHM, dict.fromkeys(CONTACT, ""), "morning").status_code == 303
    assert "CRIP du Nord" not in seen(petit.get(f"/staff/desk/{written.id}"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "phone": "03 59 73 00 00"}, "name"),
        ({"name": "CRIP"}, "phone"),
        ({"name": "CRIP", "phone": "119"}, "phone"),
        ({"name": "CRIP", "phone": "javascript:1", "address": "crip@nord.example"}, "phone"),
        ({"name": "CRIP", "address": "crip"}, "address"),
        ({"name": "C" * 101, "phone": "03 59 73 00 00"}, "name"),
    ],
)
def test_what_is_no_contact_is_not_kept(typed: dict[str, str], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}$"):
        crip.contact(typed)


def test_a_contact_of_which_one_way_is_known() -> None:
    assert crip.contact({"name": "CRIP", "address": "crip@nord.example"}) == crip.Contact(
        "CRIP", "", "crip@nord.example"
    )
    assert crip.contact({"name": " ", "phone": ""}) is None


def test_a_mistake_in_the_contact_keeps_what_was_typed(town: Town) -> None:
    answer = town.browser("admin").fill(RHYTHM, {**CONTACT, "crip_phone": "12"}, "morning")
    assert answer.status_code == 422
    assert "CRIP du Nord" in answer.text
    assert "dix chiffres" in answer.text
