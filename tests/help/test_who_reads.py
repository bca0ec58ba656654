"""Every page names those who will really read: without whom the writer leaves out, with who reads instead."""

import re
from typing import Any

from ent_module.help.service import adults
from tests.help.steps import account, act, code_on, on_desk, opened, seen, send, token_on, write
from tests.support.town import CIRCONSCRIPTION, COLLEGE, ECOLE, Browser, Town

OTHER_MAY = "un autre adulte pourra aussi le lire"


def named(page: str) -> list[str]:
    """The adults whom a page names as readers, list by list."""
    lists = re.findall(r'<ul class="readers">(.*?)</ul>', page)
    return [" / ".join(re.findall("\u2068(.*?)\u2069", one)) for one in lists]


def last_step(browser: Browser, **given: Any) -> str:
    """The last screen of the école side, reached from the one that asks for the way to be answered."""
    first = browser.get("/write/steps")
    values = {"token": token_on(first.text), "message": "On m’embête.", "answer": "here-named", **given}
    page = browser.post("/write/steps", {**values, "step": "parents"})
    assert "C’est prêt" in page.text
    return page.text


def test_the_last_screen_names_who_reads_without_those_left_out(town: Town) -> None:
    noe = town.browser("noe")
    hugo, nadia = "Hugo Simon, Circonscription de Lille 1", "Nadia Perrin, Circonscription de Lille 1"
    assert named(last_step(noe)) == [f"{hugo} / {nadia}"]
    page = last_step(noe, without=[str(account(town, "circo1", CIRCONSCRIPTION))])
    [readers] = named(page)
    assert readers.startswith(f"{hugo} / ")
    assert "Nadia Perrin" not in readers
    assert "Salomé Weber, DSDEN du Nord" in readers  # fewer than two remain: the next level reads too
    everyone = [str(account(town, name, CIRCONSCRIPTION)) for name in ("circo1", "circo2")]
    [above] = named(last_step(noe, without=everyone))
    assert "Simon" not in above
    assert "Perrin" not in above


def test_a_form_shown_again_names_who_reads_without_those_left_out(town: Town) -> None:
    lina = town.browser("lina")
    assert named(lina.get("/write").text) == ["Inès Vidal / Jeanne Petit / Marc Roux"] * 2
    assert "Si tu écartes un adulte, il ne lira pas." in seen(lina.get("/write"))
    again = send(lina, answer="", without=[str(account(town, "roux"))])
    assert again.status_code == 422
    assert named(again.text) == ["Inès Vidal / Jeanne Petit"] * 2
    assert "Si tu écartes" not in seen(again)


def test_the_receipt_names_the_same(town: Town) -> None:
    sent = send(town.browser("lina"), without=[str(account(town, "roux"))])
    assert named(sent.text) == ["Inès Vidal / Jeanne Petit"]
    assert OTHER_MAY in seen(sent)


def test_no_page_says_that_another_adult_is_told(town: Town) -> None:
    """Nobody is: the key goes to the next level, whose listeners see it when they open their inbox."""
    for name, path in (("lina", "/write"), ("karim", "/write"), ("noe", "/write")):
        page = seen(town.browser(name).get(path))
        assert OTHER_MAY in page
        assert "autre adulte sera prévenu" not in page


def test_where_nobody_is_left_the_page_says_so(town: Town) -> None:
    with town.house.database.reading() as db:
        place, everyone = town.schools[ECOLE], []
        for level in adults.levels(db, place):
            everyone += [str(one.account_id) for one in adults.listeners(db, level)]
    assert "Il ne reste aucun adulte pour lire." in last_step(town.browser("noe"), without=everyone)


def test_an_account_that_no_adult_has_cannot_be_left_out(town: Town) -> None:
    lina = town.browser("lina")
    assert send(lina, answer="", without=[str(account(town, "sami"))]).status_code == 400


def test_the_thread_says_who_reads_when_and_that_it_is_no_chat(town: Town) -> None:
    written = write(town, without=(account(town, "roux", COLLEGE),))
    page = opened(town.browser("lina"), written.code)
    assert named(page.text) == ["Inès Vidal / Jeanne Petit"]
    for words in ("Ce n’est pas un tchat", "Un nouveau message sera lu", "En danger maintenant"):
        assert words in seen(page)
    assert page.text.index("<textarea") < page.text.index("En danger maintenant")
    for number in ("119", "3114", "114"):
        assert f':{number}"' in page.text


def test_a_child_reads_in_a_child_s_words_that_it_is_no_chat(town: Town) -> None:
    noe = town.browser("noe")
    code = code_on(send(noe, "/write/steps", step="send", answer="here-named").text)
    circo = town.browser("circo1")
    assert act(circo, on_desk(circo)[0], "answer", message="Je t’écoute.").status_code == 303
    page = seen(opened(noe, code))
    assert "Ici, la réponse ne vient pas tout de suite." in page
    assert "Tu es en danger ?" in page
