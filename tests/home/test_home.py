from tests.support.town import Town


def test_a_pupil_lands_on_a_page_that_tells_whose_account_it_is(town: Town) -> None:
    page = town.browser("lina").get("/")
    assert page.status_code == 200
    assert "Compte\u202f: Lina Morel" in page.text
    assert "6e B" in page.text


def test_lines_that_answer_day_and_night_come_first(town: Town) -> None:
    page = town.browser("lina").get("/").text
    assert page.index("tel:119") < page.index("tel:3114") < page.index("tel:3018")


def test_someone_who_is_not_signed_in_gets_the_numbers(town: Town) -> None:
    page = town.browser().get("/")
    assert page.status_code == 200
    assert "tel:119" in page.text


def test_language_is_kept(town: Town) -> None:
    browser = town.browser("lina")
    assert browser.post("/language", {"language": "ar", "back": "/ent/me"}).headers["Location"] == "/ent/me"
    assert 'dir="rtl"' in browser.get("/").text


def test_someone_of_two_schools_changes_school(town: Town) -> None:
    browser = town.browser("ines")
    assert browser.me()["establishment"]["name"] == "Collège Simone-Veil"
    assert browser.post("/work-in", {"uai": "0590002C"}).status_code == 303
    assert browser.me()["establishment"]["name"] == "Collège Lucie-Aubrac"
    assert browser.post("/work-in", {"uai": "0590003D"}).status_code == 400


def test_a_parent_of_two_schools_changes_school_too(town: Town) -> None:
    browser = town.browser("maria")
    page = browser.get("/").text
    assert "Collège Simone-Veil" in page
    assert browser.fill("/", {"uai": "0590003D"}, "uai").status_code == 303
    assert browser.me()["establishment"]["name"] == "École Jean-Moulin"


def test_post_without_token_is_refused(town: Town) -> None:
    browser = town.browser("lina")
    assert browser.post("/language", {"language": "ar", "csrf_token": "x"}).status_code == 400
