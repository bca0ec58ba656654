"""The words of XLSForm: types of rows, what they become here, and why some do not."""

import re

from ent_module.surveys.interchange.findings import Why

PROGRAM = "XLSForm"
SELECTS = {"select_one": "one", "select_multiple": "several"}
WORDS = frozenset({"text", "string"})
"""Types that are answered in words."""
TYPES = {ours: theirs for theirs, ours in SELECTS.items()} | {"number": "integer", "text": "text"}
BEGINS = frozenset({"begin group", "begin repeat", "begin score", "begin kobomatrix", "begin rank"})
ENDS = frozenset({"end group", "end repeat", "end score", "end kobomatrix", "end rank"})
_TRACES = ("start", "end", "today", "deviceid", "username", "subscriberid", "simserial", "audit")
REASONS: dict[str, Why] = {
    **dict.fromkeys(_TRACES, Why.TRACE),
    **dict.fromkeys(("email", "phonenumber"), Why.PERSON),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "start-geopoint", "background-geopoint"), Why.PLACE),
    **dict.fromkeys(("audio", "background-audio", "image", "photo", "video", "file", "barcode"), Why.RECORDING),
    **dict.fromkeys(("date", "time", "datetime"), Why.DATE),
    **dict.fromkeys(("calculate", "calculate_here", "hidden", "xml-external", "csv-external"), Why.CALCULATION),
}
"""Types of which nothing is carried over, and why."""
TOLD = {
    "required": Why.REQUIRED,
    "choice_filter": Why.FILTER,
    "default": Why.DEFAULT,
    "calculation": Why.CALCULATION,
}
"""Columns beside a question, and what is said of them."""
IGNORED = frozenset({"required_message", "constraint_message", "$autoname", "$kuid", "kuid", "_"})
"""Columns that ask nothing: messages of rules that are told of anyway, and names that KoboToolbox gives."""
_ALIASES = {
    "select one": "select_one",
    "select1": "select_one",
    "select one from": "select_one",
    "select multiple": "select_multiple",
    "select multiple from": "select_multiple",
    "select all that apply from": "select_multiple",
    "select all that apply": "select_multiple",
    "int": "integer",
    "phone number": "phonenumber",
    "gps": "geopoint",
    "location": "geopoint",
}
_MARK = re.compile(r"(begin|end)[ _]+(group|repeat|score|kobomatrix|rank)")
_SELECT = re.compile(
    r"(select one from|select_one|select one|select1|select_multiple|select multiple from"
    r"|select all that apply from|select multiple|select all that apply)\s+(\S.*)"
)


def normalised_type(text: str) -> tuple[str, str]:
    """The type of a row in one spelling, and what follows it: the list of a select."""
    spaced = " ".join(text.split())
    low = spaced.casefold()
    if mark := _MARK.fullmatch(low):
        return f"{mark[1]} {mark[2]}", ""
    if select := _SELECT.fullmatch(low):
        rest = spaced[len(select[1]) :].strip()
        return _ALIASES.get(select[1], select[1]), rest
    return _ALIASES.get(low, low), ""
