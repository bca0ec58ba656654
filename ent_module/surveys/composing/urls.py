"""The editor's URL table. Everything in it is the local admin's, and changes the school whose page it stands on."""

from ent_module.identity.model import Role, allow
from ent_module.languages import LANGUAGES
from ent_module.surveys.composing import parts_views, views
from ent_module.web.urls import Url, View

_ADMINS = allow(Role.LOCAL_ADMIN)
_BOTH, _POST = ("GET", "POST"), ("POST",)
_SHELF = "/surveys/questionnaires"
_ONE = f"{_SHELF}/drafts/<uuid:draft_id>"


_ANSWERS = tuple(f"answers-{code}" for code in LANGUAGES)


def _url(rule: str, name: str, view: View, methods: tuple[str, ...] = ("GET",), texts: tuple[str, ...] = ()) -> Url:
    return Url(rule, name, view, _ADMINS, methods, in_place=True, texts=texts)


COMPOSING = (
    _url(f"{_SHELF}/drafts/new", "new_draft", views.new, _BOTH),
    _url(f"{_SHELF}/<digest>/compose", "compose_from", views.compose_from, _POST),
    _url(_ONE, "draft", views.draft),
    _url(f"{_ONE}/title", "draft_title", views.title, _BOTH),
    _url(f"{_ONE}/preview", "draft_preview", views.preview),
    _url(f"{_ONE}/keep", "keep_draft", views.keep, _POST),
    _url(f"{_ONE}/remove", "remove_draft", views.remove, _POST),
    _url(f"{_ONE}/bank", "draft_bank", parts_views.from_bank, _BOTH),
    _url(f"{_ONE}/translations/<name>", "draft_translation", parts_views.translation, _BOTH),
    _url(f"{_ONE}/pages", "new_page", parts_views.page, _BOTH),
    _url(f"{_ONE}/pages/<name>", "draft_page", parts_views.page, _BOTH),
    _url(f"{_ONE}/pages/<name>/move", "move_page", parts_views.move_page, _POST),
    _url(f"{_ONE}/pages/<name>/remove", "remove_page", parts_views.remove_page, _POST),
    _url(f"{_ONE}/questions", "new_question", parts_views.question, _BOTH, _ANSWERS),
    _url(f"{_ONE}/questions/<name>", "draft_question", parts_views.question, _BOTH, _ANSWERS),
    _url(f"{_ONE}/questions/<name>/move", "move_question", parts_views.move_question, _POST),
    _url(f"{_ONE}/questions/<name>/remove", "remove_question", parts_views.remove_question, _POST),
)
