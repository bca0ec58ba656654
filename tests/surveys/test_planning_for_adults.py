"""A head plans what parents and staff are asked as what pupils are: a draft, a notice, a day, an end, results."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import update

from ent_module.database import utc
from ent_module.establishments.calendar import paris
from ent_module.languages import LANGUAGES
from ent_module.surveys import campaigns
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Answers, Questionnaire, State
from ent_module.surveys.parts import WHOLE_SCHOOL
from ent_module.surveys.plan import NOTICE, Notice, Told
from ent_module.surveys.service import closing, opening, planning
from ent_module.surveys.service.opening import open_due
from ent_module.surveys.tables import Campaign, CampaignClass, Issuance
from tests.support.town import COLLEGE, Town
from tests.surveys.campaign import LATER, Voter, fill, reread, rows, shut, started
from tests.surveys.pages import send, token
from tests.surveys.planned import END, FIRST, announce, announced, draft, opened_for_adults, plan, plan_for_adults

TODAY = paris(datetime.now(UTC)).date()
DAY = timedelta(days=1)
AT = "/staff/surveys/campaigns"
PARENTS, STAFF, PUPILS = "parents-climate", "staff-climate", "school-climate"
TILE = "Questionnaire pour vous"
ASKED = {PARENTS: "karim", STAFF: "clerk"}
SURE: dict[str, Answers] = {
    PARENTS: {"safe_school": ["agree"], "know_whom": ["agree"]},
    STAFF: {"team_mood": ["agree"]},
}


def form(name: str, **changed: str) -> dict[str, str]:
    days = {"opens_on": (TODAY + NOTICE).isoformat(), "closes_on": (TODAY + 2 * NOTICE).isoformat()}
    return {**days, "questionnaire": name, "invited": "240", "readers": "head", **changed}


def words(page: str) -> str:
    """What stands in the main part of a page, in one line; every space is a plain one."""
    main = page[page.index("<main") : page.index("</main")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def fields(page: str) -> set[str]:
    """What can be seen of the form of a draft."""
    return set(re.findall(r'<(?:input|textarea)(?! type="hidden")[^>]* name="(\w+)"', page[page.index("<main") :]))


def drafted(town: Town, name: str, **changed: str) -> str:
    """The address of the head's new draft, without `/planned`."""
    answer = town.browser("head").fill(f"{AT}/new?questionnaire={name}", form(name, **changed), "opens_on")
    assert answer.status_code == 303
    return answer.headers["Location"].removeprefix("/ent").removesuffix("/planned")


def only(town: Town) -> Campaign:
    with town.house.database.reading() as db:
        (campaign,) = campaigns.campaigns(db, town.schools[COLLEGE])
    return campaign


def moved(town: Town, days: int) -> Campaign:
    """The only campaign, as if all had been so many days earlier."""
    one, earlier = only(town), timedelta(days=days)
    with town.house.database.writing() as db:
        db.execute(
            update(Campaign)
            .where(Campaign.establishment_id == one.establishment_id, Campaign.id == one.id)
            .values(opened_on=one.opened_on - earlier, closes_on=one.closes_on - earlier)
        )
    return reread(town, one)


def tick(town: Town, day: object = TODAY) -> None:
    """What the tick opens on that day, by noon."""
    open_due(town.house, datetime.fromisoformat(f"{day}T12:00:00+00:00"))


def test_the_questionnaire_comes_first_and_the_form_asks_what_it_needs(town: Town) -> None:
    head = town.browser("head")
    page = head.get(f"{AT}/new")
    for said in ("Pour les élèves", "Pour les parents", "Pour le personnel", "Travailler ici"):
        assert said in words(page.text)
    for name in (PARENTS, STAFF, PUPILS):
        assert f"{AT}/new?questionnaire={name}" in page.text
    days = {"opens_on", "closes_on", "readers"}
    assert fields(head.get(f"{AT}/new?questionnaire={PUPILS}").text) == days | {"classes", "place"}
    for name in (PARENTS, STAFF):
        assert fields(head.get(f"{AT}/new?questionnaire={name}").text) == days | {"invited"}
    assert words(head.get(f"{AT}/new?questionnaire=unknown").text) == words(page.text)


