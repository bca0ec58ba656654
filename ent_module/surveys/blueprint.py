"""The room's URL tables and its record."""

from collections.abc import Iterator

from ent_module.identity.model import ADULTS_AT_SCHOOL, PUPILS_AND_PARENTS, Profile, Role, allow
from ent_module.rooms import Mistake, Room
from ent_module.surveys import (
    ballot_views,
    barrier_views,
    card_views,
    content,
    custody_views,
    decision_views,
    drafting_views,
    guides_check,
    planning_views,
    proposing_views,
    public_views,
    questionnaire_views,
    results_views,
    secret_views,
    staff_views,
    starting_views,
    texts_views,
    unlocking_views,
)
from ent_module.surveys.answering import ANSWERING
from ent_module.surveys.commands import surveys
from ent_module.surveys.composing.urls import COMPOSING
from ent_module.surveys.service.closing import finish
from ent_module.surveys.service.erasing import erase
from ent_module.surveys.service.opening import open_due
from ent_module.surveys.service.restoring import keep_up
from ent_module.surveys.service.territory import add_up
from ent_module.surveys.service.texts import forget
from ent_module.surveys.tiles import WORK_HERE, tiles
from ent_module.web.parts import EVERYBODY
from ent_module.web.urls import Url

_ANSWERING = allow(*ANSWERING)
# The director of an école often teaches: whoever has classes may open, for these only.
_WITH_CLASSES = allow(Profile.TEACHER, Profile.MANAGEMENT)
_HEADS = allow(Role.HEAD)
# Heads, and others where the head has opened the results to them (`results_views`).
_READERS = allow(*WORK_HERE, Role.HEAD)
# What a class may read of the results, once they are released: whatever class one has.
_WITH_THE_CLASS = allow(Profile.TEACHER, Role.HEAD)
_ADMINS = allow(Role.LOCAL_ADMIN)
# Who acts for a level above; whoever only looks at its territory proposes nothing.
_REFERENTS = allow(Role.REFERENT)
_ONE = "/surveys/<uuid:campaign_id>"
_CAMPAIGNS = "/surveys/campaigns"
_CAMPAIGN = f"{_CAMPAIGNS}/<uuid:campaign_id>"
_REQUEST = "/surveys/cards/<uuid:request_id>"
_SHELF = "/surveys/questionnaires"

