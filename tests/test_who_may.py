"""Who may use which page, written down apart from the program: every rule × every role × own school, other, signed out.

A page that is not in this table fails the suite, and so does a line that no page bears out.
"""

from uuid import uuid4

import pytest

from tests.support.database import everything
from tests.support.life import Life
from tests.support.town import Town
from tests.test_every_endpoint import address_of

PUPILS = {"lina", "noe", "tom"}
PARENTS = {"karim"}
FAMILIES = PUPILS | PARENTS
TEACHERS = {"alba", "roux"}
HEADS = {"head"}
ADMINS = {"admin"}
LISTENERS = {"petit", "roux", "ines", "referent", "circo1"}
DESK = LISTENERS | {"nurse"}
STAFF = {"petit", "ines", "nurse", "clerk", "admin"}
OUTSIDE = {"referent", "circo1"}
ADULTS = TEACHERS | HEADS | STAFF | OUTSIDE
VISITORS = {"unsaid"}
ANSWERING = FAMILIES | TEACHERS | HEADS | STAFF
SIGNED_IN = FAMILIES | ADULTS | VISITORS
EVERYONE = SIGNED_IN | {""}

MAY: dict[str, set[str]] = {
    "ent_home.home": EVERYONE,
    "ent_home.me": SIGNED_IN,
    "ent_home.work_in": SIGNED_IN,
    "ent_web.accessibility": EVERYONE,
    "ent_web.healthz": EVERYONE,
    "ent_web.language": EVERYONE,
    "ent_web.leave": EVERYONE,
    "ent_web.leave_frame": EVERYONE,
    "ent_web.legal": EVERYONE,
    "ent_web.personal_data": EVERYONE,
    "ent_web.readyz": EVERYONE,
    "ent_web.site_map": EVERYONE,
    "ent_web.static": EVERYONE,
    "ent_web.using": EVERYONE,
    "ent_web.new_tab": SIGNED_IN,
    "ent_web.open_tab": EVERYONE,
    "ent_nothing.here": EVERYONE,
    "ent_nothing.home": EVERYONE,
    "ent_lti.config": EVERYONE,
    "ent_lti.jwks": EVERYONE,
    "ent_lti.login": EVERYONE,
    "ent_lti.launch": EVERYONE,
    "ent_lti.again": EVERYONE,
    "ent_sign_in.start": EVERYONE,
    "ent_sign_in.callback": EVERYONE,
    "ent_sign_in.back_channel": EVERYONE,
    "ent_sign_in.sign_out": EVERYONE,
    "ent_resources.sheets": FAMILIES,
    "ent_resources.sheet": FAMILIES,
    "ent_resources_staff.sheets": ADULTS,
    "ent_resources_staff.sheet": ADULTS,
    "ent_surveys.surveys": ANSWERING,
    "ent_surveys.secret": FAMILIES,
    "ent_surveys.before": ANSWERING,
    "ent_surveys.questions": ANSWERING,
    "ent_surveys.token": ANSWERING,
    "ent_surveys.after": ANSWERING,
    "ent_surveys_ballots.keys": EVERYONE,
    "ent_surveys_ballots.take": EVERYONE,
    "ent_surveys_ballots.begun": EVERYONE,
    "ent_surveys_ballots.card": EVERYONE,
    "ent_surveys_ballots.card_questions": EVERYONE,
    "ent_surveys_ballots.card_send": EVERYONE,
    "ent_surveys_staff.secret": ADULTS,
    "ent_surveys_staff.classes": TEACHERS | HEADS,
    "ent_surveys_staff.prepare": TEACHERS | HEADS,
    "ent_surveys_staff.open": TEACHERS | HEADS,
    "ent_surveys_staff.begin": TEACHERS | HEADS,
    "ent_surveys_staff.let_in": TEACHERS | HEADS,
    "ent_surveys_staff.sheet": TEACHERS | HEADS,
    "ent_surveys_staff.ask_cards": TEACHERS | HEADS,
    "ent_surveys_staff.card_classes": ADULTS,
    "ent_surveys_staff.confirm_cards": ADULTS,
    "ent_surveys_staff.withdraw_cards": ADULTS,
    "ent_surveys_staff.print_half": ADULTS,
    "ent_surveys_staff.campaigns": HEADS,
    "ent_surveys_staff.proposals": {"referent"},
    "ent_surveys_staff.propose": {"referent"},
    "ent_surveys_staff.withdraw": {"referent"},
    "ent_surveys_staff.new_campaign": HEADS,
    "ent_surveys_staff.draft_campaign": HEADS,
    "ent_surveys_staff.edit_campaign": HEADS,
    "ent_surveys_staff.change_campaign": HEADS,
    "ent_surveys_staff.set_levels": HEADS,
    "ent_surveys_staff.discard": HEADS,
    "ent_surveys_staff.planned": HEADS,
    "ent_surveys_staff.announce": HEADS,
    "ent_surveys_staff.notice": HEADS,
    "ent_surveys_staff.call_off": HEADS,
    "ent_surveys_staff.shared": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.campaign": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.report": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.report_pdf": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.numbers": HEADS,
    "ent_surveys_staff.beside": HEADS,
    "ent_surveys_staff.discuss": TEACHERS | HEADS,
    "ent_surveys_staff.confirm": HEADS,
    "ent_surveys_staff.close": HEADS,
    "ent_surveys_staff.custody": HEADS,
    "ent_surveys_staff.entrust": HEADS,
    "ent_surveys_staff.rehearse": HEADS,
    "ent_surveys_staff.try_shares": HEADS,
    "ent_surveys_staff.unlock": HEADS,
    "ent_surveys_staff.count": HEADS,
    "ent_surveys_staff.shred": HEADS,
    "ent_surveys_staff.sensitive_questions": HEADS,
    "ent_surveys_staff.decide_sensitive": HEADS,
    "ent_surveys_staff.text_questions": HEADS,
    "ent_surveys_staff.decide_texts": HEADS,
    "ent_surveys_staff.texts": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.text": HEADS,
    "ent_surveys_staff.remove_text": HEADS,
    "ent_surveys_staff.questionnaires": ADMINS,
    "ent_surveys_staff.to_read": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.questionnaire": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.asked": TEACHERS | HEADS | STAFF,
    "ent_surveys_staff.accord": HEADS,
    "ent_surveys_staff.decide_accord": HEADS,
    "ent_surveys_staff.questionnaire_file": ADMINS,
    "ent_surveys_staff.upload_questionnaire": ADMINS,
    "ent_surveys_staff.keep_questionnaire": ADMINS,
    "ent_surveys_staff.remove_questionnaire": ADMINS,
    "ent_surveys_staff.compose_from": ADMINS,
    "ent_surveys_staff.new_draft": ADMINS,
    "ent_surveys_staff.draft": ADMINS,
    "ent_surveys_staff.draft_title": ADMINS,
    "ent_surveys_staff.draft_preview": ADMINS,
    "ent_surveys_staff.keep_draft": ADMINS,
    "ent_surveys_staff.remove_draft": ADMINS,
    "ent_surveys_staff.draft_bank": ADMINS,
    "ent_surveys_staff.draft_translation": ADMINS,
    "ent_surveys_staff.new_page": ADMINS,
    "ent_surveys_staff.draft_page": ADMINS,
    "ent_surveys_staff.move_page": ADMINS,
    "ent_surveys_staff.remove_page": ADMINS,
    "ent_surveys_staff.new_question": ADMINS,
    "ent_surveys_staff.draft_question": ADMINS,
    "ent_surveys_staff.move_question": ADMINS,
    "ent_surveys_staff.remove_question": ADMINS,
    "ent_lessons_staff.lessons": TEACHERS | HEADS | STAFF,
    "ent_lessons_staff.lesson": TEACHERS | HEADS | STAFF,
    "ent_lessons_staff.show": TEACHERS | HEADS | STAFF,
    "ent_lessons_staff.notes": TEACHERS | HEADS | STAFF,
    "ent_lessons_staff.log": TEACHERS | HEADS | STAFF,
    "ent_lessons_staff.given": TEACHERS | HEADS | STAFF,
    "ent_lessons_staff.remove": TEACHERS | HEADS | STAFF,
    "ent_help.write": FAMILIES,
    "ent_help.visit": FAMILIES,
    "ent_help.steps": FAMILIES,
    "ent_help.come_back": FAMILIES,
    "ent_help.reply": FAMILIES,
    "ent_help_staff.inbox": DESK,
    "ent_help_staff.code": DESK,
    "ent_help_staff.new_device": DESK,
    "ent_help_staff.stop_device": DESK,
    "ent_help_staff.find": DESK,
    "ent_help_staff.agenda": DESK,
    "ent_help_staff.kept": DESK,
    "ent_help_staff.meeting": DESK,
    "ent_help_staff.hand_on": DESK,
    "ent_help_staff.models": DESK,
    "ent_help_staff.thread": DESK,
    "ent_help_staff.link": DESK,
    "ent_help_staff.meet": DESK,
    "ent_help_staff.slip": DESK,
    "ent_help_staff.calendar": DESK,
    "ent_help_staff.export": DESK,
    "ent_help_staff.export_pdf": DESK,
    "ent_help_staff.act": DESK,
    "ent_help.give_name": FAMILIES,
    "ent_help.ask_erasure": FAMILIES,
    "ent_help.helped": FAMILIES,
    "ent_help.when": FAMILIES,
    "ent_help_staff.concern": ADULTS,
    "ent_help_staff.poster": ADULTS,
    "ent_help_staff.intake": LISTENERS,
    "ent_help_staff.intake_for": LISTENERS,
    "ent_help_staff.situation": HEADS,
    "ent_help_staff.mine": DESK,
    "ent_help_staff.days": DESK,
    "ent_help_staff.away": DESK,
    "ent_help_staff.address": DESK,
    "ent_help_staff.check": DESK,
    "ent_help_staff.rhythm": ADMINS,
    "ent_setup_staff.overview": HEADS | ADMINS,
    "ent_setup_staff.cards": ADMINS,
    "ent_setup_staff.card": ADMINS,
    "ent_setup_staff.new_card": ADMINS,
    "ent_setup_staff.move_card": ADMINS,
    "ent_setup_staff.remove_card": ADMINS,
    "ent_setup_staff.hours": ADMINS,
    "ent_setup_staff.words": ADMINS,
    "ent_setup_staff.delay": ADMINS,
    "ent_setup_staff.discard": ADMINS,
    "ent_setup_staff.publish": ADMINS,
    "ent_setup_staff.numbers": HEADS | ADMINS,
    "ent_setup_staff.channel": HEADS | ADMINS,
    "ent_setup_staff.open_channel": ADMINS,
    "ent_setup_staff.confirm_group": HEADS | ADMINS,
    "ent_setup_staff.close_channel": ADMINS,
    "ent_setup_staff.members": HEADS | ADMINS | LISTENERS,
    "ent_setup_staff.admins": HEADS | ADMINS | LISTENERS,
    "ent_setup_staff.empty_followed": ADMINS,
    "ent_setup_staff.device": HEADS | ADMINS | LISTENERS,
    "ent_setup_staff.propose": HEADS | ADMINS,
    "ent_setup_staff.act": HEADS | ADMINS | LISTENERS,
    "ent_setup_staff.leave": ADMINS | LISTENERS,
}


