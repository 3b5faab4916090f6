"""A reader finds datasets in Greek and English, however the words are typed."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories

pytestmark = pytest.mark.usefixtures("fresh_site")

ODD_QUERIES = [
    "*:*", "*", "?", "**", "a*", "*a", "~", "a~", "a~9", "^", "a^", "a^2", "^2", ":", "::", "a:", ":a",
    "a:b:c", "title:", "title:*", "nofield:x", "id:*", "(", ")", "()", "(()", "())", "(a", "a)", "((a)",
    "[", "]", "[]", "[a TO b]", "[a TO", "title:[a TO b]", "title:{a TO b}", "metadata_modified:[NOW TO *]",
    "metadata_modified:x", "views_total:x", "{", "}", "{}", "{!}", "{!func}id", "{!lucene}x", "{!edismax qf=id}x",
    "{!term f=id}x", "a {!func}id", "{!type=lucene v=$q}", '"', '""', '"a', 'a"', '"a" "', '"a"b"c', '"a b"~',
    '"a b"~3', '"a b"^2', "'", "''", "''''", "AND", "OR", "NOT", "AND OR", "a AND", "AND a", "a AND AND b",
    "a OR", "OR a", "a OR OR b", "NOT NOT a", "a NOT", "TO", "&&", "||", "!", "!a", "a && b", "a || b", "a && || b",
    "+", "-", "+-", "-+a", "--a", "++a", "a -", "a +", "-a", "+a", "- a", "+ a", "\\", "\\\\", "a\\", "\\a",
    "\\(", '\\"', "/", "/a/", "/[/", "a/b", "//", "/.*/", "_query_:a", '_query_:"{!func}id"', "_val_:a",
    '_val_:"ord(id)"', " _query_ :a", "\\_query_:a", "_query\\_:a", "permission_labels:public",
    "capacity:private", "state:deleted", "state:(active OR draft)", "site_id:*", "entity_type:*", "-*:*",
    "*:* -a", "id:[* TO *]", "name:(a OR b", "text:", "text:(", "a:(b:(c))", "a b c d e f g h i j k",
    "http://example.org/?a=b&c=d", "https://", "mailto:a@b.gr", "a@b.gr", "12:30", "1,5", "1.234,56", "50%",
    "100 %", "a%20b", "%00", "<script>", "<!-- -->", "${a}", "#{a}", "{{a}}", "a;b", "a|b", "a&b", "&amp;",
    "\x00", "a\x00b", "\n", "\t", "\r\n", "a\nb", "\u200b", "\ufeff", "\u202ea", "\ud800", "a\udfff", "😀",
    "e\u0301", "ΰ", "ΐ", "ᾳ", "ῼ", "ς", "Σ", "ΣΣ", "ΆΈΉΊΌΎΏ", "΄", "΅α", "·", ";", "τι;", "τι?", "«α»", "“a”",
    "Ά" * 500, "a " * 500, "α " * 500, "(" * 500, ")" * 500, '"' * 501, "a AND " * 200, "a OR " * 200, "-" * 500,
    "+a " * 200, "a:" * 200, "\\" * 501, "*" * 500, "~" * 500, "{" * 500, "[" * 500, "NOT " * 200, "(a OR " * 100,
    "x" * 100_000, "title:" + "x" * 40_000, "α" * 100_000, "a b " * 25_000, "1" * 1000, "-1", "1e999", "NaN",
    "null", "undefined", "true", "None", "sort=id", "q=a&fq=b", "a?b=c#d", "..", "../..", "%2e%2e", "C:\\a",
    "SELECT 1", "' OR 1=1--", "a' OR 'a'='a", "a\u0000", "κ.α.ε.", "Κ.Α. 6011", "ΚΑΕ:6011", "00-6011",
]  # fmt: skip


@pytest.fixture
def budget(fresh_site):
    return factories.Dataset(
        title_translated={"el": "Εκτέλεση προϋπολογισμού 2016", "en": "Budget execution 2016"},
        notes_translated={"el": "Τα ποσά κάθε μήνα.", "en": "The amounts of each month."},
        tags_translated={"el": ["δαπάνες"], "en": ["expenditure"]},
        frequency="http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        resources=[
            {
                "name_translated": {"el": "Έσοδα", "en": "Revenue"},
                "url": "https://example.org/r.csv",
                "format": "CSV",
            }
        ],
    )


def found(q: str, **params):
    return [d["title"] for d in tk.get_action("package_search")({}, {"q": q, **params})["results"]]


def test_a_dataset_is_found_however_it_is_asked_for(budget):
    for q in (
        "ΠΡΟΥΠΟΛΟΓΙΣΜΟΣ", "προυπολογισμος", "Προϋπολογισμός", "προϋπολογισμού", "προυπολογισμων", "budget", "Budgets",
        "εκτελεση", "ΕΚΤΕΛΕΣΗ ΠΡΟΥΠΟΛΟΓΙΣΜΟΥ 2016", '"εκτέλεση ΠΡΟΫΠΟΛΟΓΙΣΜΟΎ"', "εκτελ*", "δαπανων", "δαπάνη",
        "expenditure", "εσοδο", "ΕΣΟΔΩΝ", "revenue", "ποσο", "ετήσια", "ΕΤΗΣΙΑ", "annual", "title:προυπολογισμός",
        "budget OR νερό", "προϋπολογισμός AND 2016", "προϋπολογισμός -νερό", "πρου\u0308πολογισμο\u0301ς",
    ):  # fmt: skip
        assert found(q) == ["Εκτέλεση προϋπολογισμού 2016"], q


def test_what_does_not_fit_is_not_found(budget):
    for q in ("νερό", "προϋπολογισμός -budget", "budget AND νερό", "!!!", "title:εσοδα"):
        assert found(q) == [], q


def test_department_and_theme_are_found_by_their_names_in_both_languages():
    organization = factories.Organization(
        title_translated={"el": "Διεύθυνση Καθαριότητας", "en": "Cleaning Department"}
    )
    theme = factories.Group(title_translated={"el": "Περιβάλλον", "en": "Environment"})
    factories.Dataset(title="Κάδοι", owner_org=organization["id"], groups=[{"name": theme["name"]}])
    for q in ("ΚΑΘΑΡΙΟΤΗΤΑ", "cleaning", "περιβαλλοντος", "environment"):
        assert found(q) == ["Κάδοι"], q


def test_a_title_counts_more_than_a_description_in_any_spelling():
    factories.Dataset(title="Κάδοι", notes="Ο προϋπολογισμός τους, και πάλι προϋπολογισμός.")
    factories.Dataset(title="Ο προϋπολογισμός του δήμου", notes="Όλα τα ποσά.")
    for q in ("Προϋπολογισμός", "ΠΡΟΥΠΟΛΟΓΙΣΜΟΣ", "προϋπολογισμοί"):
        assert found(q)[0] == "Ο προϋπολογισμός του δήμου", q


def test_the_word_itself_comes_before_its_other_cases():
    factories.Dataset(title="Δρόμος του νερού")
    factories.Dataset(title="Δρόμων κατάλογος")
    assert found("δρομων") == ["Δρόμων κατάλογος", "Δρόμος του νερού"]


def test_titles_sort_by_the_greek_alphabet():
    titles = [
        "Ωδείο",
        "Άνοιξη",
        "αγορά",
        "Έσοδα",
        "Αγορές",
        "Budget",
        "Ζώα",
        "Ήλιος",
        "2 δήμοι",
        "10 δήμοι",
    ]
    for title in titles:
        factories.Dataset(title=title)
    assert found("*:*", sort="title_string asc") == [
        "2 δήμοι", "10 δήμοι", "αγορά", "Αγορές", "Άνοιξη", "Έσοδα", "Ζώα", "Ήλιος", "Ωδείο", "Budget",
    ]  # fmt: skip


def test_an_english_page_sorts_by_english_titles(app):
    factories.Dataset(title_translated={"el": "Αέρας", "en": "Wind"}, name="wind")
    factories.Dataset(title_translated={"el": "Ωδείο", "en": "Academy"}, name="academy")
    greek = app.get("/dataset/?sort=title_string+asc").body
    english = app.get("/en/dataset/?sort=title_string+asc").body
    assert greek.index("/dataset/wind") < greek.index("/dataset/academy")
    assert english.index("/dataset/academy") < english.index("/dataset/wind")


def test_facets_carry_labels_in_the_reader_s_language(app, budget):
    greek, english = app.get("/dataset/").body, app.get("/en/dataset/").body
    assert "Ετήσια" in greek
    assert "Annual" in english
    found_ = tk.get_action("package_search")({}, {"facet.field": ["res_format", "vocab_frequency"]})
    assert found_["facets"]["res_format"] == {"CSV": 1}
    assert found_["facets"]["vocab_frequency"] == {"ANNUAL": 1}
    assert found("*:*", fq="vocab_frequency:ANNUAL") == ["Εκτέλεση προϋπολογισμού 2016"]


def test_two_hundred_odd_queries_are_answered_and_find_nothing_hidden(app):
    assert len(ODD_QUERIES) >= 200
    organization = factories.Organization()
    factories.Dataset(title="Κρυφό σύνολο", private=True, owner_org=organization["id"])
    factories.Dataset(title="a")
    for q in ODD_QUERIES:
        answer = app.post("/api/action/package_search", json={"q": q})
        assert answer.status_code < 500, q[:80]
        assert "Κρυφό" not in answer.body, q[:80]


def test_odd_queries_on_the_search_page_are_no_errors(app):
    for q in ODD_QUERIES[::5]:
        if "\ud800" in q or "\udfff" in q:
            continue  # no browser can send half a character
        assert app.get("/dataset/", query_string={"q": q[:3000]}).status_code < 500, q[:80]


def test_a_description_longer_than_an_index_term_can_be_saved_and_found():
    long = "Λέξη προς λέξη. " * 5_000 + "πολυτεχνείο"
    factories.Dataset(title="Μακρύ", notes_translated={"el": long, "en": "x" * 40_000})
    assert found("πολυτεχνειο") == ["Μακρύ"]
