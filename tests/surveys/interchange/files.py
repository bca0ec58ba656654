"""Files of other survey programs, made here as those programs make them."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

Table = Sequence[Sequence[str]]


def workbook(**sheets: Table) -> bytes:
    """A workbook; the first line of each sheet names its columns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, text)
    book.close()
    return out.getvalue()


def form(*questions: Mapping[str, str], choices: Table = (), settings: Mapping[str, str] | None = None) -> bytes:
    """An XLSForm with these rows, and a list `yn` of yes and no besides `choices`."""
    headings = list(dict.fromkeys(["type", "name", "label", *(key for row in questions for key in row)]))
    named = {"form_title": "Essai", "form_id": "essai", "default_language": "French (fr)", **(settings or {})}
    return workbook(
        survey=[headings, *([row.get(heading, "") for heading in headings] for row in questions)],
        choices=[["list_name", "name", "label"], ["yn", "no", "Non"], ["yn", "yes", "Oui"], *choices],
        settings=[list(named), list(named.values())],
    )


def asks(name: str, kind: str = "select_one yn", label: str = "Une question", **more: str) -> dict[str, str]:
    """A row of the sheet `survey`."""
    return {"type": kind, "name": name, "label": label, **more}


_SURVEY: Table = [
    [
        "type",
        "name",
        "label::Français (fr)",
        "label::English (en)",
        "hint::Français (fr)",
        "required",
        "relevant",
        "constraint",
        "appearance",
        "kobo--score-choices",
        "$kuid",
    ],
    ["start", "start"],
    ["end", "end"],
    ["deviceid", "deviceid"],
    ["begin_group", "vie", "Au collège", "At school", "", "", "", "", "", "", "k1"],
    ["note", "intro", "Il n’y a pas de bonne réponse.", "There is no right answer."],
    ["select_one oui_non", "calme", "C’est calme en classe.", "It is calm in class.", "", "true", "", "", "", "", "k2"],
    ["select_multiple lieux", "ou", "Où te sens-tu bien ?", "Where do you feel well?", "Plusieurs réponses."],
    ["integer", "heures", "Heures d’écran par jour", "Hours of screen a day", "", "", "", ". >= 0 and . <= 9"],
    ["select_one oui_non or_other", "dit", "En parles-tu ?", "Do you tell?", "", "", "${calme} = 'non'"],
    ["text", "nom", "Ton nom", "Your name"],
    ["text", "raconte", "Raconte-nous", "Tell us"],
    ["geopoint", "ici", "Où es-tu ?", "Where are you?"],
    ["end_group"],
    ["begin_score", "moqueries", "Depuis la rentrée…", "Since September…", "", "", "", "", "", "souvent"],
    ["score__row", "cour", "dans la cour", "in the yard"],
    ["score__row", "bus", "dans le bus", "on the bus"],
    ["end_score"],
    ["begin_repeat", "amis", "Tes amis", "Your friends"],
    ["select_one oui_non", "ami", "Un ami ?", "A friend?"],
    ["end_repeat"],
    ["calculate", "total"],
    ["select_one oui_non", "fin", "Encore ?", "More?", "", "", "count-selected(${ou}) > 1"],
]
_CHOICES: Table = [
    ["list_name", "name", "label::Français (fr)", "label::English (en)"],
    ["oui_non", "oui", "Oui", "Yes"],
    ["oui_non", "non", "Non", "No"],
    ["lieux", "cour", "Dans la cour", "In the yard"],
    ["lieux", "cdi", "Au CDI", "In the library"],
    ["souvent", "jamais", "Jamais", "Never"],
    ["souvent", "souvent", "Souvent", "Often"],
]
_SETTINGS: Table = [
    ["form_title", "id_string", "version", "default_language", "instance_name"],
    ["Vie au collège", "aB3xYz", "7 (2026-10-01)", "Français (fr)", "concat(${nom}, ' ', ${calme})"],
]


def kobo() -> bytes:
    """A form as KoboToolbox exports it: two languages, metadata, groups, a rating matrix, a repeated part."""
    width = len(_SURVEY[0])
    rows = [[*row, *[""] * (width - len(row))] for row in _SURVEY]
    return workbook(survey=rows, choices=_CHOICES, settings=_SETTINGS)


def _rows(*rows: Mapping[str, str]) -> str:
    cells = ("".join(f"<{key}><![CDATA[{text}]]></{key}>" for key, text in row.items()) for row in rows)
    return f"<rows>{''.join(f'<row>{one}</row>' for one in cells)}</rows>"


def _question(qid: str, kind: str, code: str, order: str, **more: str) -> dict[str, str]:
    return {"qid": qid, "sid": "777", "gid": "1", "type": kind, "title": code, "question_order": order, **more}


def _said(qid: str, fr: str, en: str = "") -> list[dict[str, str]]:
    told = {"fr": fr, **({"en": en} if en else {})}
    return [{"qid": qid, "question": text, "help": "", "language": language} for language, text in told.items()]


