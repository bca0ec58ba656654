"""The words of LimeSurvey: its types of questions, what they become here, and why some do not."""

from ent_module.surveys.interchange.findings import Why
from ent_module.surveys.interchange.outline import Answer

SINGLE = frozenset("L!O")
MULTIPLE = frozenset("MP")
ARRAYS = frozenset("FHABCE")
FREE = frozenset("STUQ;")
WORDS = frozenset("ST")
"""Of these, the ones with one text to write, short or long."""
REASONS: dict[str, Why] = {"D": Why.DATE, "|": Why.RECORDING, "*": Why.CALCULATION}


def _points(most: int) -> list[Answer]:
    return [Answer(str(n), dict.fromkeys(("fr", "en", "ar"), str(n))) for n in range(1, most + 1)]


def _answer(code: str, fr: str, en: str, ar: str) -> Answer:
    return Answer(code, {"fr": fr, "en": en, "ar": ar})


_YES, _NO = _answer("Y", "Oui", "Yes", "نعم"), _answer("N", "Non", "No", "لا")
FIXED: dict[str, list[Answer]] = {
    "Y": [_YES, _NO],
    "5": _points(5),
    "A": _points(5),
    "B": _points(10),
    "C": [_YES, _answer("U", "Je ne sais pas", "I do not know", "لا أعرف"), _NO],
    "E": [
        _answer("I", "Plus", "More", "أكثر"),
        _answer("S", "Pareil", "The same", "كما كان"),
        _answer("D", "Moins", "Less", "أقل"),
    ],
    "G": [_answer("F", "Fille", "Girl", "بنت"), _answer("M", "Garçon", "Boy", "ولد")],
}
"""Types whose answers stand in no file, because they are always the same."""
OTHER_CHOICE = _answer("-oth-", "Autre", "Other", "غير ذلك")
TRACES = {"datestamp": "Y", "ipaddr": "Y", "refurl": "Y", "savetimings": "Y", "anonymized": "N"}
"""Settings by which LimeSurvey keeps what leads back to whoever answered."""
NOT_KEPT = frozenset(
    {
        "surveyls_welcometext",
        "surveyls_description",
        "surveyls_endtext",
        "surveyls_policy_notice",
        "quota",
        "assessments",
    }
)
TOLD: dict[str, Why] = {
    "preg": Why.CONSTRAINT,
    "em_validation_q": Why.CONSTRAINT,
    "em_validation_sq": Why.CONSTRAINT,
    "min_answers": Why.CONSTRAINT,
    "max_answers": Why.CONSTRAINT,
    "exclude_all_others": Why.CONSTRAINT,
    "array_filter": Why.FILTER,
    "array_filter_exclude": Why.FILTER,
    "default": Why.DEFAULT,
    "random_order": Why.APPEARANCE,
}
"""Settings of a question, and what is said of them."""
