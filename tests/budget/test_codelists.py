"""Code lists: what a code is called, what stands above it, and what a broken list says."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.budget.codelists import (
    FILES,
    PARTIAL,
    CodeList,
    CodeListError,
    code_list,
    services,
)

HEAD = "code,parent,el,en,valid_from,valid_to\n"
CHARTS = sorted(FILES)


def written(tmp_path, text, name="list.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("chart", "side"), CHARTS)
def test_every_code_has_both_names_and_a_parent_it_begins_with(chart, side):
    for code in code_list(chart, side):
        assert code.code.isdigit()
        assert code.el
        assert code.en
        assert code.en.isascii()
        assert code.code.startswith(code.parent)
        assert len(code.parent) == len(code.code) - 1 or not code.parent or len(code.code) == 4


@pytest.mark.parametrize(("chart", "side"), CHARTS)
def test_names_beside_each_other_differ(chart, side):
    names = [(code.parent, code.el) for code in code_list(chart, side)]
    assert len(set(names)) == len(names)


def test_ancestors_go_from_the_class_down():
    assert code_list("kae-2004", "expenditure").ancestors("6011") == ("6", "60", "601")
    assert code_list("kae-2004", "revenue").ancestors("0111") == ("0", "01", "011")
    assert code_list("kae-2004", "revenue").ancestors("9") == ()


def test_a_code_has_a_name_in_both_languages():
    codes = code_list("kae-2004", "expenditure")
    assert codes.name("6711", "el") == "Απόδοση σε σχολικές επιτροπές"
    assert codes.name("6711", "en") == "Transfer to school committees"
    assert codes.name("9999", "el") is None


@pytest.mark.parametrize(
    ("code", "known"), [("6011", "6011"), ("6019", "601"), ("6990", "6"), ("0", None), ("", None)]
)
def test_an_unknown_code_falls_back_to_what_is_above_it(code, known):
    assert code_list("kae-2004", "expenditure").nearest_known(code) == known


@given(st.text(alphabet="0123456789.", max_size=12))
def test_the_nearest_known_code_is_the_longest_beginning(code):
    codes = code_list("kae-2004", "revenue")
    known = codes.nearest_known(code)
    beginnings = [code[:length] for length in range(1, len(code) + 1) if code[:length] in codes]
    assert known == (beginnings[-1] if beginnings else None)


def test_the_new_chart_knows_the_group_of_a_seven_digit_code():
    codes = code_list("glk-2018", "revenue")
    assert "glk-2018" in PARTIAL
    assert codes.name(codes.nearest_known("1310101"), "en") == "Transfers received"
    assert codes.name(codes.nearest_known("2130102"), "en") == "Compensation of employees"


def test_official_codes_that_other_lists_lack_are_there():
    revenue = ["3219", "1327", "1328", "1326", "1329", "5124", "5129", "0471", "0716"]
    expenditure = ["8262", "8263", "6813", "6079", "6694", "6738"]
    assert [code for code in revenue if code not in code_list("kae-2004", "revenue")] == []
    assert [code for code in expenditure if code not in code_list("kae-2004", "expenditure")] == []


def test_a_code_knows_the_years_it_is_in_force():
    assert code_list("kae-2004", "expenditure")["6011"].in_force(2016)
    assert not code_list("kae-2004", "expenditure")["6011"].in_force(2026)
    assert not code_list("glk-2018", "expenditure")["21"].in_force(2016)


def test_a_portal_adds_and_renames_codes_with_a_file_of_its_own(tmp_path):
    own = written(tmp_path, HEAD + "6019,601,Δικό μας,Ours,,\n6011,601,Άλλο όνομα,Other,,\n")
    codes = code_list("kae-2004", "expenditure", str(own))
    assert codes.nearest_known("6019") == "6019"
    assert codes.name("6011", "en") == "Other"
    assert codes.name("6012", "en") != "Other"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("code,parent\n1,\n", "list.csv lacks the columns el, en, valid_from, valid_to"),
        (HEAD + "1,,α,a,,\n1,,β,b,,\n", "list.csv, row 3: code 1 is there twice"),
        (HEAD + "11,1,α,a,,\n", "list.csv, row 2: 11 stands under 1"),
        (HEAD + "1,2,α,a,,\n2,1,β,b,,\n", "list.csv, row 2: 1 stands under"),
        (HEAD + ",,α,a,,\n", "list.csv, row 2: the code is empty"),
        (HEAD + "1,,α,a,MMIV,\n", "list.csv, row 2: MMIV is not a year"),
    ],
)
def test_a_broken_list_says_which_row_to_put_right(tmp_path, text, sentence):
    with pytest.raises(CodeListError, match=sentence):
        CodeList.load(written(tmp_path, text))


def test_a_list_that_is_not_utf8_says_so(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("code,parent\n1,Ά".encode("cp1253"))
    with pytest.raises(CodeListError, match="save it as UTF-8"):
        CodeList.load(path)
    with pytest.raises(CodeListError, match="Check its path"):
        CodeList.load(tmp_path / "none.csv")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_list_or_a_sentence(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(HEAD.encode() + data)
    try:
        codes = list(CodeList.load(path))
    except CodeListError as error:
        codes, sentence = [], str(error)
    else:
        sentence = "any.csv"
    assert "any.csv" in sentence
    assert all(code.code for code in codes)


@pytest.mark.parametrize(
    "name",
    ["Υπηρεσίες πρασίνου", "ΥΠΗΡΕΣΙΕΣ ΠΡΑΣΙΝΟΥ", " υπηρεσιες  πρασινου ", "Υπηρεσία Πρασίνου"],
)
def test_a_service_is_found_however_its_name_is_written(name):
    assert services().code_for(name) == "35"


def test_a_service_with_public_investment_money_is_not_the_ordinary_one():
    name = "Υπηρεσίες καθαριότητας και ηλεκτροφωτισμού"
    assert services().code_for(name) == "20"
    assert services().code_for(f"{name} (Έργα και δράσεις χρηματοδοτούμενες απο ΠΔΕ)") == "62"
    assert (
        services()
        .name(
            "62",
            "en",
        )
        .startswith("Cleaning")
    )


def test_an_unknown_service_has_no_code():
    assert services().code_for("Τμήμα Μαγείας") is None
    assert services().code_for("") is None


def test_a_portal_names_its_own_services_by_aliases(tmp_path):
    own = written(tmp_path, "alias,code\nΔιεύθυνση Κήπων,35\n", "own.csv")
    assert services(str(own)).code_for("ΔΙΕΥΘΥΝΣΗ ΚΗΠΩΝ") == "35"
    wrong = written(tmp_path, "alias,code\nΔιεύθυνση Κήπων,3\n", "wrong.csv")
    with pytest.raises(CodeListError, match=r"wrong.csv, row 2: no service has the code 3"):
        services(str(wrong))


# Against real files


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("side", "name"), [("expenditure", "exodwn"), ("revenue", "esodwn")])
def test_every_well_formed_code_of_the_published_lists_is_known(shared, side, name):
    codes = code_list("kae-2004", side)
    published = rows(shared / f"data/budget/codelists/kae-ota-{name}-2014.derived.csv")
    wanted = [row["code"] for row in published if row["code"].isdigit()]
    assert len(wanted) > 200
    assert [code for code in wanted if code not in codes] == []


def test_every_service_of_the_published_lists_is_known(shared):
    for year in (2014, 2016):
        for row in rows(
            shared / f"data/budget/codelists/kae-ota-administration-{year}.derived.csv"
        ):
            assert services().name(row["code"], "el")
            # 70, 71 and 72 have one name between them
            if row["code"] not in ("71", "72"):
                assert services().code_for(row["label_el"]) == row["code"]


def real_lines(shared, side):
    for path in sorted((shared / f"data/budget/thessaloniki-2016/{side}").glob("*.csv")):
        for line in path.read_text(encoding="utf-16").splitlines()[1:]:
            yield line.split(";")


def test_every_service_of_the_real_files_has_a_code(shared):
    names = {cells[0] for cells in real_lines(shared, "expenses")}
    assert len(names) == 12
    assert {name for name in names if not services().code_for(name)} == set()


@pytest.mark.parametrize(("side", "folder"), [("expenditure", "expenses"), ("revenue", "incomes")])
def test_every_code_of_the_real_files_has_a_name(shared, side, folder):
    found = {cells[1][:4] for cells in real_lines(shared, folder)}
    assert len(found) > 80
    assert [code for code in sorted(found) if code not in code_list("kae-2004", side)] == []


@pytest.mark.parametrize("side", ["expenditure", "revenue"])
def test_every_code_of_the_years_2011_to_2017_has_a_name(shared, side):
    codes = code_list("kae-2004", side)
    for path in sorted((shared / "data/budget").glob(f"{side}-*.derived.csv")):
        unknown = {row["kae4"] for row in rows(path) if row["kae4"].isdigit()}
        assert [code for code in sorted(unknown) if code not in codes] == [], path.name
