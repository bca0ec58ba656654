"""What holds for every endpoint of the house, whatever room it is in."""

import re

from flask import template_rendered

from ent_module.helplines.service import all_lines

from tests.support.crawl import crawl
from tests.support.database import everything
from tests.support.town import Town

EVERYONE = ("lina", "noe", "tom", "karim", "alba", "petit", "ines", "nurse", "clerk", "head", "admin", "referent")
WRITE_ON_GET = {
    # quick exit must work by a plain link
    "ent_web.leave",
    # sign-in callbacks
    "ent_lti.login",
    # the audit line when a message is opened
    "ent_help_staff.thread",
}
MACHINES = {"ent_lti.login", "ent_lti.launch", "ent_nothing.here"}


def test_every_endpoint_of_ours_declares_who_may(town: Town) -> None:
    ours = {rule.endpoint for rule in town.app.url_map.iter_rules() if rule.rule.startswith("/ent")}
    assert ours == set(town.house.declared)
    for name, entry in town.house.declared.items():
        assert hasattr(entry.allow, "admits"), name


def test_what_may_write_on_get_and_what_machines_call_is_one_short_list(town: Town) -> None:
    declared = town.house.declared
    assert {name for name, entry in declared.items() if entry.writes_on_get} == WRITE_ON_GET
    assert {name for name, entry in declared.items() if entry.proof} == MACHINES


def test_every_post_without_a_token_is_refused_and_changes_nothing(town: Town) -> None:
    adapter = town.app.url_map.bind("ent.example")
    for rule in town.app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint in MACHINES:
            continue
        values = {name: "00000000-0000-4000-8000-000000000000" for name in rule.arguments}
        path = adapter.build(rule.endpoint, values, method="POST").removeprefix("/ent")
        for name in (*EVERYONE, None):
            browser = town.browser(name)
            before = everything(town.house.database)
            answer = browser.post(path, {"csrf_token": "forged"})
            assert answer.status_code in {400, 401, 403}, (rule.rule, name, answer.status_code)
            assert everything(town.house.database) == before, (rule.rule, name)


def test_no_get_changes_the_database(town: Town) -> None:
    for name in EVERYONE:
        browser = town.browser(name)
        before = everything(town.house.database)
        pages = crawl(browser)
        assert len(pages) > 5
        assert everything(town.house.database) == before, name


def test_pages_have_neutral_titles_no_counted_ids_and_no_outside_host(town: Town) -> None:
    for name in EVERYONE:
        for address, page in crawl(town.browser(name)).items():
            assert not re.search(r"/\d{1,6}(?:[/?#]|$)", address.partition("/show/")[0]), address
            assert not re.search(r'name="[^"]*id" value="\d{1,9}"', page), address
            if page:
                assert "<title>Ressources</title>" in page, address
                outward = set(re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]*)"', page))
                assert outward <= {line.chat_url for line in all_lines()}, address
                assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page), address


def test_nothing_is_left_in_french_for_readers_of_arabic(town: Town) -> None:
    """Every template that a page is made of asked for its strings in Arabic: none came back in the source language."""
    seen: list[str] = []
    template_rendered.connect(lambda _app, template, **_more: seen.append(template.name), town.app, weak=False)
    for name in EVERYONE:
        for address, page in crawl(town.browser(name, "ar")).items():
            if page:
                assert 'dir="rtl"' in page, address
                assert "Quitter vite" not in page, address
    assert seen
