"""What is wrong with one sentence of the interface: a French one, or its translation.

What does not belong here: files and catalogues (tools/catalogues.py).
"""

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message, TranslationError

NARROW = "\u202f"
TAG = re.compile(r"<[^>]*>?")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdrfi]|\{\w*\}")
COUNTS = {"%(num)s", "%(count)s", "%(n)s"}  # a plural form may say the number in words
ENTITY = re.compile(r"&\w+;|&#\d+;")

TYPOGRAPHY = (
    (re.compile(r"\w'\w"), "a straight apostrophe: write ’"),
    (re.compile(r"[^\W\d_)»]?[ \u00a0][;:!?»]"), "a wide space before a mark: write a narrow one (U+202F)"),
    (re.compile(r"[\w)»][;!?]|[\w)»]:(?![\d/])"), "no space before a mark: write a narrow one (U+202F)"),
    (re.compile(r"«[^\u202f]|[^\u202f]»"), "a guillemet without its narrow space (U+202F)"),
    (re.compile(r"\.\.\."), "three full stops: write …"),
    (re.compile(r'"[^"]*"'), "straight quotes: write « »"),
)


def french_mistakes(message: Message) -> Iterator[str]:
    """The mistakes of a sentence as the program says it. Typography: Imprimerie nationale's rules."""
    for text in message.id if isinstance(message.id, (tuple, list)) else (message.id,):
        if text != text.strip() or "\n" in text:
            yield f"{text!r}: spaces or lines around it: use {{% trans trimmed %}}"
        plain = ENTITY.sub("", PLACEHOLDER.sub("x", TAG.sub("", text)))
        for pattern, advice in TYPOGRAPHY:
            if pattern.search(plain):
                yield f"{text!r}: {advice}"


def translation_mistakes(message: Message, catalog: Catalog) -> Iterator[str]:
    """The mistakes of a translation: something missing, other tags or placeholders, what Babel checks."""
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    if message.fuzzy:
        yield "marked as uncertain (fuzzy)"
    if not forms or not all(forms):
        yield "not translated" if not message.pluralizable else "a plural form is not translated"
        return
    if message.pluralizable:
        yield from _plural_mistakes(message, forms)
    else:
        yield from _single_mistakes(str(message.id), forms[0])
    try:
        problems = list(message.check(catalog))
    except TranslationError as error:
        problems = [error]
    yield from map(str, problems)


def _single_mistakes(french: str, form: str) -> Iterator[str]:
    if Counter(TAG.findall(french)) != Counter(TAG.findall(form)):
        yield f"other tags than the French: {form!r}"
    if Counter(PLACEHOLDER.findall(french)) != Counter(PLACEHOLDER.findall(form)):
        yield f"other placeholders than the French: {form!r}"
    if form != form.strip():
        yield f"spaces around it: {form!r}"


def _plural_mistakes(message: Message, forms: tuple[str, ...]) -> Iterator[str]:
    singular, plural = message.id[0], message.id[1]
    known = set(PLACEHOLDER.findall(singular)) | set(PLACEHOLDER.findall(plural))
    tags = Counter(TAG.findall(plural))
    for form in forms:
        here = set(PLACEHOLDER.findall(form))
        if here - known or known - here - COUNTS:
            yield f"other placeholders than the French: {form!r}"
        if Counter(TAG.findall(form)) != tags:
            yield f"other tags than the French: {form!r}"
