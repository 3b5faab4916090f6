"""Names of people, where the text itself says that a name follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.municipal.lib.privacy.registry import takes_out
from ckanext.municipal.lib.privacy.shadow import TAKEN, Shadow, Span, said, spelled
from ckanext.municipal.lib.texts import N_

_MOST_WORDS = 4
_WORD = re.compile(r"[^\W\d_]{1,30}(?:['\-][^\W\d_]{1,30}){0,3}")
_BETWEEN = re.compile(r"\.? ?- ?|\. ?| ")
_LINE_BREAK = re.compile(r"\s?\n?\s?")
_END_OF_LINE = re.compile(rf"[ .,!]{{0,3}}(?:\n|\Z|{TAKEN}|\W?{said('τηλ*, κιν*, email*, tel*')})")


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that a name follows. ``small``: also one in small letters. ``last``: only where the
    line ends with it, as a signature does."""

    words: re.Pattern[str]
    small: bool = False
    last: bool = False


def _cue(phrases: str, then: str, *, small: bool = False, last: bool = False) -> _Cue:
    return _Cue(re.compile(said(phrases) + then), small, last)


_ARTICLE = rf"(?:{said('ο, η, ο/η, η/ο, i')}\s)?"
_CLOSINGS = """με εκτίμηση, με εκτίμησιν, μετά τιμής, με τιμή, φιλικά, με σεβασμό, χαιρετισμούς, me ektimisi, regards,
    sincerely, sincerely yours, yours faithfully, yours truly, respectfully"""
_THANKS = """ευχαριστώ, ευχαριστώ πολύ, ευχαριστώ θερμά, ευχαριστούμε, προτέρων, efxaristo, thanks, thank you,
    many thanks, cheers, best wishes"""
_CUES = (
    _cue(
        """με λένε, λέγομαι, ονομάζομαι, όνομά μου είναι, me lene, legomai, onomazomai, onoma mou einai, my name is,
        my name's, the name is, i am called""",
        rf"[ :,.\-\n]{{1,3}}{_ARTICLE}",
        small=True,
    ),
    _cue(
        """ονοματεπώνυμο, ονομ/νυμο, ονομ/μο, όνομα, επώνυμο, επίθετο, υπογραφή, στοιχεία μου, onoma, onomateponymo,
        name, surname, signed, signature""",
        rf"(?:\s?[:=]\s?|\s-\s){_ARTICLE}",
        small=True,
    ),
    _cue(
        """υπογράφων, υπογράφουσα, υπογεγραμμένος, υπογεγραμμένη, αιτών, αιτούσα, δηλών, δηλούσα, καταγγέλλων,
        καταγγέλλουσα""",
        r"(?:\s?/\s?[ηο] \w{1,20})?[ :,.\-\n]{1,3}",
    ),
    _cue("είμαι ο, είμαι η, eimai o, eimai i, i am, i'm, im", r"\s"),
    _cue(_CLOSINGS, rf" ?[,\n][ ,.\n]{{0,3}}{_ARTICLE}"),
    _cue(_CLOSINGS, rf"[ ,.\-\n]{{1,4}}{_ARTICLE}", small=True, last=True),
    _cue(_THANKS, rf" ?,\n{_ARTICLE}"),
    _cue(_THANKS, rf"[ ,.!\-\n]{{1,4}}{_ARTICLE}", last=True),
    _cue(
        "facebook, fb, messenger, instagram, insta, viber, skype, linkedin",
        rf"(?: {said('profile, προφίλ')})?\s?(?:[:=]|{said('ως, σαν, as')})\s?",
    ),
)
_TITLES = re.compile(
    r"(?<!/)"
    + said(
        """κος, κον, κου, κα, κας, κ.κ., κύριος, κύριο, κυρίου, κύριε, κυρία, κυρίας, κύριοι, δίδα, δεσποινίς, kyrios,
        kyria, kos, mr, mrs, ms, miss, dr, mister, madam"""
    )
    + r"[. ]{1,2}|(?<![\w.])κ(?:\.\s?|\s)(?=[^\W\d_]{3}|[^\W\d_]\.)"
)
# What follows a cue and is no name: whole words, and beginnings of words.
_NO_NAME = frozenset(
    spelled(
        """και κι με στο στη στην στον στα στις στους από για που αλλά μένω κατοικώ είμαι ζω ο η το οι τα του της των
        τον την τις μας μου σας σε δεν θα να αν ότι επί έχω είναι ήταν διαμένω θέλω ως κάτω σύμφωνα αυτό αυτός εδώ
        ένας μία ένα έναν τηλ τηλέφωνο κιν κινητό email tel phone and i the an of in at on from to with my we is not
        so very sorry writing living ke kai apo sto sti stin meno eimai αφμ αμκα αδτ ετών χρονών βέβαιος σίγουρος
        μόνος μόνη πρώτος πρώτη ίδιος ίδια greek αγία άγιος παρακαλώ καλημέρα καλησπέρα επίσης όμως γιατί διότι όταν
        πάλι ακόμα μετά πριν there here it this all your kind best thanks thank regards please happy glad available
        aware concerned afraid unable trying reporting having going περιμένω περιμένουμε αναμένω κύριε κύριοι κυρία
        δείτε"""
    )
)
_NO_NAME_BEGINNINGS = spelled(
    """δημαρχ αντιδημαρχ προεδρ αντιπροεδρ υπουργ διευθυντ γραμματ περιφερ προϊσταμ τμηματαρχ αστυνομ εισαγγελ
    υπευθυν διαχειριστ ιδιοκτητ ιδιοκτήτρι κατοικ δημοτ πολιτ μητερ πατερ γονε γονι ενοικ συνταξιουχ φοιτητ
    φοιτήτρι μαθητ εργαζομεν οδηγ συμβουλ τεχνικ μηχανικ δικηγορ γιατρ ιατρ καθηγητ δασκαλ συντονιστ εκπροσωπ
    ελλην ευχαριστ αξιότιμ ομάδα ασφαλισ δρομ λεωφορ πλατεί εισοδ εξοδ αγωγ οδό οδού υπηρεσι γειτον μονιμ αναπηρ
    neighbor neighbour owner tenant mayor manager president citizen chair resident"""
)
_LINKS = frozenset(spelled("του της van von de ντε di da"))


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
            span = _name_at(shadow, found.end(), small=cue.small, lines=cue.last)
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
    while words < (2 if small else _MOST_WORDS) and (word := _WORD.match(shadow.text, at)):
        gap = _BETWEEN.match(shadow.text, word.end())
        if _is_initial(shadow, word, gap, small=small):
            end = word.end() if words else end
        elif word[0] in _LINKS and words:
            small = False  # only a capital goes on after it
        elif _is_name(shadow, word, small=small):
            small = small and shadow.cased[word.start()].islower()
            end, words = word.end(), words + 1
        else:
            break
        if not gap or ("." in gap[0] and len(word[0]) > 2):
            break
        at = gap.end()
    return (start, end) if end - start > 1 else None


def _is_initial(
    shadow: Shadow, word: re.Match[str], gap: re.Match[str] | None, *, small: bool
) -> bool:
    one = len(word[0]) == 1 and gap is not None and gap[0].startswith(".")
    return one and (small or shadow.cased[word.start()].isupper())


def _is_name(shadow: Shadow, word: re.Match[str], *, small: bool) -> bool:
    if word[0] in _NO_NAME or word[0].startswith(_NO_NAME_BEGINNINGS):
        return False
    return small or shadow.cased[word.start()].isupper()
