"""Hours, words and delay: draft, preview, publish; nothing lost, nothing seen too early."""

import pytest
from sqlalchemy import select

from ent_module.establishments import service as establishments
from ent_module.identity.model import Role
from ent_module.privacy.tables import AuditLine
from tests.setup.pages import HOURS, field, newcomer, publish, send
from tests.support.town import COLLEGE, ECOLE, OTHER, Town

WORDS = "Tu peux aussi passer à la vie scolaire."


def setting(town: Town, name: str, uai: str = COLLEGE) -> object:
    with town.house.database.reading() as db:
        return establishments.published(db, town.schools[uai], name)


def test_words_are_seen_by_pupils_once_published_and_not_before(town: Town) -> None:
    admin, lina = town.browser("admin"), town.browser("lina")
    assert send(admin, "words", **{"before-fr": WORDS}).status_code == 303
    shown = admin.get("/staff/settings/words").text
    assert WORDS in shown.partition('class="preview')[2]
    assert "Brouillon, pas encore publié" in shown
    assert WORDS not in lina.get("/write").text
    assert publish(admin, "words").status_code == 303
    assert WORDS in lina.get("/write").text
    assert "Publié" in admin.get("/staff/settings/words").text


def test_the_preview_speaks_as_the_help_page_does(town: Town) -> None:
    """The same sentences, in the same order, and the same day."""
    admin, lina = town.browser("admin"), town.browser("lina")
    send(admin, "words", **{"before-fr": WORDS})
    send(admin, "delay", days="3")
    seen_by_admin = admin.get("/staff/settings/delay").text.partition('<ul class="before">')[2]
    before_publishing = lina.get("/write").text.partition('<ul class="before">')[2]
    publish(admin, "words")
    publish(admin, "delay")
    seen_by_pupil = lina.get("/write").text.partition('<ul class="before">')[2]
    end = 'class="own-words"'
    assert seen_by_admin.partition(end)[0] == seen_by_pupil.partition(end)[0]
    assert seen_by_admin.partition(end)[0] != before_publishing.partition(end)[0]


def test_publishing_publishes_what_is_on_the_screen(town: Town) -> None:
    admin, lina = town.browser("admin"), town.browser("lina")
    send(admin, "words", **{"before-fr": "Un vieux brouillon"})
    shown = admin.get("/staff/settings/words")
    assert "settings/publish/" not in shown.text
    form = {"seen": field(shown, "seen"), "before-fr": WORDS, "do": "publish"}
    assert admin.post("/staff/settings/words", form).status_code == 303
    assert WORDS in lina.get("/write").text
    assert "Un vieux brouillon" not in admin.get("/staff/settings/words").text


def test_nothing_wrong_is_published(town: Town) -> None:
    answer = send(town.browser("admin"), "delay", days="9", do="publish")
    assert answer.status_code == 422
    assert setting(town, "response_days") is None


def test_a_promise_is_published_only_by_one_who_has_ticked(town: Town) -> None:
    admin, lina = town.browser("admin"), town.browser("lina")
    promise = "Ici tout reste secret, viens."
    assert "un danger oblige à agir" not in admin.get("/staff/settings/words").text
    refused = send(admin, "words", **{"before-fr": promise}, do="publish")
    assert refused.status_code == 422
    assert promise in refused.text
    assert "un danger oblige à agir" in refused.text
    assert 'href="#aware"' in refused.text
    assert setting(town, "words") is None
    assert send(admin, "words", **{"before-fr": promise}).status_code == 303  # a draft may hold anything
    assert "un danger oblige à agir" in admin.get("/staff/settings/words").text
    assert publish(admin, "words").status_code == 422
    assert send(admin, "words", **{"before-fr": promise}, do="publish", aware="1").status_code == 303
    assert promise in lina.get("/write").text
    assert setting(town, "words") == {"before": {"fr": promise}}


def test_every_language_is_shown_beside_the_form_as_typed(town: Town) -> None:
    admin = town.browser("admin")
    texts = {"before-fr": "Passe nous voir.", "before-ar": "تعال إلينا."}
    send(admin, "words", **texts)
    wrong = send(admin, "words", **texts, **{"before-en": "x" * 700}, do="publish")
    for page in (admin.get("/staff/settings/words"), wrong):
        beside = page.text.partition("Vos mots dans chaque langue")[2].partition("</aside>")[0]
        assert all(text in beside for text in texts.values())
        assert ("x" * 700 in beside) is (page is wrong)