def test_another_questionnaire_asks_for_something_else_and_nothing_typed_is_lost(town: Town) -> None:
    head, new = town.browser("head"), f"{AT}/new?questionnaire={PUPILS}"
    typed = {"classes": "6e B ; 26\r\n5e A ; 24", "place": "shared", "readers": "adults", "closes_on": "2026-01-01"}
    taken = head.fill(new, {**typed, "take": "yes", "other": PARENTS}, "opens_on")
    assert taken.status_code == 200
    assert fields(taken.text) == {"opens_on", "closes_on", "readers", "invited"}
    assert 'value="adults" checked' in taken.text
    assert "6e B ; 26\r\n5e A ; 24" in taken.text
    back = head.post(new, {**form(PARENTS), **typed, "take": "yes", "other": PUPILS})
    assert "6e B ; 26" in back.text
    assert 'value="shared" checked' in back.text
    assert 'name="invited" value="240"' in back.text
    with town.house.database.reading() as db:
        assert rows(db, Campaign) == 0


def test_a_draft_changes_from_one_audience_to_the_other(town: Town) -> None:
    one, head = drafted(town, PARENTS), town.browser("head")
    assert 'name="invited" type="number" value="240"' in head.get(f"{one}/draft").text
    page = head.fill(f"{one}/draft", {"take": "yes", "other": PUPILS}, "opens_on")
    assert fields(page.text) >= {"classes", "place"}
    for_pupils = form(PUPILS, classes="6e B ; 26", place="class")
    assert head.fill(f"{one}/draft", for_pupils, "opens_on").status_code == 303
    assert "1 classe, 26 élèves" in words(head.get(f"{one}/planned").text)
    assert head.fill(f"{one}/draft", form(STAFF, invited="41"), "opens_on").status_code == 303
    page_of_staff = words(head.get(f"{one}/planned").text)
    assert "41 personnes qui travaillent ici" in page_of_staff
    assert "Les niveaux des classes" not in page_of_staff
    assert head.fill(f"{one}/draft", form(STAFF, invited="9"), "opens_on").status_code == 422


@pytest.mark.parametrize("name", [PARENTS, STAFF])
def test_what_is_wrong_is_said_and_what_was_typed_stays(town: Town, name: str) -> None:
    head, new = town.browser("head"), f"{AT}/new?questionnaire={name}"
    wrong = head.fill(new, form(name, invited="3", closes_on="x"), "opens_on")
    assert wrong.status_code == 422
    assert "de 10 à 9999" in words(wrong.text)
    assert 'value="3"' in wrong.text
    assert "Choisir un dernier jour" in wrong.text
    assert "classe" not in words(wrong.text).lower().replace("classeur", "")


@pytest.mark.parametrize(("name", "soonest"), [(PARENTS, 10), (STAFF, 1)])
def test_they_know_before_as_long_as_each_needs(town: Town, name: str, soonest: int) -> None:
    head = town.browser("head")
    one = drafted(town, name, opens_on=(TODAY + timedelta(days=soonest) - DAY).isoformat())
    wrong = head.fill(f"{one}/planned", {"told": "notice"}, "told")
    assert wrong.status_code == 422
    assert "l’enquête ouvre le" in words(wrong.text)
    assert "familles" not in words(wrong.text)
    late = head.fill(f"{one}/planned", {"told": "paper", "told_on": TODAY.isoformat()}, "told")
    assert late.status_code == 422
    assert "ont été prévenus" in words(late.text) or "a été prévenu" in words(late.text)
    head.fill(f"{one}/draft", {"opens_on": (TODAY + timedelta(days=soonest)).isoformat()}, "opens_on")
    assert head.fill(f"{one}/planned", {"told": "notice"}, "told").status_code == 303
    assert only(town).state == State.ANNOUNCED


