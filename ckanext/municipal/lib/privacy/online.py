"""What leads to a person on the internet: e-mail addresses, @names, addresses of profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.municipal.lib.privacy.registry import spans, takes_out
from ckanext.municipal.lib.privacy.shadow import Shadow, Span, said, spelled
from ckanext.municipal.lib.texts import N_

_PAPAKI = said("παπάκι, papaki")
_SAID_AT = rf"(?:{_PAPAKI}|{said('at')})"
_SAID_DOT = said("dot, τελεία, teleia")
_AT = re.compile(rf"\s?(?:@|%40|[(\[{{<]\s?(?:@|{_SAID_AT})\s?[)\]}}>])\s?|\s{_SAID_AT}\s")
_IN_NAME = r"[\w.+\-'%!$*^`{|}~]"
_NAME = re.compile(
    rf"(?:\"[^\"\n@]{{1,64}}\"|(?:\w{{1,64}}\s\.\s){{0,2}}{_IN_NAME}{{0,63}}[\w\-])\Z"
)
_DOT = rf"(?:\.|\s\.\s|\s?[(\[]\s?(?:\.|{_SAID_DOT})\s?[)\]]\s?|\s{_SAID_DOT}\s)"
_LABEL = r"[\w\-]{1,63}"


def _any(words: str) -> str:
    return "|".join(map(re.escape, spelled(words)))


# After a full stop and a blank only these go on an address: elsewhere a new sentence begins.
_ENDINGS = _any("gr com eu net org edu gov info co uk de ελ")
_PROVIDERS = _any(
    """gmail googlemail yahoo hotmail outlook live windowslive msn icloud otenet forthnet protonmail"""
)
_DOMAIN = re.compile(rf"{_LABEL}(?:{_DOT}{_LABEL}|\s?\.\s?(?:{_ENDINGS})(?!\w)){{1,6}}")
_ENDED = re.compile(rf"\.\s?(?:{_ENDINGS})\Z")
_PAPAKI_ALONE = re.compile(_PAPAKI)
_HOST = re.compile(r"(?=[\w\-]*[^\W\d])[\w\-]{2,63}")
_SAID_DOMAIN = re.compile(
    rf"(?:{_PROVIDERS})(?!\w)(?:{_DOT}{_LABEL}){{0,2}}"
    rf"|{_LABEL}(?:\.{_LABEL}){{0,3}}(?:\s{_SAID_DOT}\s{_LABEL})+"
)


@takes_out(
    "email",
    N_("[e-mail address]"),
    examples=(
        "Γράψτε στο {maria.p@example.gr}, παρακαλώ",
        "{nikos (at) example [dot] com}",
        "{μαρία@παράδειγμα.ελ}",
        "{maria παπάκι gmail τελεία com}",
        "στο {maria παπάκι example.gr}. Το είδα at example.gr",
        "Το φως ανάβει @ 7 το βράδυ",
    ),
)
def email(shadow: Shadow) -> Iterator[Span]:
    """A name, an @ or what people write for it, and a domain."""
    text, last = shadow.text, 0
    for sign in _AT.finditer(text):
        name = _NAME.search(text, max(last, sign.start() - 80), sign.start())
        domain = _domain(sign, text) if name else None
        if name and domain:
            last = domain.end()
            yield name.start(), last


def _domain(sign: re.Match[str], text: str) -> re.Match[str] | None:
    """Return the domain after a sign; more is asked of it the less the sign is one."""
    found = _DOMAIN.match(text, sign.end())
    if (word := sign[0].strip()).isalpha():
        # Only the Greek word means nothing else between a name and what ends as a domain does.
        whole = found if found and _PAPAKI_ALONE.fullmatch(word) else None
        ended = whole if whole and _ENDED.search(whole[0]) else None
        return _SAID_DOMAIN.match(text, sign.end()) or ended
    if sign[0] == " @":  # a word and an @name, unless it ends as a domain does
        return found if found and _ENDED.search(found[0]) else None
    # maria@gmail: an address whose end is missing.
    return found or (_HOST.match(text, sign.end()) if sign[0] == "@" else None)


_SITES = _any(
    """facebook.com fb.com fb.me m.me instagram.com instagr.am threads.net twitter.com x.com tiktok.com linkedin.com
    youtube.com t.me wa.me viber.com pinterest.com snapchat.com reddit.com bsky.app vk.com"""
)
_PROFILE = re.compile(
    rf"(?:(?:{_any('https http')})://)?(?<![\w.\-])(?:[\w\-]{{1,20}}\.){{0,2}}(?:{_SITES})/[^\s<>\"»)]*"
)
_AT_NAME = re.compile(r"(?<![\w@/.])@(?=[._]*[^\W\d])[\w.]{1,29}\w")
_ACCOUNT = re.compile(
    said(
        """instagram, insta, ig, facebook, fb, twitter, tiktok, skype, telegram, messenger, snapchat, discord"""
    )
    + r"\s?[:=]\s?(?P<it>@?[\w.\-]{2,40}\w)"
)


@takes_out(
    "profile",
    N_("[profile]"),
    examples=(
        "Δείτε τη φωτογραφία στο {https://www.facebook.com/maria.papadopoulou.92}",
        "είμαι η {@maria_p} στο Instagram",
        "insta: {nikos_thess}",
        "https://www.example.gr/nea/ και facebook",
    ),
)
def profile(shadow: Shadow) -> Iterator[Span]:
    """@names, addresses of profiles on social networks, account names after a network's name."""
    for pattern in (_PROFILE, _AT_NAME, _ACCOUNT):
        yield from spans(pattern, shadow.text)