def test_the_schools_own_words_are_for_pupils(town: Town) -> None:
    admin = town.browser("admin")
    send(admin, "words", **{"before-fr": WORDS}, do="publish")
    assert WORDS in town.browser("lina").get("/write").text
    assert WORDS not in town.browser("karim").get("/write").text


def test_a_draft_is_dropped(town: Town) -> None:
    admin = town.browser("admin")
    send(admin, "words", **{"before-fr": WORDS})
    shown = admin.get("/staff/settings/words")
    dropped = admin.post("/staff/settings/discard/words", {"seen": field(shown, "seen")})
    assert dropped.status_code == 303
    assert WORDS not in admin.get("/staff/settings/words").text


def test_each_page_keeps_and_publishes_its_setting(town: Town) -> None:
    admin = town.browser("admin")
    assert send(admin, "hours", **HOURS, **{"closed-0-from": "2026-12-18"}).status_code == 303
    assert send(admin, "delay", days="2").status_code == 303
    assert setting(town, "hours") is None
    publish(admin, "hours")
    publish(admin, "delay")
    assert setting(town, "hours") == {"days": {"mon": ["08:00", "17:00"]}, "closed": ["2026-12-18"]}
    assert setting(town, "response_days") == 2
    shown = admin.get("/staff/settings/hours").text
    assert 'name="closed-0-from" type="date" value="2026-12-18"' in shown
    assert shown.count(" checked>") == 1


def test_publishing_leaves_a_line_in_the_audit_trail(town: Town) -> None:
    admin = town.browser("admin")
    send(admin, "delay", days="2")
    publish(admin, "delay")
    with town.house.database.reading() as db:
        lines = db.scalars(select(AuditLine).where(AuditLine.establishment_id == town.schools[COLLEGE]))
        assert [(one.action, one.account_id) for one in lines] == [
            ("settings.response_days.published", town.membership("admin").account_id)
        ]


