"""What the tests of mails and presence do: addresses, settings, reading a letter."""

from email.message import EmailMessage

from sqlalchemy import select

from ent_module.establishments import service as establishments
from ent_module.help.service import listening
from ent_module.help.tables import Notice
from tests.help.steps import NOW
from tests.support.town import Town


def reach(town: Town, *names: str, uai: str | None = None) -> None:
    """These listeners have a checked address."""
    with town.house.database.writing() as db:
        for name in names:
            me = town.membership(name, uai)
            listening.set_address(db, town.house.keys, me, f"{name}@ac.example", "fr", NOW.date())
            row = listening.row_of(db, me.establishment_id, me.account_id)
            assert row is not None
            assert listening.check(db, town.house.keys, me, listening.token(town.house.keys, row), NOW.date())
        for notice in db.scalars(select(Notice), execution_options={"across": True}):
            db.delete(notice)


def setting(town: Town, uai: str, name: str, value: object) -> None:
    with town.house.database.writing() as db:
        establishments.draft(db, town.schools[uai], name, value)
        establishments.publish(db, town.schools[uai], name)


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_content())
