"""Where a launch may land: at an address of our own."""

from urllib.parse import urlsplit

from ent_module.config import Settings
from ent_module.web.safe_paths import own_path


def own_target(settings: Settings, address: str) -> str | None:
    """The path of a launch's target: None where it is not an address of ours, home where it is one of this room's."""
    ours = settings.public_url.rstrip("/")
    if not address.startswith(f"{ours}/") or not address.isprintable():
        return None
    path = urlsplit(ours).path + address[len(ours) :]
    home = f"{settings.home_path}/"
    if path == settings.home_path:
        return home
    if own_path(path, settings.home_path) != path:
        return None
    # Some platforms name the launch itself as the target (Open edX does).
    return home if path.startswith(f"{home}lti/") else path
