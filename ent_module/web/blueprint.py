"""The pages that every installation has, whatever rooms are installed."""

from ent_module.rooms import Room
from ent_module.web import tabs, views
from ent_module.web.parts import EVERYBODY, SOMEBODY
from ent_module.web.static_files import serve_static
from ent_module.web.urls import Url

PUBLIC = (
    Url("/static/<revision>/<path:path>", "static", serve_static, EVERYBODY),
    Url("/leave", "leave", views.leave, EVERYBODY, writes_on_get="quick exit must work by a plain link"),
    Url("/leave/<token>", "leave_frame", views.leave, EVERYBODY, writes_on_get="the same, out of a portal's frame"),
    Url("/tab", "new_tab", tabs.new_tab, SOMEBODY, ("POST",)),
    Url("/tab/open", "open_tab", tabs.open_tab, EVERYBODY, ("POST",), proof="the one-time token, sent by our own page"),
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
