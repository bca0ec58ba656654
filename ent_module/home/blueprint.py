"""The room's URL table and its record."""

from ent_module.home import views
from ent_module.identity.model import ANYONE, SIGNED_IN
from ent_module.rooms import Room
from ent_module.web.urls import Url

PUBLIC = (
    Url("/", "home", views.home, ANYONE),
    Url("/me", "me", views.me, SIGNED_IN),
    Url("/work-in", "work_in", views.work_in, SIGNED_IN, ("POST",)),
)
ROOM = Room(name="home", public=PUBLIC, public_on=("public", "staff"))
