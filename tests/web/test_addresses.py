from dataclasses import replace

from tests.support.town import Town


def test_the_same_short_name_leads_to_each_sides_own_page(town: Town) -> None:
    """A pupil's page first, then one of the staff's: both say `.sheets`, and an address is built once."""
    for who, start, own, other in (
        ("lina", "/read", "/ent/read", "/ent/staff/read"),
        ("petit", "/staff/read", "/ent/staff/read", "/ent/read"),
    ):
        browser = town.browser(who)
        sheet = next(link for link in browser.get(start).text.split('"') if link.startswith(f"{own}/"))
        page = browser.get(sheet.removeprefix("/ent")).text
        assert f'href="{own}"' in page
        assert f'href="{other}"' not in page


def test_emptying_the_memory_while_a_page_is_made_breaks_nothing(town: Town) -> None:
    """Another thread does that as soon as strange prefixes have filled it."""

    class Emptied(dict[tuple[str, ...], str]):
        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            self.clear()
            return found

        def __setitem__(self, key: tuple[str, ...], value: str) -> None:
            super().__setitem__(key, value)
            self.clear()

    house = replace(town.house, addresses=Emptied())
    town.app.extensions["ent"] = house
    assert town.browser("lina").get("/").status_code == 200