def lss() -> bytes:
    """A survey as LimeSurvey 6 exports it: words in tables of their own."""
    tables = {
        "answers": _rows(
            {"aid": "1", "qid": "11", "code": "A1", "sortorder": "1"},
            {"aid": "2", "qid": "11", "code": "A2", "sortorder": "2"},
            {"aid": "3", "qid": "12", "code": "A1", "sortorder": "1"},
            {"aid": "4", "qid": "12", "code": "A2", "sortorder": "2"},
        ),
        "answer_l10ns": _rows(
            {"aid": "1", "answer": "Oui", "language": "fr"},
            {"aid": "1", "answer": "Yes", "language": "en"},
            {"aid": "2", "answer": "Non", "language": "fr"},
            {"aid": "2", "answer": "No", "language": "en"},
            {"aid": "3", "answer": "Souvent", "language": "fr"},
            {"aid": "4", "answer": "Jamais", "language": "fr"},
        ),
        "groups": _rows({"gid": "1", "sid": "777", "group_order": "1", "grelevance": ""}),
        "group_l10ns": _rows(
            {"gid": "1", "group_name": "Au collège", "description": "<p>Bonjour.</p>", "language": "fr"}
        ),
        "questions": _rows(
            _question("11", "L", "calme", "1", mandatory="Y", relevance="1"),
            _question("12", "F", "lieux", "2", relevance='((calme.NAOK == "A2"))'),
            _question("13", "S", "nom", "3", relevance="1"),
            _question("14", "M", "aide", "4", relevance='777X1X11 == "A1" or calme == "A2"', other="Y"),
            _question("15", "Y", "encore", "5", relevance='aide_SQ1.NAOK == "Y"'),
            _question("16", "N", "fois", "6", relevance="1"),
            _question("17", "T", "recit", "7", relevance="1"),
            _question("18", "L", "vide", "8", relevance="count(that.aide) > 1"),
        ),
        "subquestions": _rows(
            {"qid": "21", "parent_qid": "12", "title": "SQ1", "question_order": "1"},
            {"qid": "22", "parent_qid": "12", "title": "SQ2", "question_order": "2"},
            {"qid": "23", "parent_qid": "14", "title": "SQ1", "question_order": "1"},
        ),
        "question_l10ns": _rows(
            *_said("11", '<p>C&rsquo;est <b>calme</b> ici ? <img src="x.png"></p>', "Is it calm here?"),
            *_said("12", "Ici, on se moque…"),
            *_said("13", "Ton nom"),
            *_said("14", "Qui t’aide ?"),
            *_said("15", "Et encore ?"),
            *_said("16", "Combien de fois ?"),
            *_said("17", "Raconte"),
            *_said("18", "Sans réponses"),
            *_said("21", "dans la cour"),
            *_said("22", "en classe"),
            *_said("23", "un ami"),
        ),
        "question_attributes": _rows(
            {"qid": "16", "attribute": "min_num_value_n", "value": "0"},
            {"qid": "16", "attribute": "max_num_value_n", "value": "20"},
        ),
        "surveys": _rows({"sid": "777", "language": "fr", "anonymized": "N", "ipaddr": "Y", "datestamp": "N"}),
        "surveys_languagesettings": _rows(
            {"surveyls_language": "fr", "surveyls_title": "Vie au collège", "surveyls_welcometext": "Bienvenue"},
            {"surveyls_language": "de", "surveyls_title": "Leben an der Schule"},
        ),
    }
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in tables.items())
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType>'
    return f"{head}<DBVersion>623</DBVersion>{inner}</document>".encode()


def old_lss() -> bytes:
    """A survey as LimeSurvey 2 and 3 export it: a row for each language."""
    tables = {
        "answers": _rows(
            *(
                {"qid": "11", "code": code, "answer": text, "sortorder": order, "language": language}
                for language, code, text, order in (
                    ("en", "A1", "Yes", "1"),
                    ("fr", "A1", "Oui", "1"),
                    ("en", "A2", "No", "2"),
                    ("fr", "A2", "Non", "2"),
                )
            )
        ),
        "groups": _rows(
            {"gid": "1", "group_name": "At school", "group_order": "1", "language": "en"},
            {"gid": "1", "group_name": "Au collège", "group_order": "1", "language": "fr"},
        ),
        "questions": _rows(
            _question("11", "L", "calme", "1", question="Is it calm?", language="en"),
            _question("11", "L", "calme", "1", question="C’est calme ?", language="fr"),
        ),
        "conditions": _rows({"cid": "1", "qid": "11", "cqid": "9"}),
        "surveys": _rows({"sid": "777", "language": "en"}),
    }
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in tables.items())
    return f"<document><LimeSurveyDocType>Survey</LimeSurveyDocType>{inner}</document>".encode()


_TSV_HEADINGS = (
    "id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\tvalidation\tmandatory\tother"
    "\tmin_num_value_n"
)
_TSV_ROWS = """\
		S		sid		777
		S		language		fr
		S		ipaddr		Y
		SL		surveyls_title		Vie au collège		fr
		SL		surveyls_title		Life at school		en
		G	1	Au collège	1	Bonjour.		fr
		Q	L	calme	1	C’est calme ici ?		fr		Y	N
		A	0	A1		Oui		fr
		A	0	A2		Non		fr
		Q	F	lieux	"((calme.NAOK == ""A2""))"	Ici, on se moque…		fr		N	N
		SQ	0	SQ1		dans la cour		fr
		A	0	A1		Souvent		fr
		A	0	A2		Jamais		fr
		Q	S	nom	1	Ton nom		fr		N	N
		G	1	At school	1	Hello.		en
		Q	L	calme	1	Is it calm here?		en		Y	N
		A	0	A1		Yes		en
		A	0	A2		No		en
"""


def tsv() -> bytes:
    """A survey in LimeSurvey's tab-separated form: everything once for each language."""
    return b"\xef\xbb\xbf" + f"{_TSV_HEADINGS}\n{_TSV_ROWS}".encode()