PUBLIC = (
    Url("/surveys", "surveys", public_views.surveys, _ANSWERING),
    Url("/surveys/secret", "secret", secret_views.secret, PUPILS_AND_PARENTS),
    Url(_ONE, "before", public_views.before, _ANSWERING),
    Url(f"{_ONE}/questions", "questions", public_views.questions, _ANSWERING),
    Url(f"{_ONE}/token", "token", public_views.token, _ANSWERING, ("POST",)),
    Url(f"{_ONE}/after", "after", public_views.after, _ANSWERING),
)
_CARD = "the code of a paper card"
BALLOTS = (
    Url("/keys/<fingerprint>", "keys", ballot_views.keys, EVERYBODY, cookies="unread"),
    Url(
        "/pool/<uuid:establishment_id>/<uuid:campaign_id>",
        "take",
        ballot_views.take,
        EVERYBODY,
        ("POST",),
        proof="a token that the campaign has signed blindly",
        cookies="refused",
    ),
    Url(
        "/begun/<uuid:establishment_id>/<uuid:campaign_id>",
        "begun",
        ballot_views.begun,
        EVERYBODY,
        cookies="refused",
        quiet=True,
    ),
    Url("/card", "card", ballot_views.card, EVERYBODY, cookies="unread"),
    Url("/card", "card_questions", ballot_views.card_questions, EVERYBODY, ("POST",), proof=_CARD, cookies="unread"),
    Url("/card/answers", "card_send", ballot_views.card_send, EVERYBODY, ("POST",), proof=_CARD, cookies="unread"),
)
STAFF = (
    Url("/surveys", "classes", staff_views.classes, _WITH_CLASSES),
    Url("/surveys/secret", "secret", secret_views.secret_exactly, ADULTS_AT_SCHOOL),
    Url("/surveys/open", "prepare", starting_views.prepare, _WITH_CLASSES),
    Url("/surveys/open", "open", starting_views.open_class, _WITH_CLASSES, ("POST",)),
    Url(f"{_ONE}/begin", "begin", barrier_views.begin, _WITH_CLASSES, ("POST",)),
    Url(f"{_ONE}/let-in", "let_in", barrier_views.let_in, _WITH_CLASSES, ("POST",)),
    Url(f"{_ONE}/cards", "sheet", card_views.sheet, _WITH_CLASSES, ("POST",)),
    Url(f"{_ONE}/cards/class", "ask_cards", card_views.ask, _WITH_CLASSES, ("POST",)),
    Url("/surveys/cards", "card_classes", card_views.waiting, ADULTS_AT_SCHOOL),
    Url(f"{_REQUEST}/confirm", "confirm_cards", card_views.confirm, ADULTS_AT_SCHOOL, ("POST",)),
    Url(f"{_REQUEST}/withdraw", "withdraw_cards", card_views.withdraw, ADULTS_AT_SCHOOL, ("POST",)),
    Url(f"{_REQUEST}/half", "print_half", card_views.half, ADULTS_AT_SCHOOL, ("POST",)),
    Url(_CAMPAIGNS, "campaigns", staff_views.campaign_list, _HEADS),
    Url("/surveys/proposals", "proposals", proposing_views.listed, allow(Role.REFERENT, Role.TERRITORY_VIEWER)),
    Url("/surveys/proposals", "propose", proposing_views.propose, _REFERENTS, ("POST",)),
    Url("/surveys/proposals/<uuid:proposal_id>/withdraw", "withdraw", proposing_views.withdraw, _REFERENTS, ("POST",)),
    Url(f"{_CAMPAIGNS}/new", "new_campaign", drafting_views.new, _HEADS),
    Url(f"{_CAMPAIGNS}/new", "draft_campaign", drafting_views.draft, _HEADS, ("POST",), texts=("classes",)),
    Url(f"{_CAMPAIGN}/draft", "edit_campaign", drafting_views.edit, _HEADS),
    Url(f"{_CAMPAIGN}/draft", "change_campaign", drafting_views.change, _HEADS, ("POST",), texts=("classes",)),
    Url(f"{_CAMPAIGN}/levels", "set_levels", drafting_views.set_levels, _HEADS, ("POST",)),
    Url(f"{_CAMPAIGN}/discard", "discard", drafting_views.discard, _HEADS, ("POST",)),
    Url(f"{_CAMPAIGN}/planned", "planned", planning_views.planned, _HEADS),
    Url(f"{_CAMPAIGN}/planned", "announce", planning_views.announce, _HEADS, ("POST",)),
    Url(f"{_CAMPAIGN}/notice", "notice", planning_views.notice, _HEADS),
    Url(f"{_CAMPAIGN}/call-off", "call_off", planning_views.call_off, _HEADS, ("POST",)),
    Url("/surveys/results", "shared", results_views.shared, _READERS),
    Url(_CAMPAIGN, "campaign", results_views.campaign, _READERS),
    Url(f"{_CAMPAIGN}/report", "report", results_views.report, _READERS),
    Url(f"{_CAMPAIGN}/report.pdf", "report_pdf", results_views.report_pdf, _READERS),
    Url(f"{_CAMPAIGN}/numbers.zip", "numbers", results_views.numbers, _HEADS),
    Url(f"{_CAMPAIGN}/beside", "beside", results_views.beside, _HEADS),
    Url(f"{_CAMPAIGN}/together", "discuss", results_views.discuss, _WITH_THE_CLASS),
    Url(f"{_CAMPAIGN}/texts", "texts", texts_views.texts, _READERS),
    Url(f"{_CAMPAIGN}/texts/<uuid:text_id>", "text", texts_views.text, _HEADS),
    Url(f"{_CAMPAIGN}/texts/<uuid:text_id>", "remove_text", texts_views.remove, _HEADS, ("POST",)),
    Url(f"{_CAMPAIGN}/closing", "confirm", staff_views.confirm, _HEADS),
    Url(f"{_CAMPAIGN}/closing", "close", staff_views.close, _HEADS, ("POST",)),
    Url(f"{_CAMPAIGN}/keys", "custody", custody_views.custody, _HEADS),
    Url(f"{_CAMPAIGN}/keys", "entrust", custody_views.entrust, _HEADS, ("POST",), slow=True),
    Url(f"{_CAMPAIGN}/trial", "rehearse", custody_views.rehearse, _HEADS),
    Url(f"{_CAMPAIGN}/trial", "try_shares", custody_views.try_shares, _HEADS, ("POST",), slow=True),
    Url(f"{_CAMPAIGN}/opening", "unlock", unlocking_views.unlock, _HEADS),
    Url(f"{_CAMPAIGN}/opening", "count", unlocking_views.count, _HEADS, ("POST",), slow=True),
    Url(f"{_CAMPAIGN}/paper", "shred", unlocking_views.shred, _HEADS, ("POST",)),
    Url(_SHELF, "questionnaires", questionnaire_views.listed, _ADMINS, in_place=True),
    Url(
        _SHELF,
        "upload_questionnaire",
        questionnaire_views.upload,
        _ADMINS,
        ("POST",),
        in_place=True,
        before=questionnaire_views.make_room,
    ),
    Url(
        f"{_SHELF}/keep",
        "keep_questionnaire",
        questionnaire_views.keep,
        _ADMINS,
        ("POST",),
        in_place=True,
        before=questionnaire_views.make_room,
    ),
    Url(f"{_SHELF}/sensitive", "sensitive_questions", decision_views.sensitive_questions, _HEADS, in_place=True),
    Url(f"{_SHELF}/sensitive", "decide_sensitive", decision_views.decide, _HEADS, ("POST",), in_place=True),
    Url(f"{_SHELF}/texts", "text_questions", decision_views.text_questions, _HEADS, in_place=True),
    Url(f"{_SHELF}/texts", "decide_texts", decision_views.decide_texts, _HEADS, ("POST",), in_place=True),
    Url(f"{_SHELF}/<digest>", "questionnaire", questionnaire_views.preview, _ADMINS),
    Url(f"{_SHELF}/<digest>/file", "questionnaire_file", questionnaire_views.download, _ADMINS),
    Url(
        f"{_SHELF}/<digest>/remove",
        "remove_questionnaire",
        questionnaire_views.remove,
        _ADMINS,
        ("POST",),
        in_place=True,
    ),
    *COMPOSING,
)


def check_content() -> Iterator[Mistake]:
    """The mistakes of questionnaires, or else of the guides by which their results are read, which rest on these."""
    found = list(content.check_content())
    yield from found or guides_check.check_content()


ROOM = Room(
    name="surveys",
    public=PUBLIC,
    ballots=BALLOTS,
    staff=STAFF,
    tiles=tiles,
    erasure=erase,
    content=check_content,
    links={"survey": secret_views.link},
    jobs=(
        ("surveys.open", open_due),
        ("surveys.keys", keep_up),
        ("surveys.finish", finish),
        ("surveys.add_up", add_up),
        ("surveys.texts", forget),
    ),
    commands=(surveys,),
)
