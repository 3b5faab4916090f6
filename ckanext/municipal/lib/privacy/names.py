"""Names of people, where the text itself says that a name follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.municipal.lib.privacy.registry import takes_out
from ckanext.municipal.lib.privacy.shadow import TAKEN, Shadow, Span, said, shadow_of
from ckanext.municipal.lib.texts import N_

_MOST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]{1,30}(?:['\-][^\W\d_]{1,30}){0,3}")
_BETWEEN = re.compile(r"(?:\.? ?- ?|\.? |\.)")
_LINE_BREAK = re.compile(r"\s?\n?\s?")
_END_OF_LINE = re.compile(
    rf"[ .,!]{{0,3}}(?:\n|\Z|[0-9(+{TAKEN}]|[^\w\n]{{0,3}}{said('τηλ*', 'κιν*', 'email*', 'tel*')})"
)


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that a name follows. ``sure``: also one in small letters. ``last``: only where the
    line ends with it, as a signature does."""

    words: re.Pattern[str]
    sure: bool = False
    last: bool = False


def _cue(
    *phrases: str, then: str = r"[ :,.\-\n]{0,4}", sure: bool = False, last: bool = False
) -> _Cue:
    return _Cue(re.compile(said(*phrases) + then), sure, last)


_ARTICLE = r"[ :,.\-\n]{1,3}(?:(?:ο|η|ή|ηο|η/ο|ο/η)\s)?"
_CUES = (
    _cue(
        *(
            "με λένε",
            "με λενε",
            "λέγομαι",
            "ονομάζομαι",
            "το όνομά μου είναι",
            "το όνομα μου είναι",
        ),
        *("ονομάζομαι ο", "λέγομαι ο", "my name is", "my name's", "the name is", "i am called"),
        *("me lene", "legomai", "onomazomai", "to onoma mou einai"),
        then=_ARTICLE,
        sure=True,
    ),
    _cue(
        *(
            "ονοματεπώνυμο",
            "ονομ/νυμο",
            "ονομ/μο",
            "όνομα",
            "επώνυμο",
            "επίθετο",
            "name",
            "full name",
        ),
        *("first name", "last name", "surname", "υπογραφή", "signed", "signature", "στοιχεία μου"),
        then=r"\s?[:=\-]\s?(?:(?:ο|η)\s)?",
        sure=True,
    ),
    _cue(
        *(
            "ο υπογράφων",
            "η υπογράφουσα",
            "ο υπογεγραμμένος",
            "η υπογεγραμμένη",
            "ο αιτών",
            "η αιτούσα",
        ),
        *("ο δηλών", "η δηλούσα", "ο καταγγέλλων", "η καταγγέλλουσα", "ο/η υπογράφων", "ο κάτωθι"),
        then=r"(?:\s?/\s?[ηο] \w{1,20})?[ :,.\-\n]{1,3}",
    ),
    _cue(
        "είμαι ο",
        "είμαι η",
        "είμαι ή",
        "ειμαι ο",
        "eimai o",
        "eimai i",
        "εδώ ο",
        "εδώ η",
        then=r"\s",
    ),
    _cue("i am", "i'm", "im", "this is", then=r"\s"),
    _cue(
        *(
            "με εκτίμηση",
            "μετά τιμής",
            "με τιμή",
            "φιλικά",
            "με φιλικούς χαιρετισμούς",
            "με σεβασμό",
        ),
        *(
            "regards",
            "kind regards",
            "best regards",
            "sincerely",
            "yours sincerely",
            "yours faithfully",
        ),
        *("yours truly", "respectfully", "με εκτίμησιν", "me ektimisi"),
        then=r"[ ,.\-–\n]{1,4}(?:(?:ο|η)\s)?",
        sure=True,
        last=True,
    ),
    _cue(
        *(
            "ευχαριστώ",
            "ευχαριστώ πολύ",
            "ευχαριστώ εκ των προτέρων",
            "σας ευχαριστώ",
            "ευχαριστούμε",
        ),
        *("ευχαριστώ θερμά", "thanks", "thank you", "many thanks", "cheers", "best", "efxaristo"),
        then=r"[,.!\-\n ]{1,4}",
        last=True,
    ),
)
_TITLES = re.compile(
    said(
        *(
            "κος",
            "κον",
            "κου",
            "κα",
            "καν",
            "κας",
            "κ.κ.",
            "κύριος",
            "κύριο",
            "κυρίου",
            "κύριε",
            "κυρία",
        ),
        *(
            "κυρίας",
            "κυρίαν",
            "κύριοι",
            "δίδα",
            "δις",
            "δεσποινίς",
            "mr",
            "mrs",
            "ms",
            "miss",
            "dr",
        ),
        *("mister", "madam", "kyrios", "kyria", "kos"),
    )
    + r"[. ]{1,2}"
    + r"|(?<![\w.])κ\.\s?(?=[^\W\d_]{3})|(?<![\w.])κ\s(?=[^\W\d_]{3})"
)