def _paths(town: Town) -> list[tuple[str, str, str]]:
    """Endpoint, method and an address of it that names objects which do not exist."""
    return [
        (rule.endpoint, method, address_of(town, rule, method))
        for rule in town.app.url_map.iter_rules()
        if rule.rule.startswith("/ent")
        for method in sorted({"GET", "POST"} & (rule.methods or set()))
    ]


def test_the_table_names_every_page_and_no_other(town: Town) -> None:
    assert set(MAY) == set(town.house.declared)


@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_each_person_reaches_what_the_table_says_and_nothing_else(town: Town, who: str) -> None:
    refused = {401} if not who else {403}
    browser = town.browser(who or None)
    for endpoint, method, path in _paths(town):
        if endpoint in {"ent_web.leave", "ent_web.leave_frame"}:
            continue  # it would end the session; its own test is in tests/web
        forged = {"csrf_token": "forged"}
        status = (browser.get(path) if method == "GET" else browser.post(path, forged)).status_code
        if who in MAY[endpoint]:
            # an admin leaves the admins, not the listening group that the address here names
            own = {403} if endpoint == "ent_setup_staff.leave" else set()
            assert status not in {401, 403, 500} - own, (who, endpoint, method, status)
        else:
            assert status in refused, (who, endpoint, method, status)


