"""The pages that every installation has, whatever rooms are installed."""

from ent_module.rooms import Room
from ent_module.web import views
from ent_module.web.parts import EVERYBODY
from ent_module.web.static_files import serve_static
from ent_module.web.urls import Url

PUBLIC = (
    Url("/static/<revision>/<path:path>", "static", serve_static, EVERYBODY),
    Url("/leave", "leave", views.leave, EVERYBODY, writes_on_get="quick exit must work by a plain link"),
    Url("/language", "language", views.choose_language, EVERYBODY, ("POST",)),
    Url("/healthz", "healthz", views.healthz, EVERYBODY),
    Url("/readyz", "readyz", views.readyz, EVERYBODY),
    Url("/accessibility", "accessibility", views.accessibility, EVERYBODY),
    Url("/legal", "legal", views.legal, EVERYBODY),
    Url("/personal-data", "personal_data", views.personal_data, EVERYBODY),
    Url("/site-map", "site_map", views.site_map, EVERYBODY),
    Url("/using", "using", views.using, EVERYBODY),
)
ROOM = Room(name="web", public=PUBLIC, public_on=("public", "staff"))
