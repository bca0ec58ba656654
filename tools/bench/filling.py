"""What stands in the database while it is measured, put in through the rooms' own services and copied to the second.

A collège whose pupils are asked a questionnaire, two whose listeners hold few and many conversations, two whose survey
has ended, and one that has the results of a million ballots. The survey is the same in all of them: one list of keys.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from ent_module.database import Base, Database
from ent_module.establishments import service as establishments
from ent_module.establishments.calendar import paris
from ent_module.establishments.model import Kind
from ent_module.help.model.draft import Audience, Draft
from ent_module.help.service import writing
from ent_module.help.service.header import Writer
from ent_module.identity import service as identity
from ent_module.identity.model import Arrival, Person, Profile, Role, as_session_value
from ent_module.identity.tables import Account
from ent_module.sign_in import service as sign_in
from ent_module.surveys.content import questionnaires
from ent_module.surveys.model import Joining
from ent_module.surveys.service import opening
from ent_module.surveys.tables import Campaign
from ent_module.web import csrf, sessions
from ent_module.web.house import House
from tools.bench import ballots, counted
from tools.bench.apps import FLOOR_TABLES, GREETED, GREETINGS

FEW, MANY = 10, 10_000
CLASSES = tuple(f"{level}e {letter}" for level in (6, 5, 4, 3) for letter in "ABCDEF")
ASKED, CALM, BUSY, SMALL, LARGE, SHOWN = (f"059000{number}X" for number in range(6))
"""The collège that is asked; few conversations, many; a tenth of the ballots to count, all of them; results."""
_BATCH = 500
_FEW_WORDS = "On se moque de moi dans la cour et sur le groupe de la classe depuis la rentrée."
