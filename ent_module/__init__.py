"""A module for school portals: surveys, lessons, sheets, and a discreet way to reach an adult.

`EntModule().init_app(app)` puts it into a Flask application; `create_app()` makes one of its own; `is_ours()` tells
a host whether the present request is for the module.
Names are imported when they are asked for, so that a room never imports the floors above it.
"""

from typing import Any

__all__ = ["EntModule", "create_app", "is_ours"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from ent_module import extension

        return getattr(extension, name)
    raise AttributeError(name)