_KEYS = ("keys", "trial", "opening")
"""What a head decides about the key of a campaign."""


def _objects(life: Life) -> list[tuple[str, str]]:
    """Method and address of everything that belongs to somebody at the collège."""
    desk, seat, card = f"/staff/desk/{life.conversation}", f"/staff/settings/members/{life.seat}", life.card
    actions: tuple[str, ...] = (
        "take",
        "answer",
        "note",
        "hand_over",
        "urgent",
        "not_urgent",
        "step_aside",
        "close",
        "reopen",
    )
    actions += ("concerned", "transmitted", "to_lane", "shared", "case", "insert", "erase")
    return [
        ("GET", desk),
        *((method, f"{desk}/link") for method in ("GET", "POST")),
        *((method, f"{desk}/day") for method in ("GET", "POST")),
        *(("POST", f"{desk}/{copy}") for copy in ("copy", "copy.pdf", "slip", "calendar")),
        ("GET", f"{desk}/take"),
        *(("POST", f"{desk}/{action}") for action in actions),
        *(("POST", f"{seat}/{action}") for action in ("confirm", "refuse", "end", "confirm-end", "keep")),
        *(("POST", f"/staff/settings/members/device/{life.member}/{action}") for action in ("allow", "stop")),
        ("GET", f"/staff/settings/cards/{card}"),
        *(("POST", f"/staff/settings/cards/{card}{rest}") for rest in ("", "/move", "/remove")),
        *(("GET", f"/surveys/{life.campaign}{rest}") for rest in ("", "/questions", "/after")),
        ("POST", f"/surveys/{life.campaign}/token"),
        *(("POST", f"/staff/surveys/{life.campaign}/{action}") for action in ("begin", "let-in")),
        ("POST", f"/staff/surveys/{life.campaign}/cards"),
        ("POST", f"/staff/surveys/{life.campaign}/cards/class"),
        *(("POST", f"/staff/surveys/cards/{life.request}/{action}") for action in ("confirm", "withdraw", "half")),
        ("GET", f"/staff/surveys/campaigns/{life.campaign}"),
        *(
            ("GET", f"/staff/surveys/campaigns/{life.campaign}{rest}")
            for rest in ("/report", "/report.pdf", "/numbers.zip", "/together", "/beside")
        ),
        *(("GET", f"/staff/surveys/campaigns/{life.closed}/texts{rest}") for rest in ("", f"/{life.text}")),
        ("POST", f"/staff/surveys/campaigns/{life.closed}/texts/{life.text}"),
        ("GET", f"/staff/surveys/campaigns/{life.campaign}/closing"),
        ("POST", f"/staff/surveys/campaigns/{life.campaign}/closing"),
        *((method, f"/staff/surveys/campaigns/{life.planned}/draft") for method in ("GET", "POST")),
        *((method, f"/staff/surveys/campaigns/{life.planned}/planned") for method in ("GET", "POST")),
        *(("POST", f"/staff/surveys/campaigns/{life.planned}/{action}") for action in ("levels", "discard")),
        ("GET", f"/staff/surveys/campaigns/{life.announced}/notice"),
        ("POST", f"/staff/surveys/campaigns/{life.announced}/call-off"),
        ("POST", f"/staff/surveys/proposals/{life.proposal}/withdraw"),
        *((method, f"/staff/surveys/campaigns/{life.planned}/{page}") for method in ("GET", "POST") for page in _KEYS),
        ("POST", f"/staff/surveys/campaigns/{life.campaign}/paper"),
        ("POST", f"/staff/given/{life.given}/remove"),
        *(("GET", f"/staff/surveys/questionnaires/{life.questionnaire}{rest}") for rest in ("", "/file")),
        ("GET", f"/staff/surveys/questionnaires/{life.questionnaire}/accord"),
        *(
            ("POST", f"/staff/surveys/questionnaires/{life.questionnaire}{rest}")
            for rest in ("/remove", "/compose", "/accord")
        ),
        ("GET", f"/staff/surveys/campaigns/{life.planned}/asked"),
        *_of_the_draft(f"/staff/surveys/questionnaires/drafts/{life.draft}"),
    ]