@pytest.mark.parametrize(
    ("name", "fields", "sentence", "kept"),
    [
        ("hours", HOURS | {"mon-to": "07:00", "closed-1-from": "2026-12-18"}, "après l’ouverture", "07:00"),
        ("hours", {"mon-from": "09:10"}, "au moins un jour", "09:10"),
        ("hours", HOURS | {"closed-7-from": "bientôt"}, "un jour qui existe", "bientôt"),
        ("words", {"before-ar": "أهلا"}, "d’abord le texte en français", "أهلا"),
        ("words", {"before-fr": "long " * 130}, "trop long", "long long"),
        ("delay", {"days": "9"}, "une des réponses proposées", ""),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(
    town: Town, name: str, fields: dict[str, str], sentence: str, kept: str
) -> None:
    admin = town.browser("admin")
    answer = send(admin, name, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Il reste quelque chose à corriger" in answer.text
    assert kept in answer.text.partition('class="preview')[0]
    assert setting(town, {"delay": "response_days"}.get(name, name)) is None
    assert "Réglage de départ" in admin.get(f"/staff/settings/{name}").text


def test_every_mistake_links_to_its_field(town: Town) -> None:
    answer = send(town.browser("admin"), "hours", **{"mon-open": "1", "closed-0-from": "x"})
    for name in ("mon-from", "closed-0-from"):
        assert f'href="#{name}"' in answer.text
        assert f'id="{name}"' in answer.text
        assert f'aria-describedby="{name}-error"' in answer.text


def test_of_two_admins_the_second_is_told_and_loses_nothing(town: Town) -> None:
    first, second = town.browser("admin"), town.browser("admin")
    shown = second.get("/staff/settings/words")
    send(first, "words", **{"before-fr": "La version de l’autre"})
    late = second.post("/staff/settings/words", {"seen": field(shown, "seen"), "before-fr": "Ma version"})
    assert late.status_code == 409
    assert "Quelqu’un d’autre a changé ce réglage" in late.text
    typed, _preview, beside = late.text.partition('class="preview')
    assert "Ma version" in typed
    assert "La version de l’autre" in beside
    with town.house.database.reading() as db:
        kept = establishments.drafted(db, town.schools[COLLEGE], "words")
    assert kept == {"before": {"fr": "La version de l’autre"}}
    again = second.post("/staff/settings/words", {"seen": field(late, "seen"), "before-fr": "Ma version"})
    assert again.status_code == 303
    assert "Ma version" in second.get("/staff/settings/words").text


def test_two_admins_who_write_the_same_are_not_bothered(town: Town) -> None:
    first, second = town.browser("admin"), town.browser("admin")
    shown = second.get("/staff/settings/words")
    send(first, "words", **{"before-fr": WORDS})
    same = second.post("/staff/settings/words", {"seen": field(shown, "seen"), "before-fr": WORDS})
    assert same.status_code == 303


def test_one_publishes_what_one_has_seen(town: Town) -> None:
    first, second = town.browser("admin"), town.browser("admin")
    send(first, "words", **{"before-fr": "Relu"})
    shown = second.get("/staff/settings/words")
    send(first, "words", **{"before-fr": "Pas relu"})
    form = {"seen": field(shown, "seen"), "before-fr": "Relu", "do": "publish"}
    late = second.post("/staff/settings/words", form)
    assert late.status_code == 409
    assert "Quelqu’un d’autre a changé ce réglage" in late.text
    assert setting(town, "words") is None
    dropped = second.post("/staff/settings/discard/words", {"seen": field(shown, "seen")})
    assert dropped.status_code == 409


@pytest.mark.parametrize("name", ["words", "hours", "delay"])
def test_a_hidden_field_that_we_did_not_make_is_refused(town: Town, name: str) -> None:
    admin = town.browser("admin")
    good = {"words": {"before-fr": WORDS}, "hours": HOURS, "delay": {"days": "2"}}[name]
    elsewhere = field(admin.get(f"/staff/settings/{'hours' if name == 'delay' else 'delay'}"), "seen")
    for forged in ("", "x", "00" * 32, elsewhere):
        assert admin.post(f"/staff/settings/{name}", {"seen": forged, **good}).status_code == 400
        assert admin.post(f"/staff/settings/{name}", {"seen": forged, "before-fr": "x" * 999}).status_code == 400
        assert admin.post(f"/staff/settings/{name}", {"seen": forged, "do": "publish", **good}).status_code == 400
        assert admin.post(f"/staff/settings/discard/{name}", {"seen": forged}).status_code == 400
    assert "Réglage de départ" in admin.get(f"/staff/settings/{name}").text


def test_a_field_of_another_school_is_refused(town: Town) -> None:
    other = field(town.browser("other_admin").get("/staff/settings/words"), "seen")
    admin = town.browser("admin")
    assert admin.post("/staff/settings/words", {"seen": other, "before-fr": WORDS}).status_code == 400


def test_markup_is_shown_as_text(town: Town) -> None:
    admin = town.browser("admin")
    send(admin, "words", **{"before-fr": '<script>x</script> "&{{ 7*7 }}'})
    publish(admin, "words")
    for page in (admin.get("/staff/settings/words").text, town.browser("lina").get("/write").text):
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page
        assert "{{ 7*7 }}" in page


def test_another_schools_settings_stay_as_they_are(town: Town) -> None:
    admin = town.browser("admin")
    send(admin, "words", **{"before-fr": WORDS})
    publish(admin, "words")
    assert setting(town, "words", OTHER) is None
    assert WORDS not in town.browser("zoe").get("/write").text


def test_what_comes_from_above_is_said_and_may_be_replaced(town: Town) -> None:
    with town.house.database.writing() as db:
        above = establishments.above(db, town.schools[COLLEGE])[0]
        establishments.draft(db, above.id, "words", {"before": {"fr": "Du département"}})
        establishments.publish(db, above.id, "words")
    admin = town.browser("admin")
    shown = admin.get("/staff/settings/words").text
    assert "Repris du niveau au-dessus" in shown
    assert "Du département" in shown
    send(admin, "words", **{"before-fr": "Du département"})
    publish(admin, "words")
    assert "Publié" in admin.get("/staff/settings/words").text


def test_a_school_of_small_children_has_a_preview_of_its_own(town: Town) -> None:
    admin = newcomer(town, "Odile Fabre", ECOLE, Role.LOCAL_ADMIN)
    send(admin, "words", **{"before-fr": WORDS})
    beside = admin.get("/staff/settings/words").text.partition('class="preview')[2]
    assert beside.startswith(" for-young")
    assert "La classe ne le voit pas" in beside
    publish(admin, "words")
    start = town.browser("noe").get("/write").text
    assert beside.partition('<ul class="before">')[2].partition("</ul>")[0] in start
    assert WORDS in start
