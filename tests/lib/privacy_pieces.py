"""Pieces of personal data as people write them, with what may not be left of each."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import privacy_forms as forms
import privacy_people as people


@dataclass(frozen=True)
class Planted:
    """A piece of personal data: ``written`` as it stands in the report, ``traces`` what may not be
    left of it, in small letters and without blanks: five digits in a row, words, accounts."""

    kind: str
    written: str
    traces: tuple[str, ...]


Piece = tuple[str, list[Planted]]
SHARED_LETTERS = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
AS_LATIN = str.maketrans(SHARED_LETTERS, "ABEZHIKMNOPTYX")
MONTHS_AND_WORDS = {"ΙΑΝ", "ΝΟΕ", "ΟΚΤ", "ΜΑΙ", "ΚΑΙ", "ΝΕΑ", "ΝΕΟ", "ΙΚΑ", "ΧΙΝ"}


def digits(rnd: random.Random, count: int) -> str:
    return "".join(rnd.choice("0123456789") for _ in range(count))


def fives(number: str) -> tuple[str, ...]:
    return tuple(number[i : i + 5] for i in range(len(number) - 4))


def grouped(rnd: random.Random, number: str, *ways: tuple[int, ...]) -> str:
    """Write a number in one of some groupings."""
    groups, at = [], 0
    for size in rnd.choice(ways):
        groups.append(number[at : at + size])
        at += size
    return rnd.choice([" ", " ", "-", ".", "  ", " - ", "\u00a0", "–"]).join(groups)


def in_some_alphabet(rnd: random.Random, letters: str) -> str:
    way = rnd.random()
    if way < 0.6:
        return letters
    if way < 0.85:
        return letters.translate(AS_LATIN)
    return "".join(rnd.choice((c, c.translate(AS_LATIN))) for c in letters)


def one(rnd: random.Random, kind: str, texts: list[str], written: str, traces: tuple) -> Piece:
    return rnd.choice(texts).format(written), [Planted(kind, written, traces)]


# --- Telephones --------------------------------------------------------------------------------------


def mobile(rnd: random.Random) -> tuple[str, str]:
    number = f"69{digits(rnd, 8)}"
    ways = (3, 7), (3, 3, 4), (4, 6), (4, 3, 3), (2, 2, 2, 2, 2), (5, 5), (3, 2, 2, 3), (1,) * 10
    written = rnd.choice([number, grouped(rnd, number, *ways)])
    prefix = ["", "", "", "", "+30", "+30 ", "0030", "0030 ", "(+30) ", "+30-", "30 "]
    return number, rnd.choice(prefix) + written


AREAS = forms.words("210 2310 2310 2310 2313 2410 2610 2810 23920 22910 24210 2551")


def landline(rnd: random.Random) -> tuple[str, str]:
    head = rnd.choice(AREAS)
    tail = digits(rnd, 10 - len(head))
    pairs = " ".join(tail[i : i + 2] for i in range(0, len(tail), 2))
    ways = [
        *(
            f"{head}{tail}",
            f"{head} {tail}",
            f"{head}-{tail}",
            f"{head}/{tail}",
            f"({head}) {tail}",
        ),
        *(f"{head}.{tail}", f"{head} {tail[:3]}{rnd.choice(' .-')}{tail[3:]}", f"{head} {pairs}"),
        *(f"({head}){tail}", f"{head} - {tail}"),
    ]
    return head + tail, rnd.choice(["", "", "", "+30 ", "0030", "+30"]) + rnd.choice(ways)


ABROAD = {"44": (4, 6), "49": (3, 8), "357": (2, 6), "33": (1, 8), "359": (2, 3, 4), "1": (3, 3, 4)}


def abroad(rnd: random.Random) -> tuple[str, str]:
    code = rnd.choice(list(ABROAD))
    groups = [rnd.choice("23456789") + digits(rnd, size - 1) for size in ABROAD[code]]
    prefix = rnd.choice(["+", "+", "00"]) + code + rnd.choice([" ", " ", ""])
    return "".join(groups), prefix + rnd.choice([" ", " ", "-", ""]).join(groups)


def phone(rnd: random.Random) -> Piece:
    numbers = [rnd.choice([mobile, mobile, mobile, landline, landline, landline, abroad])(rnd)]
    if rnd.random() < 0.15:
        numbers.append(rnd.choice([mobile, landline])(rnd))
    joint = rnd.choice([" ή ", ", ", " / ", " και ", "\n", " - κιν. "])
    text = rnd.choice(forms.PHONE).format(joint.join(written for _, written in numbers))
    return text, [Planted("phone", written, fives(number)) for number, written in numbers]


# --- Numbers of registers, accounts and papers -------------------------------------------------------


def tax_number(rnd: random.Random) -> str:
    body = digits(rnd, 8)
    return body + str(sum(int(d) * 2 ** (8 - i) for i, d in enumerate(body)) % 11 % 10)


def afm(rnd: random.Random) -> Piece:
    sure = rnd.random() < 0.85
    number = tax_number(rnd)
    if sure and rnd.random() < 0.1:  # a slip of the pen
        number = number[:-1] + str((int(number[-1]) + 3) % 10)
    ways = [number, number, f"{number[:3]} {number[3:6]} {number[6:]}"]
    ways.append(f"{number[:3]}.{number[3:6]}.{number[6:]}")
    texts = forms.AFM_SURE if sure else forms.AFM_HINTED
    return one(rnd, "afm", texts, rnd.choice(ways), fives(number))


def amka(rnd: random.Random) -> Piece:
    body = f"{rnd.randint(1, 28):02}{rnd.randint(1, 12):02}{rnd.randint(0, 99):02}{digits(rnd, 4)}"
    total = sum(sum(divmod(int(d) * (2 if i % 2 else 1), 10)) for i, d in enumerate(body))
    number = body + str(-total % 10)
    ways = [number] * 3 + [f"{number[:6]} {number[6:]}", f"{number[:6]}-{number[6:]}"]
    ways.append(f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:]}")
    return one(rnd, "amka", forms.AMKA, rnd.choice(ways), fives(number))


def iban(rnd: random.Random) -> Piece:
    abroad = [("DE", "", 22), ("CY", "", 28), ("BG", "BNBG", 22), ("IT", "X", 27)]
    country, letters, length = rnd.choice([("GR", "", 27)] * 6 + abroad)
    body = letters + digits(rnd, length - 4 - len(letters))
    value = int("".join(str(int(c, 36)) for c in f"{body}{country}00"))
    number = f"{country}{98 - value % 97:02}{body}"
    fours = [number[i : i + 4] for i in range(0, len(number), 4)]
    ways = [number, " ".join(fours), " ".join(fours), "-".join(fours), number.lower()]
    ways.append("\u00a0".join(fours))
    traces = fives("".join(filter(str.isdigit, number)))
    return one(rnd, "iban", forms.IBAN, rnd.choice(ways), traces)


def id_card(rnd: random.Random) -> Piece:
    number = digits(rnd, 6)
    letters = in_some_alphabet(rnd, f"Α{rnd.choice('ΒΕΖΗΙΚΜΝΟΡΤΥΧ')}")
    if rnd.random() < 0.3:
        texts, sign = forms.CARD_BARE, rnd.choice(["", " ", "-"])
    else:
        texts, sign = forms.CARD, rnd.choice(["", " ", "-", " - ", ". "])
        letters = rnd.choice([letters, letters, letters.lower(), rnd.choice("ΦΧΠΣΝΡΤ")])
    return one(rnd, "id_card", texts, letters + sign + number, fives(number))


def passport(rnd: random.Random) -> Piece:
    number = digits(rnd, 7)
    letters = in_some_alphabet(rnd, f"Α{rnd.choice('ΕΗΙΚΜΝΟΡΤ')}")
    written = letters + rnd.choice(["", "", " ", "-"]) + number
    return one(rnd, "passport", forms.PASSPORT, written, fives(number))


def plate(rnd: random.Random) -> Piece:
    plain = "ΝΟΕ"
    while plain in MONTHS_AND_WORDS:
        plain = rnd.choice("ΝΝΝΒΖΙΚΥΧ") + rnd.choice(SHARED_LETTERS) + rnd.choice(SHARED_LETTERS)
    number = str(rnd.randint(100, 999) if rnd.random() < 0.2 else rnd.randint(1000, 9999))
    letters, texts = in_some_alphabet(rnd, plain), forms.PLATE
    if rnd.random() < 0.15:
        letters, texts = letters.lower(), forms.PLATE_SMALL
    written = letters + rnd.choice(["", "-", " ", "-", " - ", "–"]) + number
    bare = f"{letters}{number}".lower()
    return one(rnd, "plate", texts, written, (bare, f"{letters.lower()}-{number}"))


# --- People ------------------------------------------------------------------------------------------

HOSTS = forms.words(
    "gmail.com yahoo.gr hotmail.com otenet.gr outlook.com.gr auth.gr mail.example.org"
)


def email(rnd: random.Random) -> Piece:
    user, domain = people.account(rnd), rnd.choice(HOSTS)
    if rnd.random() < 0.05:
        user, domain = rnd.choice(["μαρία.γ", "νίκος.γ"]), rnd.choice(["παράδειγμα.ελ", "δήμος.ελ"])
    host, end = domain.split(".", 1)
    plain = f"{user}@{domain}"
    awkward = [
        *(f"{user} @ {domain}", f"{user}(at){domain}", f"{user} (at) {host} . {end}", f"<{plain}>"),
        *(f"{user}[at]{host}[dot]{end}", f"{user} at {host} dot {end}", f"{user}＠{domain}"),
        *(f"{user} παπάκι {host} τελεία {end}", plain.upper(), f"{user}@{host} .{end}"),
        *(f"{user}{{at}}{domain}", f"{user}@{host}", f"{user} παπακι {domain}"),
    ]
    if host not in ("gmail", "yahoo", "hotmail", "otenet"):
        awkward.pop()  # "look at example.com" is no address
    return one(rnd, "email", forms.EMAIL, rnd.choice([plain] * 8 + awkward), (user.lower(),))


def profile(rnd: random.Random) -> Piece:
    user = people.account(rnd).replace("-", "_")
    return one(rnd, "profile", forms.PROFILES, user, (user,))


def name(rnd: random.Random) -> Piece:
    article, first, last = people.person(rnd)
    way = rnd.random()
    if way < 0.12:
        first, last = rnd.choice(people.ENGLISH_FIRST), rnd.choice(people.ENGLISH_LAST)
        text, written = rnd.choice(forms.ENGLISH_NAME), f"{first} {last}"
    elif way < 0.17:
        first, last = rnd.choice(people.LATIN_FIRST), rnd.choice(people.LATIN_LAST)
        text, written = rnd.choice(forms.GREEKLISH_NAME), f"{first} {last}".title()
    elif way < 0.45:
        him = [*forms.NAME_AS_OBJECT, *forms.HIM[:2]]
        text = rnd.choice(him if article == "ο" else [*forms.NAME_AS_OBJECT, *forms.HER[:2]])
        written = people.written(rnd, people.as_object(first), people.as_object(last))
    else:
        own = forms.HIM[2:] if article == "ο" else forms.HER[2:]
        text = rnd.choice([*forms.NAME, *forms.NAME, *forms.NAME_WITH_ARTICLE, *own])
        written = people.written(rnd, first, last)
    if "ΛΕΝΕ" in text:
        written = written.upper()
    elif rnd.random() < 0.06 and text.lower().startswith(("με λένε", "λέγομαι {", "ονομα", "me")):
        written = written.lower()
    traces = tuple(w.lower() for w in written.replace("-", " ").split() if len(w) > 2)
    return text.format(written, article=article), [Planted("name", written, traces)]


PIECES: dict[str, Callable[[random.Random], Piece]] = {
    each.__name__: each
    for each in (phone, email, profile, afm, amka, iban, id_card, passport, plate, name)
}
