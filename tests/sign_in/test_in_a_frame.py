"""A portal's sign-in page lets nobody frame it: in a frame, the way to it opens a tab."""

from ent_module.sign_in.oidc import portals
from tests.support.town import COLLEGE, Town


def test_the_way_in_opens_a_tab_in_frames_only(town: Town) -> None:
    with town.house.database.writing() as db:
        portals.register(
            db,
            town.house.keys,
            town.house.settings,
            name="ENT du Nord",
            issuer="https://kc.example/realms/ent",
            client_id="ent-module",
            secret="s" * 32,
            uais=[COLLEGE],
        )
    for headers, opens in (({"Sec-Fetch-Dest": "iframe"}, True), ({"Sec-Fetch-Dest": "document"}, False), ({}, False)):
        page = town.browser().get("/", headers=headers).text
        assert "Se connecter par ENT du Nord" in page
        assert ('target="_blank" rel="noopener"' in page.partition("<main")[2]) is opens
