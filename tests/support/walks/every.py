"""All walks by name, and the templates that they must reach: every file of the module that makes a whole page."""

import re
from pathlib import Path

from tests.support.walks import answering, desk, refusals, setting, teaching, writing
from tests.support.walks.steps import Walk

FOOTER = {"web/accessibility", "web/legal", "web/personal_data", "web/site_map", "web/using"}
READING = {"resources/list", "resources/sheet"}
WRITING = {"help/start", "help/visit", "help/step", "help/write", "help/code", "help/closed"}
DESK = {f"help/{name}" for name in ("agenda", "kept", "meeting", "hand_on", "models", "link", "meet")}
LESSONS = {"lessons/list", "lessons/lesson", "lessons/show", "lessons/notes", "lessons/log", "lessons/given"}
SURVEYS = {f"surveys/{name}" for name in ("campaigns", "running", "confirm", "prepare", "sensitive")}
PLANS = {f"surveys/{name}" for name in ("plan_for", "plan", "draft", "announced", "notice", "custody")}
RESULTS = {"surveys/results_page", "surveys/report", "surveys/discuss", "surveys/beside"}
QUESTIONNAIRES = {f"surveys/{name}" for name in ("questionnaires", "preview", "to_read", "accord")}
COMPOSING = {"surveys/compose", *(f"surveys/compose_{part}" for part in ("title", "bank", "page", "question"))} | {
    "surveys/compose_translation",
    "surveys/compose_preview",
}
SETTINGS = {"overview", "cards", "card", "hours", "words", "delay", "members", "admins", "leave", "channel", "numbers"}

WALKS: dict[str, Walk] = {
    "links of pupils and parents": Walk(
        readers=("lina", "noe", "tom", "karim", "maria", "unsaid", None),
        links_show=frozenset(
            {f"home/{who}" for who in ("pupil", "young", "parent", "visitor", "signed_out")}
            | {"surveys/before", "surveys/questions"}
            | READING
            | WRITING
            | FOOTER
        ),
    ),
    "links of those who teach and listen": Walk(
        readers=("alba", "petit", "ines", "nurse", "clerk", "referent"),
        links_show=frozenset(
            {
                *("home/staff", "help/inbox", "help/conversation", "help/mine", "help/concern", "help/poster"),
                *("help/schools", "surveys/classes", "surveys/proposals"),
                *DESK,
            }
            | READING
            | LESSONS
            | FOOTER
        ),
    ),
    "links of those who lead": Walk(
        readers=("head", "admin", "lycee_head"),
        links_show=frozenset(
            {"home/staff", "help/situation", "help/rhythm", *(f"setup/{name}" for name in SETTINGS)}
            | SURVEYS
            | PLANS
            | RESULTS
            | QUESTIONNAIRES
            | COMPOSING
            | READING
            | FOOTER
        ),
    ),
    "writing": writing.WALK,
    "writing at an école": writing.YOUNG_WALK,
    "surveys": answering.WALK,
    "lessons": teaching.WALK,
    "the desk": desk.WALK,
    "settings": setting.WALK,
    "presence and mails": setting.RHYTHM_WALK,
    "groups": setting.PEOPLE_WALK,
    "refusals": refusals.WALK,
}

LOOKED_AT_ELSEWHERE = {
    "ent/sign_in/signed_out.html",
    "ent/help/lock.html",
    "ent/help/device.html",
    "ent/surveys/imported.html",
    "ent/surveys/card_questions.html",
    "ent/surveys/card_after.html",
}
"""By tests/oidc/test_in_a_browser.py: it leads on to the portal, and only whoever came from one sees it. By
tests/help/test_lock_in_the_browser.py: where they stand, no walk gets further without a code. By
tests/surveys/test_import_in_a_browser.py: it follows a file that was chosen, which no walk does. By
tests/surveys/test_in_a_browser.py: they follow the code of a card, which stands on a sheet made once."""

_EXTENDS = re.compile(r"{%-?\s*extends\s+[\"']([^\"']+)[\"']")


def pages(package: Path) -> set[str]:
    """The templates that make a whole page: those that extend one, and whole documents that nothing extends.

    Not a page: a partial (`_name.html`), a file of macros, what others extend, the demo's portal.
    """
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for folder in package.glob("*/templates")
        if folder.parent.name != "demo"
        for path in folder.rglob("*.html")
    }
    parents = {found[1] for text in texts.values() if (found := _EXTENDS.search(text))}
    return {
        name
        for name, text in texts.items()
        if not name.rpartition("/")[2].startswith("_")
        and name not in parents
        and (_EXTENDS.search(text) or "<!doctype" in text.lower())
    }
