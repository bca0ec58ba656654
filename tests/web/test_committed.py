"""An answer that is made after the commit: others see what was written, and a failure takes nothing back."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from ent_module.privacy.blind import SigningFaultError
from ent_module.surveys.service import issuing
from ent_module.surveys.tables import Issuance
from tests.support.town import Town
from tests.surveys.campaign import started
from tests.surveys.pages import blinded_token, token


def test_a_token_is_signed_after_its_row_is_committed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, seen = started(town, "6e B"), []
    made = issuing.issue

    def watched(*values: Any) -> Callable[[], bytes]:
        sign = made(*values)

        def watching() -> bytes:
            with town.house.database.writing() as other:  # nobody holds the database
                seen.append(other.scalar(select(func.count()).select_from(Issuance).execution_options(across=True)))
            if len(seen) == 1:
                raise SigningFaultError
            return sign()

        return watching

    monkeypatch.setattr(issuing, "issue", watched)
    lina, blinded = town.browser("lina"), blinded_token()
    assert token(lina, campaign, blinded).status_code == 503
    again = token(lina, campaign, blinded)
    assert (again.status_code, len(again.data)) == (200, 384)
    assert seen == [1, 1]
