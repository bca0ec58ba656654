"""The stylesheets: measured colours in light and dark, and nothing that would not mirror for Arabic."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import ent_module

PACKAGE = Path(ent_module.__file__).parent
SHEETS = sorted(PACKAGE.glob("*/static/**/*.css"))
TEXT, EDGE = 4.5, 3.0
"""Least contrasts of WCAG 2.2: success criteria 1.4.3 (text, level AA) and 1.4.11 (edges of controls)."""

# On paper, in light and dark: what was measured when the colours were chosen, far above what WCAG asks for.
MEASURED = {
    "ink": (14.0, 14.6),
    "muted": (6.1, 8.1),
    "main": (7.5, 9.4),
    "second": (8.1, 8.8),
    "urgent": (7.1, 9.7),
    "done": (6.2, 10.0),
    "border": (3.4, 4.1),
}
SOFT = ("main-soft", "second-soft", "urgent-soft", "done-soft")
NOT_TOKENS = {
    # quick exit covers everything before the neutral page comes
    ("ent.css", "background", "#fff"),
    # a drawing that cameras read
    ("surveys.css", "background", "#fff"),
    ("surveys.css", "fill", "#000"),
    ("help.css", "background", "#fff"),
    ("help.css", "fill", "#000"),
    ("shares.css", "background", "#fff"),
    ("shares.css", "fill", "#000"),
    # on paper
    ("lessons.css", "border", "1px solid #000"),
}

Declaration = tuple[str, str, str]
_DECLARATION = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<value>[^;{}]*);(?P<why>[ \t]*/\*[^*]*\*/)?")
_PHYSICAL = re.compile(r"(^|-)(left|right|top|bottom)(-|$)|^(min-|max-)?(width|height)$")
_SIDES = re.compile(r"\b(left|right)\b")
_SHORTHANDS = {"margin", "padding", "inset", "border-width", "border-style", "border-color", "border-radius"}
_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)\(|\b(?:white|black)\b", re.IGNORECASE
)


def declarations(css: str) -> list[Declaration]:
    """Names, values, and the comment that stands behind on the same line."""
    return [(one["name"], one["value"].strip(), one["why"] or "") for one in _DECLARATION.finditer(css)]


def values(text: str) -> list[str]:
    """The parts of a value: at spaces that stand in no brackets."""
    return re.findall(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+", text)


def one_sided(name: str, value: str) -> bool:
    """Whether a declaration means left or right, top or bottom, and not start or end."""
    if _PHYSICAL.search(name) or (_SIDES.search(value) and not name.startswith("--")):
        return True
    parts = values(value)
    return name in _SHORTHANDS and len(parts) == 4 and parts[1] != parts[3]


def tokens() -> dict[str, dict[str, str]]:
    """The colours of the house by name, in light and dark."""
    css = (PACKAGE / "web" / "static" / "ent.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root\s*{([^}]*)}", css)
    assert len(blocks) == 2
    light, dark = ({name[2:]: value for name, value, _why in declarations(block)} for block in blocks)
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb, as WCAG 2.2 defines it (w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    digits = colour.removeprefix("#")
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def pairs() -> Iterator[tuple[str, str, float]]:
    """What stands on what somewhere, and the contrast that it needs."""
    grounds = ("paper", "raised", *SOFT)
    for text, ground in product(("ink", "muted", "main", "second", "urgent", "done"), grounds):
        yield text, ground, TEXT
    for accent in ("main", "second"):
        yield "on-accent", accent, TEXT  # words on a button
    for edge, ground in product(("border", "main", "second", "urgent", "done"), grounds):
        yield edge, ground, EDGE


@pytest.mark.parametrize(
    ("one", "other", "known"), [("#000", "#ffffff", 21.0), ("#777", "#fff", 4.48), ("#abc", "#abc", 1.0)]
)
def test_contrast_is_measured_as_wcag_defines_it(one: str, other: str, known: float) -> None:
    assert contrast(one, other) == pytest.approx(known, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", MEASURED)
def test_on_paper_no_colour_is_weaker_than_it_was_chosen(name: str, scheme: str) -> None:
    known, found = tokens()[scheme], MEASURED[name][scheme == "dark"]
    assert contrast(known[name], known["paper"]) >= found - 0.05


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_can_be_read(scheme: str) -> None:
    known = tokens()[scheme]
    weak = {
        f"{one} on {ground}": round(found, 2)
        for one, ground, least in pairs()
        if (found := contrast(known[one], known[ground])) < least
    }
    assert weak == {}


def test_every_colour_has_its_dark_one() -> None:
    light = {name for name, value in tokens()["light"].items() if value.startswith("#")}
    css = (PACKAGE / "web" / "static" / "ent.css").read_text(encoding="utf-8")
    dark = css.partition("prefers-color-scheme: dark")[2].partition("}")[0]
    assert light <= {name[2:] for name, _value, _why in declarations(dark)}


def test_the_class_screen_is_the_same_in_a_dark_room() -> None:
    """A projector drowns everything but black on white: what the system prefers is left aside, for every colour."""
    css = (PACKAGE / "lessons" / "static" / "lessons.css").read_text(encoding="utf-8")
    own = {name[2:]: value for name, value, _why in declarations(css.partition(".projector {")[2].partition("}")[0])}
    for name in ("ink", "muted", "main"):
        assert contrast(own[name], own["paper"]) >= TEXT
    assert contrast(own["ink"], own["paper"]) == pytest.approx(21)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
class TestSheet:
    def test_every_declaration_ends_as_it_is_read_here(self, sheet: Path) -> None:
        css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"[^;{}\s]\s*}", css)

    def test_nothing_has_a_left_or_a_right(self, sheet: Path) -> None:
        """What must not mirror says why on its line: `/* physical: … */`."""
        sided = [
            f"{name}: {value}"
            for name, value, why in declarations(sheet.read_text(encoding="utf-8"))
            if one_sided(name, value) and "physical:" not in why
        ]
        assert sided == []

    def test_colours_are_tokens(self, sheet: Path) -> None:
        if sheet.parent.parent.name == "demo":
            return  # the demo portal is another site, with colours of its own
        own = {
            (sheet.name, name, value)
            for name, value, _why in declarations(sheet.read_text(encoding="utf-8"))
            if not name.startswith("--") and _COLOUR.search(value)
        }
        assert own <= NOT_TOKENS


@pytest.mark.parametrize(
    ("name", "value", "sided"),
    [
        ("margin-left", "1px", True),
        ("border-top-right-radius", "1px", True),
        ("left", "0", True),
        ("max-width", "3rem", True),
        ("text-align", "right", True),
        ("margin", "0 1px 0 2px", True),
        ("padding", "calc(2 * var(--space)) 1px 0 calc(3 * 1px)", True),
        ("margin", "0 calc(2 * 1px) 1px calc(2 * 1px)", False),
        ("margin", "1px 0 2px", False),
        ("margin-inline-start", "auto", False),
        ("text-align", "start", False),
        ("max-inline-size", "3rem", False),
        ("line-height", "1.6", False),
        ("stroke-width", "2", False),
    ],
)
def test_what_counts_as_one_sided(name: str, value: str, sided: bool) -> None:
    assert one_sided(name, value) is sided
