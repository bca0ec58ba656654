"""What an import has to say: why a file is not read, and what of it was not carried over as it stood.

The sentences are French, as everywhere; whoever shows them translates them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum


def N_(sentence: str) -> str:  # noqa: N802  # gettext's own name
    """A sentence that is translated where it is shown."""
    return sentence


class Effect(StrEnum):
    """What became of the thing that a finding names."""

    REFUSED = "refused"
    """It would tell who answers."""
    LEFT_OUT = "left_out"
    CHANGED = "changed"


class Trouble(Enum):
    """Why a file is not read at all; the value is the sentence."""

    EMPTY = N_("Choisissez un fichier : celui-ci est vide.")
    TOO_LARGE = N_("Le fichier dépasse 1 Mo. Un questionnaire tient en bien moins : retirez les images.")
    UNKNOWN = N_("Ce n’est ni un XLSForm (.xlsx), ni un questionnaire LimeSurvey (.lss ou .txt).")
    NOT_A_WORKBOOK = N_("Ce classeur ne s’ouvre pas. Enregistrez-le à nouveau en .xlsx, puis recommencez.")
    UNPACKS_TOO_LARGE = N_("Ce classeur devient démesuré une fois décompressé : il n’est pas ouvert.")
    LOCKED = N_("Ce classeur est protégé par un mot de passe. Retirez-le, puis recommencez.")
    ACTIVE = N_("Ce classeur contient des macros ou des liens vers d’autres fichiers. Retirez-les, puis recommencez.")
    TOO_MANY_ROWS = N_("Une feuille a trop de lignes : 1 000 au plus.")
    TOO_MANY_CELLS = N_("Ce classeur a trop de cases remplies : 40 000 au plus.")
    TOO_MANY_QUESTIONS = N_("Ce fichier a trop de questions : 300 au plus.")
    TOO_MANY_COLUMNS = N_("Une feuille a trop de colonnes : 200 au plus.")
    HEADING_TWICE = N_("Une feuille a deux colonnes du même nom. Renommez-en une, puis recommencez.")
    CELL_TOO_LONG = N_("Une case du fichier contient un texte démesuré : il n’est pas lu.")
    NO_SURVEY = N_("Le classeur n’a pas de feuille « survey » avec une colonne « type ».")
    GROUPS = N_("Un groupe commence sans finir, ou finit sans commencer.")
    NOT_TEXT = N_("Ce fichier n’est pas du texte lisible. Exportez-le à nouveau, en UTF-8.")
    NOT_XML = N_("Ce fichier n’est pas du XML lisible. Exportez à nouveau le questionnaire au format .lss.")
    ENTITIES = N_("Ce fichier XML déclare des entités : il n’est pas ouvert.")
    NOT_LIMESURVEY = N_("Ce fichier n’est pas un questionnaire de LimeSurvey.")


class UnreadableError(ValueError):
    """A file that is not read; says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble


_OUT, _CHANGED, _NO = Effect.LEFT_OUT, Effect.CHANGED, Effect.REFUSED


