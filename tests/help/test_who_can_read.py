"""Who can read what of a message, as the README's table says it: seen on the pages of each, before and after it."""

import re
from datetime import timedelta
from pathlib import Path

from ent_module.help import jobs
from tests.help.steps import MESSAGE, NOW, code_on, on_desk, opened, send
from tests.support.town import Browser, Town

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
NAME, TOPIC = "Lina Morel", re.compile("Moqueries", re.IGNORECASE)
PAGES = ("/", "/words", *(f"/staff/desk{one}" for one in ("", "?show=closed", "/agenda", "/meeting")), "/staff/group",
         "/staff/settings", "/staff/settings/members")  # fmt: skip
_CHANCE = re.compile(r"""<input type="hidden"[^>]*>|<bdi dir="ltr">[0-9a-f]{12}</bdi>""")
MONTHS = timedelta(days=60)


def pages(browser: Browser, conversation: str = "") -> list[str]:
    """All that somebody can look at, without the tokens of forms."""
    seen = [browser.get(path).text for path in PAGES]
    if conversation:
        seen.append(browser.get(f"/staff/desk/{conversation}").text)
    return [_CHANCE.sub("", page) for page in seen]


def line(who: str, before: list[str], after: list[str], *, own: bool = False) -> str:
    """A line of the table. What was there before tells nothing."""
    new = "\n".join(page for page, old in zip(after, [*before, ""], strict=False) if page != old)
    found = "404" not in after[-1] and MESSAGE in after[-1]
    told = before != after[: len(before)] or found
    has = [told, bool(TOPIC.search(new)), MESSAGE in new, NAME in new and not own]
    return f"| {who} | {' | '.join('yes' if one else '—' for one in has)} |"


def test_the_table_of_the_readme_is_what_pages_show(town: Town) -> None:
    others = {
        "another pupil, a parent": ("sami", "karim"),
        "a teacher, another adult of the school": ("alba", "clerk"),
        "a listener of the school": ("petit",),
        "a listener whom the writer leaves out": ("roux",),
        "nurse and social worker, in their own lane": ("nurse",),
        "the head": ("head",),
        "a local admin": ("admin",),
        "a listener of another school": ("paul",),
        "a listener of the level above, while the school reads in time": ("referent",),
    }
    browsers = {name: town.browser(name) for names in others.values() for name in names}
    before = {name: pages(one) for name, one in browsers.items()}
    lina = town.browser("lina")
    empty = pages(lina)
    out = str(town.membership("roux").account_id)
    code = code_on(send(lina, what=["mocked"], without=[out]).text)
    (conversation,) = on_desk(town.browser("petit"))
    table = [
        line(who, before[name], pages(browsers[name], conversation)) for who, names in others.items() for name in names
    ]
    alone = "the writer, and whoever uses the writer’s account, without the code"
    table.append(line(alone, empty, pages(lina), own=True))
    with_code = _CHANCE.sub("", opened(lina, code).text)
    table.append(f"| the writer with the code | yes | — | {'yes' if MESSAGE in with_code else '—'} | — |")
    jobs.escalate(town.house, NOW + MONTHS)
    table.append(line("that listener once it is late", before["referent"], pages(browsers["referent"], conversation)))
    assert "\n".join(dict.fromkeys(table)) in README, "\n".join(dict.fromkeys(table))
