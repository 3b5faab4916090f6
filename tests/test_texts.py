"""Everything people read is in the catalogues, and said in Greek: `make texts` collects, translators fill."""

from __future__ import annotations

import gettext
import re
import string
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from ckanext.municipal.lib.texts import DOMAIN, text
from dev import texts

SAME_IN_GREEK = {
    "{file}: {place}: {reason} {remedy}",
    "CSV",
    "DataStore",
    "Redis",
    "Solr",
}
"""Texts that are the same in Greek: names of products, and sentences that are nothing but places."""

_GREEK_LETTER = re.compile(r"[Α-Ωα-ωΆ-Ώά-ώΐΰ]")
_PERCENT_PLACE = re.compile(r"%(\(\w+\))?[sdif]")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@pytest.fixture(scope="module")
def code() -> Catalog:
    """What the code says now."""
    return texts.extracted()


@pytest.fixture(scope="module")
def greek() -> Catalog:
    """The Greek catalogue as it is committed."""
    return texts.read("el")


def english(message: Message) -> tuple[str, ...]:
    """Return the singular and, where there is one, the plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def translations(message: Message) -> tuple[str, ...]:
    """Return the forms of its translation; none where there is none."""
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said or ())


def said_in(catalogue: Catalog) -> set[tuple[str, ...]]:
    return {english(message) for message in catalogue if message.id}


def places(sentence: str) -> set[str]:
    """Return the named places of a sentence, whichever way they are written, and its HTML tags."""
    found = {match.group() for match in _PERCENT_PLACE.finditer(sentence)}
    found |= set(_TAG.findall(sentence))
    for _, name, form, conversion in string.Formatter().parse(sentence):
        if name is not None:
            found.add(f"{name}!{conversion}:{form}")
    return found


def test_every_text_of_the_code_is_in_the_catalogues(code: Catalog, greek: Catalog):
    assert said_in(code) - said_in(greek) == set(), "run `make texts` and translate what it lists"
    assert said_in(greek) - said_in(code) == set(), "run `make texts`: these are no longer said"


def test_committed_files_are_what_make_texts_writes(code: Catalog):
    assert texts.TEMPLATE.read_bytes() == texts.written(code)
    assert texts.catalogue_file("el").read_bytes() == texts.written(
        texts.updated("el", code), "el"
    ), "run `make texts`"


def test_every_text_has_a_greek_translation(greek: Catalog):
    assert sorted(texts.untranslated(greek)) == []


def test_greek_is_greek_but_for_a_listed_few(greek: Catalog):
    messages = [message for message in greek if message.id]
    same = {
        english(message)[0]
        for message in messages
        if not all(_GREEK_LETTER.search(said) for said in translations(message))
    }
    assert same == SAME_IN_GREEK


def test_greek_fills_the_same_places_as_english(greek: Catalog):
    different = {
        english(message)[0]
        for message in greek
        if message.id
        for number, said in enumerate(translations(message))
        if places(said) != places(english(message)[min(number, len(english(message)) - 1)])
    }
    assert different == set()


def test_greek_keeps_the_ends_of_the_english(greek: Catalog):
    """Sentences are put after one another: a lost full stop or space shows in the middle of a line."""
    marks = (".", ":", " ", "\n")
    for message in greek:
        for said, source in zip(translations(message), english(message), strict=False):
            if message.id:
                assert [said.endswith(m) for m in marks] == [source.endswith(m) for m in marks], (
                    said
                )
                assert said.lstrip() == said or source.lstrip() != source, said


def test_greek_has_no_letters_that_only_look_greek(greek: Catalog):
    """A Latin "o" in a Greek word is found by no search and read wrongly aloud."""
    from ckanext.municipal.lib.greek import mixed_script_words

    mixed = {
        word
        for message in greek
        for said in translations(message)
        for word in mixed_script_words(said)
    }
    assert mixed == set()


def test_compiled_catalogue_is_of_the_present_translations(greek: Catalog):
    compiled = texts.catalogue_file("el").with_suffix(".mo")
    assert compiled.exists(), "run `make venv`"
    with compiled.open("rb") as source:
        loaded = gettext.GNUTranslations(source)
    stale = {
        said
        for message in greek
        if message.id
        for number, said in zip((1, 2), translations(message), strict=False)
        if said != _compiled(loaded, message, number)
    }
    assert stale == set(), "run `make texts`"


def _compiled(loaded: gettext.GNUTranslations, message: Message, number: int) -> str:
    singular, *plural = english(message)
    if message.context:
        assert not plural, "a plural with a context: compare it here"
        return loaded.pgettext(message.context, singular)
    return loaded.ngettext(singular, plural[0], number) if plural else loaded.gettext(singular)


def test_texts_of_data_are_said_in_both_languages(greek: Catalog):
    """What is stored in Greek and English at once comes from the same catalogue as the pages."""
    told = 0
    for message in greek:
        if not isinstance(message.id, str):
            continue
        names = [name for _, name, _, _ in string.Formatter().parse(message.id) if name]
        if not names or not all(name.isidentifier() for name in names):
            continue
        values = {name: f"<{name}>" for name in names}
        told += 1
        assert text(message.id, "en", **values) == message.id.format(**values)
        assert text(message.id, "el", **values) == translations(message)[0].format(**values)
    assert told > 100


def test_values_are_said_in_the_language_of_the_sentence():
    msgid = "Code {code} is one of {other}, but stands among {side_name}."
    names = {"other": {"en": "revenue", "el": "έσοδα"}, "side_name": Decimal("1234.50")}
    assert "έσοδα" in text(msgid, "el", code="0111", **names)
    assert "1.234,50" in text(msgid, "el", code="0111", **names)
    assert "1,234.50" in text(msgid, "en", code="0111", **names)


def test_scripts_take_their_texts_from_the_page():
    """CKAN's catalogues for scripts are made by a command of their own, which a wheel does not run."""
    marked = re.compile(r"(?<![\w$])(?:_|ngettext|gettext)\(\s*['\"`]")
    scripts = [path for path in texts.PACKAGE.rglob("assets/**/*.js") if "vendor" not in path.parts]
    assert scripts
    assert [path.name for path in scripts if marked.search(path.read_text("utf-8"))] == []