class Why(Enum):
    """Why something was not carried over as it stood: what became of it, and the sentence."""

    PERSON = (_NO, N_("Cela demande qui répond. Une enquête anonyme ne peut pas le demander."))
    PLACE = (_NO, N_("Cela relève où se trouve l’élève, et peut donc dire qui répond."))
    RECORDING = (_NO, N_("Une photo, une voix, une signature ou un fichier font reconnaître qui répond."))
    TRACE = (_NO, N_("L’heure, l’appareil ou le compte font retrouver qui a répondu."))
    FREE_TEXT = (_OUT, N_("Le texte libre n’est pas repris : un récit ou une tournure font reconnaître quelqu’un."))
    MANY_TEXTS = (_OUT, N_("Un questionnaire a trois questions où l’on écrit, au plus."))
    TEXT_AT_ECOLE = (_OUT, N_("À l’école, aucun élève ne répond en écrivant."))
    DATE = (_OUT, N_("Aucune date n’est demandée ici : précise, elle peut faire reconnaître quelqu’un."))
    NOTE = (_OUT, N_("Seul un texte en tête de page est repris, comme introduction."))
    CALCULATION = (_OUT, N_("Rien n’est calculé à partir des réponses d’un élève."))
    REPEAT = (_OUT, N_("Chaque question est posée une seule fois : les parties répétées ne sont pas reprises."))
    TYPE = (_OUT, N_("Ce type de question n’existe pas ici : %(detail)s."))
    NO_BOUNDS = (_OUT, N_("Un nombre a besoin d’un minimum et d’un maximum : seule sa tranche est gardée."))
    NO_CHOICES = (_OUT, N_("La liste de réponses « %(detail)s » manque, ou compte moins de deux réponses."))
    TOO_MANY_CHOICES = (_OUT, N_("La liste de réponses « %(detail)s » en compte trop : 100 au plus."))
    NO_LABEL = (_OUT, N_("La question n’a pas de texte."))
    TOO_LONG = (_OUT, N_("Le texte est trop long pour un élève : 600 signes au plus."))
    INSERTED = (_OUT, N_("Le texte reprend une réponse ou une donnée de l’élève."))
    LANGUAGE = (_OUT, N_("Cette langue n’est pas proposée ici."))
    COLUMN = (_OUT, N_("Cette colonne n’est pas lue ici."))
    SHEET = (_OUT, N_("Cette feuille n’est pas lue ici."))
    SETTING = (_OUT, N_("Ce réglage n’est pas repris."))
    CONSTRAINT = (_OUT, N_("La condition sur la réponse n’est pas reprise : « %(detail)s »."))
    DEFAULT = (_OUT, N_("Aucune réponse n’est cochée d’avance."))
    MEDIA = (_OUT, N_("L’image, le son ou la vidéo n’est pas repris ; le texte l’est."))
    WRITTEN = (
        _CHANGED,
        N_("La réponse s’écrit ici en 200 signes au plus. La question n’est posée que si la direction le décide."),
    )
    REQUIRED = (_CHANGED, N_("Obligatoire dans le fichier : ici, chaque question peut être passée."))
    RELEVANT = (_CHANGED, N_("La condition « %(detail)s » ne peut pas se dire ici : la question est posée à tous."))
    FILTER = (_CHANGED, N_("Le filtre n’est pas repris : toutes les réponses sont proposées."))
    OTHER = (_CHANGED, N_("« Autre » reste une réponse, sans texte à écrire."))
    BANDS = (_CHANGED, N_("Seule la tranche du nombre est gardée : %(detail)s."))
    TRANSLATION = (_CHANGED, N_("Sans texte dans cette langue, un autre est montré à sa place (%(detail)s fois)."))
    TAGS = (_CHANGED, N_("La mise en forme est retirée ; le texte reste."))
    HEADING = (_CHANGED, N_("Ce titre se trouve au-dessus d’autres titres : il n’est pas repris."))
    APPEARANCE = (_CHANGED, N_("La présentation est celle d’ici."))
    LICENCE = (_CHANGED, N_("Le fichier ne dit pas sous quelle licence : vérifiez que vous pouvez l’utiliser."))

    @property
    def effect(self) -> Effect:
        """What became of it."""
        return self.value[0]

    @property
    def sentence(self) -> str:
        """The French sentence, which may name `detail`."""
        return self.value[1]


@dataclass(frozen=True)
class Finding:
    """One thing of the file: where it stands, what it is, and why it was not carried over as it stood."""

    where: str
    """A sheet and its row (`survey 12`), or the code of a question."""
    what: str
    why: Why
    detail: str = ""


_LONGEST = 80


def clipped(text: str) -> str:
    """A text of the file, short enough for a list."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


@dataclass
class Notes:
    """The findings of one import, in the order in which they are made. The same one twice is one."""

    found: dict[Finding, None] = field(default_factory=dict)

    def add(self, where: str, what: str, why: Why, detail: str = "") -> None:
        """One finding more."""
        told = clipped(detail) if "%(detail)s" in why.sentence else ""
        self.found[Finding(where, clipped(what), why, told)] = None

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.found)