def _spelled(words: str) -> tuple[str, ...]:
    return tuple(shadow_of(word).text for word in words.split())


# What follows a cue and is no name: whole words first, then beginnings of words.
_NO_NAME = frozenset(
    _spelled(
        """και κι με στο στη στην στον στα στις στους από απο για που αλλά μένω κατοικώ είμαι ζω ο η το οι τα του της
        των τον την τις μας μου σας σε δεν θα να αν ότι επί έχω είναι ήταν διαμένω θέλω ως κάτω σύμφωνα αυτό αυτός εδώ
        ένας μία μια ένα έναν τηλ τηλέφωνο κιν κινητό email tel phone and i the a an of in at on from to with my we
        is not so very sorry writing living resident ke kai apo sto sti stin meno eimai ο/η αφμ αμκα αδτ ετών χρονών
        λυπάμαι βέβαιος σίγουρος μόνος μόνη πρώτος πρώτη ίδιος ίδια greek αγία άγιος παρακαλώ καλημέρα καλησπέρα
        επίσης όμως γιατί διότι όταν πάλι ακόμα μετά πριν there here it this all your kind best thanks thank regards
        it's also please happy glad available aware concerned afraid unable trying reporting having going"""
    )
)
_NO_NAME_BEGINNINGS = _spelled(
    """δημαρχ αντιδημαρχ προεδρ αντιπροεδρ υπουργ διευθυντ γραμματ περιφερ προϊσταμ τμηματαρχ αστυνομ εισαγγελ
    υπευθυν διαχειριστ ιδιοκτητ ιδιοκτήτρι κατοικ δημοτ πολιτ μητερ μητέρα πατερ γονε γονι ενοικ συνταξιουχ φοιτητ
    φοιτήτρι μαθητ εργαζομεν οδηγ συμβουλ τεχνικ μηχανικ δικηγορ γιατρ ιατρ καθηγητ δασκαλ συντονιστ εκπροσωπ
    θεσσαλονικ αθηνα ελλην ομάδα δρομ λεωφορ πλατεί εισοδ εξοδ αγωγ οδο υπηρεσι γειτον μονιμ αναπηρ
    neighbor neighbour owner tenant mayor manager president citizen chair"""
)
_LINKS = frozenset(_spelled("του της van von de ντε di da"))


@takes_out(
    "name",
    N_("[name]"),
    examples=(
        "Με λένε {Μαρία Παπαδοπούλου} και μένω στην Τούμπα",
        "λέγομαι {γιώργος νικολάου}, τρύπα στον δρόμο",
        "Είμαι ο {Κώστας Γ. Ιωάννου}. Στην πλατεία έχει σκουπίδια",
        "Με εκτίμηση,\n{Ελένη Δημητρίου-Κάτσου}",
        "I am {John Smith}, the lamp is broken",
        "Μίλησα με τον κ. {Παπαδόπουλο} και την κα {Άννα Βλάχου}",
        "Κύριε Δήμαρχε, είμαι ο διαχειριστής. Ευχαριστώ πολύ. Οδός Κ. Καραμανλή 12",
    ),
)
def name(shadow: Shadow) -> Iterator[Span]:
    """Up to four words after «με λένε», «είμαι ο», a closing formula, a title and the like."""
    for cue in _CUES:
        for found in cue.words.finditer(shadow.text):
            span = _name_at(shadow, found.end(), small=cue.sure, lines=cue.last)
            if span and (not cue.last or _END_OF_LINE.match(shadow.text, span[1])):
                yield span
    for found in _TITLES.finditer(shadow.text):
        if _is_title(shadow, found) and (span := _name_at(shadow, found.end())):
            yield span


def _is_title(shadow: Shadow, found: re.Match[str]) -> bool:
    # Κ. Καραμανλή is a street with an initial, κ. Καραμανλής a gentleman.
    return len(found[0].strip(" .")) > 1 or shadow.cased[found.start()].islower()


def _name_at(
    shadow: Shadow, start: int, *, small: bool = False, lines: bool = False
) -> Span | None:
    """Return the name that begins at a place, None where none does.

    ``small``: one in small letters is a name too, of two words then. ``lines``: its words may
    stand on two lines.
    """
    if lines and (gap := _LINE_BREAK.match(shadow.text, start)):
        start = gap.end()
    end, at, words = start, start, 0
    while words < _MOST_WORDS and (word := _WORD.match(shadow.text, at)):
        typed = shadow.cased[slice(*word.span())]
        if word[0] in _LINKS and words:
            pass
        elif _is_no_name(word[0]) or not (typed[0].isupper() or (small and words < 2)):
            break
        else:
            end, words = word.end(), words + 1
            small = small and typed[0].islower()
        gap = _BETWEEN.match(shadow.text, word.end())
        if not gap or ("." in gap[0] and len(word[0]) > 2):
            break
        at = gap.end()
    return (start, end) if end - start > 1 else None


def _is_no_name(word: str) -> bool:
    return word in _NO_NAME or word.startswith(_NO_NAME_BEGINNINGS)
