"""Custody of a campaign's key in two shares: made before the opening, tried once, and asked for again at the end.

The key is in clear only in a process of its own (`one_shot`), which is handed the shares through a pipe. The database
has it wrapped; the shares are kept nowhere, and nobody gives them back.
"""

import json
import os
import subprocess
import sys
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, update
from sqlalchemy.orm import Session

from ent_module.privacy import custody
from ent_module.privacy.custody import Shares
from ent_module.surveys.service.restoring import trouble
from ent_module.surveys.tables import Campaign
from ent_module.web.house import House

LIMIT = 10
"""Tries of one campaign's shares in one hour."""
_ALONE = Lock()
"""One at a time in each process that serves: each takes a quarter of a gibibyte."""


class OneShotError(Exception):
    """The process could not do its work, for another reason than its shares. Nothing has changed."""


class TooManyTriesError(Exception):
    """The shares of this campaign were tried LIMIT times within this hour."""


def draw(campaign_id: UUID) -> tuple[Shares, bytes]:
    """Two shares, and the key that they open, wrapped. Raises OneShotError."""
    made = _run("make", campaign_id)
    return Shares(tuple(made["phrase"]), bytes.fromhex(made["paper"])), bytes.fromhex(made["wrapped"])


def opens(campaign: Campaign, shares: Shares) -> bool:
    """Whether the shares open the campaign's key. Raises OneShotError."""
    return bool(_run("open", campaign.id, **_given(campaign, shares))["opened"])


def count(house: House, campaign: Campaign, shares: Shares) -> bool:
    """Counts the ballots of an ended campaign; False where the shares do not open its key. Raises OneShotError, beside
    a database that came back too."""
    with house.database.reading() as db:
        if (why := trouble(db, house.store)) is not None:
            raise OneShotError(why)
    installation = {
        "database": house.database.engine.url.render_as_string(hide_password=False),
        "key_file": str(house.settings.resolved_key_file.absolute()),
        "establishment": str(campaign.establishment_id),
    }
    return bool(_run("count", campaign.id, **_given(campaign, shares), **installation)["opened"])


def take_try(db: Session, establishment_id: UUID, campaign_id: UUID, now: datetime) -> None:
    """Notes a try of the shares before it is made, so that parallel ones are all counted. Raises TooManyTriesError."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    again = Campaign.tried_in == hour
    taken = db.execute(
        update(Campaign)
        .where(
            Campaign.establishment_id == establishment_id,
            Campaign.id == campaign_id,
            or_(Campaign.tried_in.is_(None), Campaign.tried_in != hour, Campaign.tries < LIMIT),
        )
        .values(tried_in=hour, tries=case((again, Campaign.tries + 1), else_=1))
        .returning(Campaign.id)
    ).first()
    if taken is None:
        raise TooManyTriesError


def _given(campaign: Campaign, shares: Shares) -> dict[str, Any]:
    if campaign.wrapped is None:
        raise LookupError("the campaign has no wrapped key")
    return {"wrapped": campaign.wrapped.hex(), "phrase": shares.phrase, "paper": shares.paper.hex()}


def _run(work: str, campaign_id: UUID, **more: Any) -> dict[str, Any]:
    """What a process of its own answers. Raises OneShotError."""
    told = json.dumps({"work": work, "campaign": str(campaign_id), "cost": astuple(custody.COST), **more})
    with _ALONE:
        done = subprocess.run(  # noqa: S603  # our own program
            [_python(), "-m", "ent_module.surveys.one_shot"],
            input=told.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise OneShotError(f"ended with {done.returncode}") from None
    if "failed" in answer:
        raise OneShotError(answer["failed"])
    return answer


def _python() -> str:
    """The interpreter of this installation; under some servers `sys.executable` is the server."""
    mine = Path(sys.prefix, "bin", "python3")
    return str(mine) if mine.exists() else sys.executable
