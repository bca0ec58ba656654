"""Where links of content lead, by what the rooms say of themselves."""

from sqlalchemy.orm import Session

from ent_module.web import doors
from ent_module.web.content import address
from tests.support.town import Town

SLUG = "que-se-passe-t-il-quand-je-parle"


def test_a_room_s_door_is_where_its_tile_leads(town: Town, db: Session) -> None:
    with town.app.test_request_context("/ent/"):
        assert doors.door(db, town.lina, "resources") == "/ent/read"
        assert doors.door(db, town.alba, "resources") is None  # a door of the staff's side is no door to an adult
        assert doors.door(db, town.lina, "jobs") is None
        assert doors.door(db, town.lina, "nothing") is None


def test_links_of_a_text(town: Town, db: Session) -> None:
    with town.app.test_request_context("/ent/"):
        follow = doors.follow(db, town.noe)
        assert follow(f"sheet:{SLUG}") == f"/ent/read/{address(SLUG)}"
        assert follow("sheet:premiere-mise-en-place") is None  # not for this reader
        assert follow("sheet:absent") is None
        assert follow("unknown:x") is None
        assert follow("resources:") == "/ent/read"
        assert doors.follow(db, town.circo1)(f"sheet:{SLUG}") == f"/ent/staff/read/{address(SLUG)}"
