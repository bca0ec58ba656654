"""Where a form or a sign-in may send someone back to: a path of our own, else home."""

from urllib.parse import unquote


def own_path(wanted: str, prefix: str) -> str:
    r"""`wanted` where it is a plain path under the prefix, else the home page.

    Browsers read `//host`, `/\host` and addresses with control characters as other sites, and `%2e%2e` as `..`.
    """
    home = f"{prefix}/"
    if any(ord(char) < 0x21 or ord(char) == 0x7F or char == "\\" for char in wanted):
        return home
    return wanted if wanted.startswith(home) and ".." not in unquote(wanted) else home