def _of_the_draft(draft: str) -> list[tuple[str, str]]:
    """Method and address of everything that belongs to a draft, whose parts are not asked for once it is not there."""
    both = ("/title", "/bank", "/translations/ar", "/pages", "/pages/x", "/questions", "/questions/x")
    moved = ("/pages/x/move", "/pages/x/remove", "/questions/x/move", "/questions/x/remove")
    return [
        *(("GET", f"{draft}{rest}") for rest in ("", "/preview", *both)),
        *(("POST", f"{draft}{rest}") for rest in ("/keep", "/remove", *both, *moved)),
    ]


OWNED = {"conversation_id", "campaign_id", "seat_id", "session_id", "card_id", "digest", "draft_id", "request_id"} | {
    "account_id",
    "proposal_id",
    "text_id",
}
"""What an address names that belongs to somebody."""
COMMON = {
    "action",
    "address",
    "anything",
    "establishment_id",  # a school of those one listens to: tests/help/test_doors.py
    "name",
    "number",
    "path",
    "portal_id",
    "revision",
    "team",
    "token",
    "fingerprint",
}
OF_NOBODY = {"ent_surveys_ballots.take", "ent_surveys_ballots.begun"}
"""Nobody is signed in there: a token entitles (tests/surveys/test_ballots.py), or all are told the same
(tests/surveys/test_barrier_pages.py)."""