def test_run_on_other_code_keeps_translations_and_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = tmp_path / "package"
    (package / "templates").mkdir(parents=True)
    page = "{% ckan_extends %}{% block a %}{{ _('Hello') }} {% trans n=2 %}{{ n }} day{% pluralize %}{{ n }} days"
    (package / "templates" / "page.html").write_text(page + "{% endtrans %}{% endblock %}")
    (package / "rules.py").write_text(
        'A = N_("Bad {row}.")\nB = ungettext("%(n)d row", "%(n)d rows", 2)\n'
    )
    monkeypatch.setattr(texts, "PACKAGE", package)
    monkeypatch.setattr(texts, "ROOM", package / "i18n")
    found = texts.extracted()
    assert said_in(found) == {
        ("Hello",),
        ("%(n)s day", "%(n)s days"),
        ("Bad {row}.",),
        ("%(n)d row", "%(n)d rows"),
    }

    first = texts.updated("el", found)
    first["Hello"].string = "Γεια σας"
    path = texts.catalogue_file("el")
    path.parent.mkdir(parents=True)
    path.write_bytes(texts.written(first, "el"))
    (package / "rules.py").write_text('\n\n\nA = N_("Bad {row}.")\nC = N_("Hello!")\n')
    second = texts.updated("el", texts.extracted())
    assert said_in(second) == {
        ("Hello",),
        ("%(n)s day", "%(n)s days"),
        ("Bad {row}.",),
        ("Hello!",),
    }
    assert second["Hello"].string == "Γεια σας"
    assert not second["Hello!"].string, "a similar text is not guessed"
    lines = texts.written(second, "el").decode()
    assert "POT-Creation-Date" not in lines
    assert read_po(lines.splitlines(keepends=True), locale="el").num_plurals == 2


@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
class TestPages:
    """The catalogue is the one CKAN's pages use."""

    def test_greek_search_page_names_our_filters_in_greek(self, app: Any):
        from ckan.tests import factories

        factories.Dataset(tags=[{"name": "νερό"}], owner_org=factories.Organization()["id"])
        page = app.get("/el/dataset/").get_data(as_text=True)
        assert "Λέξεις-κλειδιά" in page
        assert "Departments" not in page
        english_page = app.get("/en/dataset/").get_data(as_text=True)
        assert "Departments" in english_page
        assert "Λέξεις-κλειδιά" not in english_page

    def test_what_ckan_and_its_harvester_do_not_say_in_greek_is_said(self, app: Any):
        page = app.get("/el/harvest").get_data(as_text=True)
        assert "Μετάβαση στο κύριο περιεχόμενο" in page
        assert "Πηγές συγκομιδής" in page
        assert "Harvest Sources" not in page
        assert "Harvest Sources" in app.get("/en/harvest").get_data(as_text=True)

    def test_plugin_loads_the_domain_of_the_suite(self):
        import ckan.plugins as p

        domains = {
            plugin.i18n_domain(): plugin for plugin in p.PluginImplementations(p.ITranslation)
        }
        assert "el" in domains[DOMAIN].i18n_locales()
        assert Path(domains[DOMAIN].i18n_directory()) == texts.ROOM
