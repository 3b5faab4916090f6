"""Names of made-up people for made-up reports, in the cases and spellings that reports have."""

from __future__ import annotations

import random

from privacy_forms import words

WOMEN = words("""
    Μαρία Ελένη Αικατερίνη Βασιλική Σοφία Γεωργία Αναστασία Ευαγγελία Δήμητρα Ιωάννα Παναγιώτα Κωνσταντίνα
    Χριστίνα Ειρήνη Δέσποινα Άννα Φωτεινή Αθανασία Όλγα Ζωή Χαρίκλεια Θεοδώρα Ευθυμία Μελπομένη Παρασκευή
    Ουρανία Στυλιανή Καλλιόπη Μαργαρίτα Νίκη Ραλλού Φρόσω""")
MEN = words("""
    Γεώργιος Γιώργος Δημήτρης Κώστας Κωνσταντίνος Γιάννης Νίκος Νικόλαος Χρήστος Παναγιώτης Βασίλης
    Αθανάσιος Θανάσης Μιχάλης Ευάγγελος Σπύρος Αντώνης Αναστάσιος Θεόδωρος Ηλίας Σταύρος Απόστολος Φώτης
    Λευτέρης Στέλιος Πέτρος Άγγελος Λάζαρος Ζήσης Τριαντάφυλλος Οδυσσέας Ιορδάνης Πρόδρομος""")
SURNAMES_WOMEN = words("""
    Παπαδοπούλου Νικολάου Γεωργίου Καραγιάννη Οικονόμου Βλάχου Μακρή Αντωνίου Κωνσταντινίδου Αθανασίου
    Δημητριάδου Τσακίρη Χατζηγεωργίου Ξανθοπούλου Μπαλτατζή Σιδηροπούλου Τζιώλα Γκίκα Καζαντζίδου Ντόβα
    Φράγκου Ζαφειρίδου Λαμπροπούλου Τσολακίδου Μουρατίδου""")
SURNAMES_MEN = words("""
    Παπαδόπουλος Νικολάου Γεωργίου Καραγιάννης Οικονόμου Βλάχος Μακρής Αντωνίου Κωνσταντινίδης Αθανασίου
    Δημητριάδης Τσακίρης Χατζηγεωργίου Ξανθόπουλος Μπαλτατζής Σιδηρόπουλος Τζιώλας Γκίκας Καζαντζίδης
    Ντόβας Φράγκος Ζαφειρίδης Λαμπρόπουλος Τσολακίδης Μουρατίδης""")
ENGLISH_FIRST = words("John Mary Peter Susan Ahmed Olga Thomas Fiona Liam Priya George Emma Zoe")
ENGLISH_LAST = words(
    "Smith Johnson O'Neill Brown Petrov Garcia Taylor-Jones Singh MacDonald Walker"
)
LATIN_FIRST = words(
    "maria nikos giorgos eleni kostas dimitra vasilis katerina panos thanasis xristina"
)
LATIN_LAST = words(
    "papadopoulou georgiou karagiannis vlachou makris tsakiri oikonomou xanthopoulos"
)

_AS_OBJECT = dict(zip(words("ος ης ας ής ός ύς ις ες ίς"), words("ο η α ή ό ύ ι ε ί"), strict=True))


def person(rnd: random.Random) -> tuple[str, str, str]:
    """Return article, first name and surname."""
    if rnd.random() < 0.5:
        return "η", rnd.choice(WOMEN), rnd.choice(SURNAMES_WOMEN)
    return "ο", rnd.choice(MEN), rnd.choice(SURNAMES_MEN)


def as_object(name: str) -> str:
    """Return a name as the object of a sentence: the last sigma of men's goes."""
    ending = _AS_OBJECT.get(name[-2:])
    return name[:-2] + ending if ending else name


def written(rnd: random.Random, first: str, last: str) -> str:
    """Write a name in one of the ways in which people do."""
    ways = [
        *[f"{first} {last}"] * 5,
        *(
            f"{last} {first}",
            first,
            f"{first} {rnd.choice('ΓΔΚΝΠ')}. {last}",
            f"{first[0]}. {last}",
        ),
        *(f"{first}  {last}", f"{first} {last}-{rnd.choice(SURNAMES_WOMEN)}"),
    ]
    return rnd.choice(ways)


def account(rnd: random.Random) -> str:
    """Return what somebody calls herself on the internet."""
    tail = rnd.choice(["", "", str(rnd.randint(1, 99))])
    return rnd.choice(LATIN_FIRST) + rnd.choice(["", ".", "_", "-"]) + rnd.choice(LATIN_LAST) + tail
