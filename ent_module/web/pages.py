"""Makes pages from templates, in a Jinja environment of our own.

In a host's environment its folders could shadow our templates, its options could switch escaping off, and its context
processors would run, and fail, on pages that they do not know.
"""

from collections.abc import Callable, Hashable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import current_app, request, template_rendered
from flask_babel import force_locale
from jinja2 import Environment, FileSystemLoader, nodes
from jinja2.environment import TemplateModule
from jinja2.visitor import NodeTransformer

from ent_module.languages import LANGUAGES
from ent_module.web import language, parts
from ent_module.web.house import house


class _Spoken(Environment):
    """An environment whose templates are compiled in one language."""

    def __init__(self, spoken: str, **options: Any) -> None:
        super().__init__(**options)
        self._spoken = spoken

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree: nodes.Template = _Translator(self._spoken).visit(super()._parse(source, name, filename))
        return tree


class _Translator(NodeTransformer):
    """Puts the reader's words where a template has `_("…")` and nothing else: a page has dozens of these."""

    def __init__(self, spoken: str) -> None:
        self._spoken = spoken

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802  # the library names it after the node
        self.generic_visit(call)
        alone = isinstance(call.node, nodes.Name) and call.node.name == "_" and len(call.args) == 1 and not call.kwargs
        if not (alone and isinstance(call.args[0], nodes.Const)):
            return call
        said = language.translations(self._spoken).ugettext(call.args[0].value) % {}  # as gettext does: %% is one %
        return nodes.MarkSafe(nodes.Const(said, lineno=call.lineno), lineno=call.lineno)


def environments() -> dict[str, Environment]:
    """One for each language, so that no text on a page has to ask which language it is in."""
    return {spoken: _environment(spoken) for spoken in LANGUAGES}


def _environment(spoken: str) -> Environment:
    """Every room's templates (`<room>/templates/ent/…`), escaped always, with texts from our own catalogues."""
    rooms = sorted(Path(str(files("ent_module"))).glob("*/templates/ent"))
    made = _Spoken(
        spoken,
        loader=FileSystemLoader([folder.parent for folder in rooms]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        auto_reload=False,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # comes with the extension
        gettext=lambda text: language.translations(spoken).ugettext(text),
        ngettext=lambda one, several, number: language.translations(spoken).ungettext(one, several, number),
        newstyle=True,
    )
    return made


def part_in(spoken: str, name: str, /, **values: Any) -> TemplateModule:
    """A part of a page in that language, whatever the reader's is: for a template to put where it belongs."""
    with force_locale(spoken):
        return house().templates[spoken].get_template(name).make_module(parts.context() | values)


def render_template(name: str, /, **values: Any) -> str:
    """The page that a template makes of these values and of what every page has (`parts.context`)."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # as Flask's own function does
    template = house().templates[language.language()].get_template(name)
    context = parts.context() | values
    page = template.render(context)
    template_rendered.send(app, _async_wrapper=app.ensure_sync, template=template, context=context)
    return page


def part(name: str, of: tuple[Hashable, ...], values: Callable[[], Mapping[str, Any]]) -> str:
    """A part of pages that is the same for all who may see it and never changes: made once, then kept (`kept`).

    `of` says everything that `values` depend on. The template knows the language and what is the same on every page
    (`parts.common`), and nothing of whoever asks: neither the person nor a form's token can get into it.
    """
    ours, spoken = house(), language.language()
    key = (name, spoken, request.script_root, request.blueprint, *of)

    def made() -> str:
        template = ours.templates[spoken].get_template(name)
        return template.make_module({**parts.common(), **values()}).__html__()  # escaped: it says so of itself

    return made() if current_app.debug else ours.kept.get(key, made)
