"""What holds for every endpoint of the house, whatever room it is in."""

import re
from uuid import uuid4

import pytest
from werkzeug.routing import Rule

from ent_module.helplines.service import all_lines
from tests.support.crawl import crawl
from tests.support.database import every_byte, everything
from tests.support.life import CANARY, Life
from tests.support.town import Town

EVERYONE = (
    "lina",
    "noe",
    "tom",
    "karim",
    "alba",
    "petit",
    "ines",
    "nurse",
    "clerk",
    "head",
    "lycee_head",
    "admin",
    "referent",
)
OPENERS = {"petit", "ines"}
"""Who open conversations, as the walk comes by: what that writes is allowed to them, and to nobody else."""
OPENED = {"ent_audit", "ent_audit_head", "ent_conversation", "ent_move"}
"""What opening a message is allowed to change: the audit line, and that it has been read."""
WRITE_ON_GET = {
    # quick exit must work by a plain link
    "ent_web.leave",
    "ent_web.leave_frame",
    # sign-in callbacks
    "ent_lti.login",
    "ent_lti.again",
    "ent_sign_in.start",
    "ent_sign_in.callback",
    # the audit line when a message is opened
    "ent_help_staff.thread",
}
WORDS = {"team": "members", "name": "cards", "action": "take", "revision": "0" * 12, "path": "web/ent.css", "number": 1}
MACHINES = {
    "ent_lti.login",
    "ent_lti.launch",
    "ent_web.open_tab",
    "ent_sign_in.callback",
    "ent_sign_in.back_channel",
    "ent_surveys_ballots.take",
    "ent_surveys_ballots.card_questions",
    "ent_surveys_ballots.card_send",
    "ent_nothing.here",
    "ent_nothing.home",
}


def address_of(town: Town, rule: Rule, method: str) -> str:
    """An address of a rule, with objects that do not exist."""
    values = {name: WORDS.get(name, str(uuid4())) for name in rule.arguments}
    return town.app.url_map.bind("ent.example").build(rule.endpoint, values, method=method).removeprefix("/ent")


def test_every_endpoint_of_ours_declares_who_may(town: Town) -> None:
    ours = {rule.endpoint for rule in town.app.url_map.iter_rules() if rule.rule.startswith("/ent")}
    assert ours == set(town.house.declared)
    for name, entry in town.house.declared.items():
        assert hasattr(entry.allow, "admits"), name


def test_what_may_write_on_get_and_what_machines_call_is_one_short_list(town: Town) -> None:
    declared = town.house.declared
    assert {name for name, entry in declared.items() if entry.writes_on_get} == WRITE_ON_GET
    assert {name for name, entry in declared.items() if entry.proof} == MACHINES


@pytest.mark.parametrize("who", [*EVERYONE, ""])
def test_every_post_without_a_token_is_refused_and_changes_nothing(town: Town, who: str) -> None:
    browser = town.browser(who or None)
    before = everything(town.house.database)
    for rule in town.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint not in MACHINES:
            answer = browser.post(address_of(town, rule, "POST"), {"csrf_token": "forged"})
            assert answer.status_code in {400, 401, 403}, (rule.rule, answer.status_code)
    assert everything(town.house.database) == before


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize("who", EVERYONE)
def test_every_page_that_links_lead_to(town: Town, who: str) -> None:
    """Reading changes nothing; titles are neutral; no id is counted; nothing comes from outside; no code is inline."""
    browser = town.browser(who)
    before = everything(town.house.database)
    pages = crawl(browser)
    assert len(pages) > 5
    after = everything(town.house.database)
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= (OPENED if who in OPENERS else set())
    assert bool(changed) is (who in OPENERS)  # control: who may write does
    for address, page in pages.items():
        assert not re.search(r"/\d{1,6}(?:[/?#]|$)", re.sub(r"/(show|notes)/\d+", "", address)), address
        assert not re.search(r'name="[^"]*id" value="\d{1,9}"', page), address
        if page:
            assert "<title>Ressources</title>" in page, address
            outward = set(re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]*)"', page))
            assert outward <= {line.chat_url for line in all_lines()}, address
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page), address


@pytest.mark.usefixtures("life")
@pytest.mark.parametrize("who", EVERYONE)
def test_every_page_is_there_in_arabic(town: Town, who: str) -> None:
    for address, page in crawl(town.browser(who, "ar")).items():
        if page and "/show/" not in address:  # what a class reads on the projector is in the lesson's language
            assert '<html lang="ar" dir="rtl"' in page, address
            assert "Quitter vite" not in page, address


def test_nothing_that_was_written_is_in_a_log_or_in_the_clear_in_the_database(
    town: Town, life: Life, capsys: pytest.CaptureFixture[str]
) -> None:
    with town.house.database.reading() as db:
        assert CANARY.encode() not in every_byte(db)
    sami = town.browser("sami")
    thread = sami.post("/words", {"code": life.code})
    assert CANARY in thread.text  # control: the sentence is there for whoever may read it
    sami.post("/words/reply", {"code": life.code, "message": CANARY * 400, "token": CANARY})
    sami.post("/write", {"message": CANARY, "token": "x"})
    sami.get(f"/{CANARY}?{CANARY}={CANARY}")
    town.browser("petit").get(f"/staff/desk/{life.with_code}?{CANARY}")
    with town.house.database.reading() as db:
        assert CANARY.encode() not in every_byte(db)
    logged = capsys.readouterr()
    assert "request" in logged.err
    assert CANARY not in logged.out + logged.err
    assert life.code.split()[0] not in logged.out + logged.err


def test_the_canary_would_be_seen(town: Town) -> None:
    """Control: a text that stands in the database is found."""
    with town.house.database.reading() as db:
        assert "Collège Simone-Veil".encode() in every_byte(db)