@pytest.mark.parametrize("name", [PARENTS, STAFF])
def test_from_the_draft_to_the_results(town: Town, name: str) -> None:
    """Everything by the pages, but for the votes of those who are not of the cast."""
    head, mine = town.browser("head"), town.browser(ASKED[name])
    one = drafted(town, name)
    assert "240 p" in words(head.get(f"{one}/planned").text)
    assert head.get(f"{one}/keys").status_code == 200  # two shares, as for pupils
    assert head.fill(f"{one}/planned", {}, "told").status_code == 303
    campaign = moved(town, NOTICE.days - 1)  # tomorrow
    assert "Elle ouvre d’elle-même" in words(head.get(f"{one}/planned").text)
    tick(town)
    assert TILE not in mine.get("/").text
    for rest in ("", "/questions", "/after"):
        assert mine.get(f"/surveys/{campaign.id}{rest}").status_code == 404
    assert token(mine, campaign).status_code == 404
    campaign = moved(town, 1)
    tick(town)
    assert reread(town, campaign).state == State.OPEN
    assert TILE in mine.get("/").text
    before = words(mine.get("/surveys").text)
    assert "Nombre d’invités, le même pour tous : 240." in before
    assert " ".join(re.findall("....", campaign.keys_digest[:32])) in before  # as on the notice
    assert mine.get(f"/surveys/{campaign.id}/questions").status_code == 200
    assert token(mine, campaign).status_code == 200
    assert send(town, campaign, Voter.of(town, campaign).body(SURE[name])).status_code == 204
    fill(town, campaign, {WHOLE_SCHOOL[questionnaires()[name].audience]: [SURE[name]] * 19})
    assert re.search("240 (invités|personnes invitées)", words(head.get(one).text))
    assert head.get(f"{one}/closing").status_code == 303  # not before its day
    assert "Elle se clôt" in words(head.get(one).text)
    refused = head.post(f"{one}/closing")
    assert refused.status_code == 400
    assert reread(town, campaign).state == State.OPEN
    campaign = moved(town, NOTICE.days)
    assert head.fill(f"{one}/closing", {}, "/closing").status_code == 303
    assert TILE not in mine.get("/").text
    ended_at = reread(town, campaign).ended_at
    assert ended_at
    closing.finish(town.house, utc(ended_at) + LATER)
    page = words(head.get(one).text)
    assert "20 questionnaires au moins sont arrivés" in page
    assert "240" in page
    assert re.search("des parents|des adultes d’ici", page)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            PARENTS,
            {
                "fr": ("Une enquête auprès des parents", "Vous pouvez ne pas répondre", "119"),
                "en": ("A survey among parents", "You may leave it unanswered", "119"),
                "ar": ("استبيان بين أولياء الأمور", "يمكنكم ألا تجيبوا", "119"),
            },
        ),
        (
            STAFF,
            {
                "fr": ("Une enquête auprès du personnel", "Vous pouvez ne pas répondre", "fonction"),
                "en": ("A survey among staff", "You may leave it unanswered", "your job"),
                "ar": ("استبيان بين العاملين", "يمكنكم ألا تجيبوا", "وظيفتكم"),
            },
        ),
    ],
)
def test_the_notice_speaks_to_those_who_are_asked(town: Town, name: str, said: dict[str, Sequence[str]]) -> None:
    campaign = announced(town, plan_for_adults(name, opens_on=TODAY + NOTICE, closes_on=TODAY + 2 * NOTICE), TODAY)
    page = town.browser("head").get(f"{AT}/{campaign.id}/notice").text
    sheets = re.findall(r'<section class="notice-sheet" lang="(..)" dir="(...)">(.*?)</section>', page, re.DOTALL)
    assert [code for code, _dir, _text in sheets] == list(LANGUAGES)
    digest = " ".join(re.findall("....", campaign.keys_digest[:32]))
    for code, _direction, text in sheets:
        for part in (*said[code], digest, "Collège Simone-Veil", "240"):
            assert part in unescape(text), (code, part)
        assert "=" not in re.sub(r"<[^>]*>", "", text)  # not « =parents »
        for wrong in ("votre enfant aussi", "Classes :", "your child may", "élèves répondent"):
            assert wrong not in unescape(text)


def test_opening_once_gives_all_adults_their_place_and_no_class_of_pupils(town: Town) -> None:
    """By the tick alone: nobody starts them. A class of pupils that waits for its teacher goes on waiting."""
    staff, classes = opened_for_adults(town, STAFF), announced(town, plan())
    tick(town, FIRST)
    with town.house.database.reading() as db:
        places = {row.class_code: row.place for one in (staff, classes) for row in campaigns.audience(db, one)}
    assert places == {"=staff": "shared", "4e C": None, "5e A": None, "6e B": None}
    assert reread(town, classes).state == State.OPEN


def test_their_keys_name_one_cohort_with_how_many_are_invited(town: Town) -> None:
    campaign = opened_for_adults(town, PARENTS, invited=57)
    (cohort,) = campaigns.cohorts_of(campaign)
    assert (cohort.levels, cohort.enrolled) == ((), 57)
    with town.house.database.reading() as db:
        (row,) = campaigns.audience(db, campaign)
    assert (row.cohort_id, row.level) == (cohort.id, "other")


def test_there_may_be_several_a_year_one_after_the_other(town: Town) -> None:
    first = opened_for_adults(town, STAFF)
    with town.house.database.writing() as db:
        second = draft(town, db, plan_for_adults(STAFF, opens_on=END + NOTICE, closes_on=END + 2 * NOTICE))
        with pytest.raises(planning.RunningError):
            announce(town, db, second)
    assert second.number == 2
    shut(town, first)
    with town.house.database.writing() as db:
        announce(town, db, second, END)
    assert reread(town, second).state == State.ANNOUNCED


def test_two_surveys_of_pupils_do_not_count_for_adults(town: Town) -> None:
    """The head is asked nothing about a third one."""
    for name in (PUPILS, "boarding"):
        with town.house.database.writing() as db:
            announce(town, db, draft(town, db, plan(questionnaire=questionnaires()[name])))
    one = drafted(town, STAFF)
    assert "troisième" not in words(town.browser("head").get(f"{one}/planned").text)