def test_every_address_of_something_owned_is_tried_below(town: Town, life: Life) -> None:
    rules = [rule for rule in town.app.url_map.iter_rules() if rule.endpoint not in OF_NOBODY]
    assert {name for rule in rules for name in rule.arguments} <= OWNED | COMMON, "is it somebody's?"
    matched = town.app.url_map.bind("ent.example")
    tried = {(matched.match(f"/ent{path}", method=method)[0], method) for method, path in _objects(life)}
    for rule in rules:
        if rule.arguments & OWNED:
            assert {(rule.endpoint, method) for method in (rule.methods or set()) & {"GET", "POST"}} <= tried


@pytest.mark.parametrize("who", ["zoe", "paul", "other_head", "other_admin", "eva", "clerk", "nurse", "circo1", ""])
def test_what_belongs_to_others_is_not_there_and_does_not_change(town: Town, life: Life, who: str) -> None:
    """Another school's people, and people of the same school whom it does not concern."""
    browser = town.browser(who or None)
    before = everything(town.house.database)
    for method, path in _objects(life):
        status = (browser.get(path, follow_redirects=True) if method == "GET" else browser.post(path)).status_code
        assert status in {400, 401, 403, 404}, (who, method, path, status)
    assert everything(town.house.database) == before


def test_a_conversation_that_is_not_for_me_looks_like_one_that_does_not_exist(town: Town, life: Life) -> None:
    for who in ("paul", "circo1", "referent"):
        browser = town.browser(who)
        mine, none = (browser.get(f"/staff/desk/{one}") for one in (life.conversation, uuid4()))
        assert mine.status_code == none.status_code == 404
        assert _without_reference(mine.text) == _without_reference(none.text)


def _without_reference(page: str) -> str:
    """The page without the request's own reference for support."""
    head, _mark, tail = page.partition("Repère pour l’assistance")
    return head + tail.partition("</p>")[2]
