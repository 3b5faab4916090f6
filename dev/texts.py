"""`make texts`: what people read, collected from the code into the catalogues that translators fill.

Runs in the virtual environment (``python -m dev.texts``). A catalogue changes only where a text does: it is sorted by
its texts, and has neither line numbers nor dates, so that two branches with new texts merge quietly.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "ckanext" / "municipal"
DOMAIN = "ckanext-municipal"
ROOM = PACKAGE / "i18n"
TEMPLATE = ROOM / f"{DOMAIN}.pot"

KEYWORDS = {**DEFAULT_KEYWORDS, "P_": (1, 2)}
"""Names that mark a text: gettext's own (`_`, `N_`, `ungettext`, ...), and `P_` for a singular with its plural."""

METHODS = [
    ("**/vendor/**", "ignore"),
    ("**/templates/**.html", "ckan.lib.extract:extract_ckan"),
    ("**/templates/**.txt", "ckan.lib.extract:extract_ckan"),
    ("**/templates/**.svg", "ckan.lib.extract:extract_ckan"),
    ("**/templates/**.xml", "ckan.lib.extract:extract_ckan"),
    ("**.py", "python"),
    ("**.js", "javascript"),
]
"""How each kind of file is read, the first pattern that fits; CKAN's reader knows CKAN's own template tags."""

PLURALS = {"el": "nplurals=2; plural=(n != 1);"}
"""The plural rule of each language that has a catalogue; English is the text in the code itself."""


def extracted() -> Catalog:
    """Return every marked text of the package, each with the files that say it.

    Raises the template reader's error for a template that cannot be read.
    """
    catalogue = Catalog(domain=DOMAIN)
    for name, _line, text, comments, context in extract_from_dir(
        PACKAGE, METHODS, keywords=KEYWORDS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
    ):
        # The file without its line: a translator sees the room, and a moved text changes nothing.
        where = f"ckanext/municipal/{Path(name).as_posix()}"
        catalogue.add(text, None, [(where, 0)], auto_comments=comments, context=context)
    return catalogue


def catalogue_file(language: str) -> Path:
    """Return where the catalogue of a language lies."""
    return ROOM / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it is now; an empty one where there is none yet."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def updated(language: str, texts: Catalog) -> Catalog:
    """Return the catalogue of a language with exactly these texts: translations kept, nothing guessed."""
    catalogue = read(language)
    catalogue.update(texts, no_fuzzy_matching=True)
    return catalogue


def written(catalogue: Catalog, language: str = "") -> bytes:
    """Return the bytes of a catalogue file: the same for the same texts and translations."""
    for message in catalogue:  # newer releases of Babel mark these, older ones do not
        message.flags.discard("python-brace-format")
    out = io.BytesIO()
    write_po(
        out,
        catalogue,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
        width=100,
    )
    return _header(language).encode() + out.getvalue()


def _header(language: str) -> str:
    """Return the first entry of a file, which tells gettext its encoding and plural rule."""
    lines = [
        f"Project-Id-Version: {DOMAIN}",
        *([f"Language: {language}", f"Plural-Forms: {PLURALS[language]}"] if language else []),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """Yield the English of each text that has no translation, or only a guessed one."""
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and (message.fuzzy or not all(forms)):
            yield message.id if isinstance(message.id, str) else message.id[0]


def main() -> None:
    """Collect the texts, bring every catalogue up to date and compile it; list what is left to translate."""
    texts = extracted()
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_bytes(written(texts))
    for language in PLURALS:
        catalogue = updated(language, texts)
        path = catalogue_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue, language))
        with path.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read(language))
        missing = sorted(untranslated(catalogue))
        print(f"{path.relative_to(ROOT)}: {len(texts)} texts, {len(missing)} to translate")
        for text in missing:
            print(f"    {text}")


if __name__ == "__main__":
    main()