def test_a_questionnaire_that_asks_others_by_now_is_not_announced_to_the_old_ones(town: Town) -> None:
    other = Questionnaire.from_data({**questionnaires()[STAFF].data, "audience": "parents", "version": 9})
    with town.house.database.writing() as db:
        one, head = draft(town, db, plan_for_adults(STAFF)), town.membership("head").account_id
        told = Notice(Told.NOTICE, FIRST - NOTICE)
        with pytest.raises(opening.OtherAudienceError):
            planning.announce(db, town.house.store, one.establishment_id, one.id, other, told, head, FIRST - NOTICE)
    assert reread(town, one).state == State.DRAFT


def test_a_level_above_proposes_it_and_a_head_takes_it_over_with_a_number(town: Town) -> None:
    days = {"opens_on": (TODAY + 2 * NOTICE).isoformat(), "closes_on": (TODAY + 3 * NOTICE).isoformat()}
    referent, head = town.browser("referent"), town.browser("head")
    assert referent.fill("/staff/surveys/proposals", {**days, "questionnaire": PARENTS}, "opens_on").status_code == 303
    found = re.search(r"/ent(/staff/\S+/new\?proposal=[0-9a-f-]{36})", head.get(AT).text)
    assert found
    assert fields(head.get(found[1]).text) == {"opens_on", "closes_on", "readers", "invited"}
    assert head.fill(found[1], {"invited": "180"}, "opens_on").status_code == 303
    one = only(town)
    assert (one.questionnaire, one.proposal_id is not None) == (PARENTS, True)
    assert re.search(r"Reprise en brouillon</th><td>1</td>", referent.get("/staff/surveys/proposals").text)


def test_the_first_day_that_the_forms_propose_is_a_school_day(town: Town) -> None:
    """Not a Wednesday, a Sunday or a day of holidays; a proposal that begins on one is taken over from the next on."""
    head, referent = town.browser("head"), town.browser("referent")
    for page in (
        *(head.get(f"{AT}/new?questionnaire={name}") for name in (PUPILS, PARENTS, STAFF)),
        referent.get("/staff/surveys/proposals"),
    ):
        found = re.search(r'name="opens_on" type="date" value="([0-9-]{10})"', page.text)
        assert found
        day = datetime.fromisoformat(found[1]).date()
        assert day.weekday() in {0, 1, 3, 4}
        assert day > TODAY
    sunday = TODAY + timedelta(days=27 - TODAY.weekday())
    days = {"opens_on": sunday.isoformat(), "closes_on": (sunday + timedelta(days=50)).isoformat()}
    referent.fill("/staff/surveys/proposals", {**days, "questionnaire": STAFF}, "opens_on")
    taken = re.search(r"/ent(/staff/\S+/new\?proposal=[0-9a-f-]{36})", head.get(AT).text)
    assert taken
    form_of_it = head.get(taken[1]).text
    assert f'name="opens_on" type="date" value="{sunday}"' not in form_of_it or sunday.month in {7, 8}
    assert f'name="closes_on" type="date" value="{days["closes_on"]}"' in form_of_it


@pytest.mark.parametrize("who", ["alba", "admin", "petit", "clerk", "lina", "karim", "referent"])
def test_only_the_head_plans_for_adults(town: Town, who: str) -> None:
    browser = town.browser(who)
    for page in (f"{AT}/new", f"{AT}/new?questionnaire={STAFF}"):
        assert browser.get(page).status_code == 403
    assert browser.post(f"{AT}/new", form(STAFF)).status_code == 403
    with town.house.database.reading() as db:
        assert (rows(db, Campaign), rows(db, Issuance)) == (0, 0)


def test_a_class_that_is_called_as_all_parents_is_not_listed(town: Town) -> None:
    """Else parents would be asked what pupils are: control, with a row that no form lets in."""
    head, new = town.browser("head"), f"{AT}/new?questionnaire={PUPILS}"
    wrong = head.fill(new, form(PUPILS, classes="6e B ; 26\n=parents ; 20", place="home"), "opens_on")
    assert wrong.status_code == 422
    assert "À corriger, ligne 2." in wrong.text
    campaign, karim = started(town, "6e B"), town.browser("karim")
    assert karim.get(f"/surveys/{campaign.id}").status_code == 404
    with town.house.database.writing() as db:
        db.execute(
            update(CampaignClass)
            .where(CampaignClass.establishment_id == campaign.establishment_id)
            .values(class_code="=parents")
        )
    assert karim.get(f"/surveys/{campaign.id}").status_code == 200
