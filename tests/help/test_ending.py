"""A conversation ends with an outcome, and where the outcome needs it with a reference; the writer learns no more."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from ent_module.help.model import outcomes
from ent_module.help.model.moves import State
from ent_module.help.model.outcomes import Outcome
from ent_module.help.tables import Conversation
from tests.help.steps import act, actions_of, opened, row_of, seen, step_on, token_on, write
from tests.support.database import every_byte
from tests.support.town import Town

REFERENCE = "FE-2026-0417"


def test_nothing_is_closed_without_an_outcome(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    refused = act(petit, str(written.id), "close", outcome="", note="À part.")
    assert refused.status_code == 422
    assert "Choisissez l’issue avant de clore." in refused.text
    assert ">\nÀ part.</textarea>" in refused.text
    assert act(petit, str(written.id), "close", outcome="erased").status_code == 400
    assert row_of(town, written).outcome is None
    assert act(petit, str(written.id), "close", outcome="acted").status_code == 303
    row = row_of(town, written)
    assert (row.state, row.outcome) == (State.CLOSED, "acted")
    assert "Un adulte a agi dans l’établissement" in seen(town.browser("roux").get(f"/staff/desk/{written.id}"))


@pytest.mark.parametrize("outcome", sorted(outcomes.NEED_REFERENCE))
def test_what_must_be_found_again_needs_a_reference_that_is_kept_sealed(town: Town, outcome: str) -> None:
    written, petit = write(town), town.browser("petit")
    refused = act(petit, str(written.id), "close", outcome=outcome)
    assert refused.status_code == 422
    assert "Écrivez la référence" in refused.text
    assert act(petit, str(written.id), "close", outcome=outcome, reference="x" * 201).status_code == 422
    more = {"reference": REFERENCE, "parents": "against_interest"}
    assert act(petit, str(written.id), "close", outcome=outcome, **more).status_code == 303
    page = seen(town.browser("roux").get(f"/staff/desk/{written.id}"))
    assert f"Référence : {REFERENCE}" in page
    assert "Parents non informés : contraire à l’intérêt de l’enfant" in page
    with town.house.database.reading() as db:
        everything = every_byte(db)
    assert REFERENCE.encode() not in everything
    assert b"against_interest" not in everything
    assert outcome.encode() in everything  # control: this alone is in the clear


def test_a_reference_typed_beside_another_button_is_not_lost(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    page = act(petit, str(written.id), "take", reference=REFERENCE, outcome="facts", parents="adult_pupil")
    assert page.status_code == 200
    assert f'value="{REFERENCE}"' in page.text
    assert '<option value="facts" selected>' in page.text
    assert '<option value="adult_pupil" selected>' in page.text


def test_the_outcome_goes_when_it_is_reopened(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    act(petit, str(written.id), "close", outcome="acted")
    act(petit, str(written.id), "reopen")
    assert row_of(town, written).outcome is None
    assert actions_of(town, written)[-2:] == ["close", "reopen"]


def test_the_writer_reads_nothing_of_the_reference_or_the_parents(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    act(petit, str(written.id), "close", outcome="facts", reference=REFERENCE, parents="against_interest")
    page = opened(town.browser("lina"), written.code).text
    for secret in (REFERENCE, "Faits établissement", "contraire"):
        assert secret not in page
    assert {one for one in Outcome if outcomes.has_acted(one)} == {"acted", "facts", "transmitted"}
    assert not outcomes.has_acted(None)


def test_no_other_word_can_be_written_as_an_outcome(town: Town) -> None:
    written = write(town)
    with town.house.database.writing() as db:
        db.get_one(Conversation, (written.school, written.id)).outcome = "harceleur"
        with pytest.raises(IntegrityError):
            db.flush()
        db.rollback()


def test_a_closing_sent_twice_is_one_note(town: Town) -> None:
    written, petit = write(town), town.browser("petit")
    page = petit.get(f"/staff/desk/{written.id}").text
    sent: dict[str, Any] = {"token": token_on(page), "step": step_on(page), "outcome": "talked", "done": "Vu."}
    assert petit.post(f"/staff/desk/{written.id}/close", sent).status_code == 303
    assert petit.post(f"/staff/desk/{written.id}/close", sent).status_code == 409
    assert seen(petit.get(f"/staff/desk/{written.id}")).count("Ce qui a été fait") == 1
