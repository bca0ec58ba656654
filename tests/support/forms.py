"""Reads the forms of a page as a browser without JavaScript does: fields, what is chosen already, where it goes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    ways: list[str] = field(default_factory=list)
    """The addresses that its buttons send it to instead."""

    def way(self, having: str) -> str:
        """Where it goes by the button whose address ends so; without such a button, its own address."""
        return next((one for one in self.ways if having and one.endswith(having)), self.action)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._text = ""
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None:
            return
        name = given.get("name", "")
        if name:
            self._form.names.add(name)
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in {"checkbox", "radio"} or "checked" in given:
                self._form.values.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._form.buttons.append((name, given.get("value", "")))
            self._form.ways += [given["formaction"]] if "formaction" in given else []
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._form.values):
            self._form.values[self._select] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._form is not None and self._area:
            self._form.values[self._area] = [self._text.removeprefix("\n")]
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


def forms(page: str) -> list[Form]:
    """The forms of a page that are sent by POST, without the footer's choice of language."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.method == "post" and not form.action.endswith("/language")]


def form(page: str, having: str = "") -> Form:
    """The first form that goes to an address that ends with `having`, or that has a field of that name."""
    found = [one for one in forms(page) if one.way(having).endswith(having) or having in one.names]
    assert found, f"no form {having!r} on the page: {[one.action for one in forms(page)]}"
    return found[0]
