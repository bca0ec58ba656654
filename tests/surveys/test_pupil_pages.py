import re
from html import unescape

import pytest

from ent_module.surveys import campaigns
from ent_module.surveys.tables import Campaign, Issuance, SealedBallot
from tests.support.town import ECOLE, OTHER, Town
from tests.surveys.campaign import CALM, Voter, rows, shut, start, started
from tests.surveys.pages import blinded_token, send, token

TILE = "Questionnaires pour toi"


def address(campaign: Campaign, more: str = "") -> str:
    return f"/surveys/{campaign.id}{more}"


def test_the_tile_is_there_only_while_something_is_open_for_the_class(town: Town) -> None:
    assert TILE not in town.browser("lina").get("/").text
    campaign = started(town, "6e B")
    assert TILE in town.browser("lina").get("/").text
    assert TILE not in town.browser("eva").get("/").text  # 5e A
    assert TILE not in town.browser("zoe").get("/").text
    assert TILE not in town.browser("karim").get("/").text
    shut(town, campaign)
    assert TILE not in town.browser("lina").get("/").text


def test_a_pupil_reads_what_happens_then_takes_a_token_and_sends_a_ballot(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    page = lina.get("/surveys").text
    assert "Le serveur note que tu as pris un questionnaire" in page
    assert f'href="/ent{address(campaign, "/questions")}"' in page
    form = lina.get(address(campaign, "/questions")).text
    assert "Je me sens en sécurité ici." in form
    assert "<form" in form
    assert 'method="post"' not in form[form.index('id="questions"') - 200 : form.index('id="questions"') + 900]
    signed = token(lina, campaign)
    assert (signed.status_code, len(signed.data)) == (200, 384)
    assert send(town, campaign, Voter.of(town, campaign).body(CALM)).status_code == 204
    after = lina.get(address(campaign, "/after")).text
    assert "Répondre n’alerte personne." in after
    assert after.index("tel:119") < after.index("tel:3114") < after.index("tel:3018")


def test_a_child_of_eight_gets_other_words_and_fewer_questions(town: Town) -> None:
    campaign, noe = started(town, "CE2", uai=ECOLE), town.browser("noe")
    page = unescape(noe.get("/surveys").text)
    main = page[page.index("<main") : page.index("</main")]
    sentences = [one for line in re.findall(r"<li>(.*?)</li>", main) for one in re.split(r"(?<=[.?])\s", line)]
    assert len(sentences) >= 8
    assert max(len(one.split()) for one in sentences) < 12
    form = noe.get(address(campaign, "/questions")).text
    assert "Je me sens en sécurité à l’école." in form
    assert "sexuel" not in form
    assert token(noe, campaign).status_code == 200


def test_words_for_older_pupils_are_short(town: Town) -> None:
    started(town, "6e B")
    page = unescape(town.browser("lina").get("/surveys").text)
    main = page[page.index("<main") : page.index("</main")]
    sentences = [one for line in re.findall(r"<li>(.*?)</li>", main) for one in re.split(r"(?<=[.?])\s", line)]
    assert len(sentences) >= 12
    assert max(len(one.split()) for one in sentences) <= 18
    assert "!" not in main.replace("<!", "")


def test_the_same_token_is_signed_again_and_another_is_not(town: Town) -> None:
    campaign, lina, mine = started(town, "6e B"), town.browser("lina"), blinded_token()
    for bad in (b"", b"\0" * 384, b"x" * 5_000):
        assert token(lina, campaign, bad).status_code == 400
    first = token(lina, campaign, mine)
    assert token(lina, campaign, mine).data == first.data
    assert token(lina, campaign).status_code == 409
    assert token(town.browser("lina"), campaign).status_code == 409


def test_a_token_wants_the_sessions_own_csrf_token(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    assert token(lina, campaign, csrf_token="").status_code == 400
    assert token(lina, campaign, csrf_token="x" * 40).status_code == 400
    with town.house.database.reading() as db:
        assert rows(db, Issuance) == 0


def test_nobody_can_say_on_a_page_who_has_sent(town: Town) -> None:
    """The pages of a pupil with a token are the same, before and after a ballot came."""
    campaign, lina = started(town, "6e B"), town.browser("lina")
    token(lina, campaign)

    def pages() -> list[str]:
        alba, head = town.browser("alba"), town.browser("head")
        found = [lina.get(address(campaign, end)).text for end in ("", "/questions", "/after")]
        found += [alba.get("/staff/surveys").text, head.get(f"/staff/surveys/campaigns/{campaign.id}").text]
        of_the_moment = ("csrf", "/leave/", "\u202fh")
        lines = [line for page in found for line in page.splitlines()]
        return [line for line in lines if not any(one in line for one in of_the_moment)]

    before = pages()
    for _ballot in range(4):  # a step is five
        assert send(town, campaign, Voter.of(town, campaign).body(CALM)).status_code == 204
    assert pages() == before


def test_where_ballots_arrive_our_cookie_is_refused(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    body = Voter.of(town, campaign).body(CALM)
    assert lina.session
    refused = send(town, campaign, body, cookie=lina.session.cookie)
    assert refused.status_code == 400
    assert send(town, campaign, body, cookie="", other="host=1").status_code == 204
    with town.house.database.reading() as db:
        assert rows(db, SealedBallot) == 1


def test_what_is_no_ballot_is_refused_and_what_comes_late_is_told(town: Town) -> None:
    campaign, there = started(town, "6e B"), started(town, "6e B", uai=OTHER)
    voter = Voter.of(town, campaign)
    for body in (b"", b"x" * 4_669, Voter.of(town, there).body(CALM)):
        assert send(town, campaign, body).status_code == 400
    body = voter.body(CALM)
    assert [send(town, campaign, body).status_code for _turn in range(2)] == [204, 204]
    assert send(town, campaign, voter.body({}, prepared=body[:108])).status_code == 409
    shut(town, campaign)
    assert send(town, campaign, voter.body(CALM)).status_code == 410


def test_the_list_of_keys_is_the_same_for_everyone(town: Town) -> None:
    campaign = started(town, "6e B")
    nobody = town.app.test_client()
    found = nobody.get(f"/ent-ballots/keys/{campaign.keys_digest}")
    assert (found.status_code, found.data) == (200, campaign.keys)
    assert "Set-Cookie" not in found.headers
    assert nobody.get(f"/ent-ballots/keys/{'0' * 64}").status_code == 404


def test_pupils_of_another_class_or_school_find_nothing(town: Town) -> None:
    campaign = started(town, "6e B")
    for browser in map(town.browser, ("eva", "zoe", "noe", "tom")):
        for page in ("", "/questions", "/after"):
            assert browser.get(address(campaign, page)).status_code == 404
        assert token(browser, campaign).status_code == 404
        assert "pas de questionnaire" in browser.get("/surveys").text
    with town.house.database.reading() as db:
        assert rows(db, Issuance) == 0


def test_nobody_but_pupils_answers(town: Town) -> None:
    """Parents and staff have questionnaires of their own (tests/surveys/test_adults.py): this one is not there."""
    campaign = started(town, "6e B")
    for browser in map(town.browser, ("karim", "alba", "petit", "head", "admin")):
        for page in ("", "/questions", "/after"):
            assert browser.get(address(campaign, page)).status_code == 404
        assert token(browser, campaign).status_code == 404
    assert token(town.browser("referent"), campaign).status_code == 403


def test_after_the_end_a_pupil_is_told_so(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    shut(town, campaign)
    for answer in (lina.get(address(campaign)), lina.get(address(campaign, "/questions"))):
        assert answer.status_code == 410
        assert "Ce questionnaire est clos" in answer.text
        assert "tel:119" in answer.text
    assert token(lina, campaign).status_code == 410


def test_without_its_keys_a_campaign_says_that_something_is_wrong(town: Town) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina")
    town.house.store.destroy(campaign.id)
    assert lina.get(address(campaign, "/questions")).status_code == 503
    assert token(lina, campaign).status_code == 503


def test_two_open_questionnaires_are_listed(town: Town) -> None:
    from ent_module.surveys.model import Questionnaire
    from tests.surveys.campaign import climate

    other = Questionnaire.from_data({**climate().data, "id": "other"})
    with town.house.database.writing() as db:
        start(town, db, "6e B")
        start(town, db, "6e B", asked=other)
    assert town.browser("lina").get("/surveys").text.count('class="tile"') == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Ce que deviennent tes réponses", "Envoyer mes réponses", "Merci. Ton questionnaire est arrivé.")),
        ("en", ("What becomes of your answers", "Send my answers", "Thank you. Your questionnaire has arrived.")),
        ("ar", ("ماذا يحدث لإجاباتك", "إرسال إجاباتي", "شكرًا. وصل استبيانك.")),
    ],
)
def test_each_page_exists_in_each_language(town: Town, language: str, words: tuple[str, str, str]) -> None:
    campaign, lina = started(town, "6e B"), town.browser("lina", language)
    assert words[0] in lina.get("/surveys").text
    form = lina.get(address(campaign, "/questions")).text
    assert words[1] in form
    assert words[2] in form
    assert {"fr": "Je passe", "en": "I skip this", "ar": "أتخطى"}[language] in form
    assert f'lang="{language}"' in lina.get(address(campaign, "/after")).text


def test_someone_elses_school_cannot_be_asked_for(town: Town) -> None:
    campaign = started(town, "6e A", uai=OTHER)
    assert town.browser("lina").get(address(campaign)).status_code == 404
    assert town.browser("zoe").get(address(campaign)).status_code == 200
    with town.house.database.reading() as db:
        assert campaigns.open_for(db, town.membership("lina").establishment_id, ["6e A"]) == []
