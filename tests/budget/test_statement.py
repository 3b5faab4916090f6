"""An export is read row by row: what is a line, what is not, and what is set aside."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from budget_exports import (
    EXPENSES,
    HEADER,
    INCOMES,
    ROWS,
    export,
    read_one,
    source,
    source_saying,
    workbook,
)

from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.statement import StatementRefused, read_statements

NAME = "budget-2024-12-31.csv"


def text(*rows, header="Κ.Α.;Περιγραφή;Ποσό;Πληρωθέντα"):
    """Return a UTF-8 CSV of rows."""
    return "\n".join((header, *rows, "")).encode()


def read(*rows, of=None, header="Κ.Α.;Περιγραφή;Ποσό;Πληρωθέντα"):
    """Read a short CSV; sources of the tests tolerate half of the rows."""
    return read_one(text(*rows, header=header), NAME, of or source_saying(limits={"bad_rows": 0.5}))


def refusal(data, name=NAME, of=None, **more):
    """Return the rules by which a file is refused."""
    with pytest.raises(StatementRefused) as caught:
        read_statements(data, name, of or source_saying(), **more)
    return [finding.rule.id for finding in caught.value.findings]


def reasons(statement):
    """Return (rule, row, field) of every row set aside."""
    return [(f.rule.id, f.place.row, f.place.field) for f in statement.quarantined]


def test_the_file_name_tells_side_year_and_moment():
    statement = read_one(export(), EXPENSES)
    assert (statement.side, statement.year) == (Side.EXPENDITURE, 2016)
    assert statement.as_of == datetime(2016, 4, 1, 22, 54, tzinfo=ZoneInfo("Europe/Athens"))
    header = "Υπηρεσία;Κ.Α.;Περιγραφή;Προϋπολογισθέντα;Εισπραχθέντα"
    revenue = read_one(export([";0111.01.01;ΜΙΣΘΩΜΑΤΑ;1,00;0,50"], header=header), INCOMES)
    assert revenue.side is Side.REVENUE
    assert revenue.lines[0].service_code == ""


def test_a_line_keeps_code_and_amounts_as_they_are_written():
    first, second, *_ = read_one(export()).lines
    assert (first.code_raw, first.code, first.sub_account) == ("6011.01.01", "6011", "01.01")
    assert (first.service_code, first.service_label) == ("35", "Υπηρεσίες πρασίνου")
    assert first.budgeted == Decimal("1800000.00")
    assert first.committed == Decimal("9000.50")
    assert first.paid == 0
    assert second.paid is None
    assert second.source_row == 3


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1253", "iso8859-7"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_same_content_in_any_encoding_gives_the_same_lines(encoding, end):
    assert read_one(export(encoding=encoding, end=end)).lines == read_one(export()).lines


def test_a_dos_code_page_is_read_too():
    assert read_one(export(encoding="cp737")).lines == read_one(export()).lines


def test_headers_with_look_alike_letters_and_cut_off_headers_are_recognised():
    typed = HEADER.replace("Κ.Α.", "K.A.").replace("Διαμορφωθέντα", "∆ιαµορφωθέν")
    assert read_one(export(header=typed)).lines == read_one(export()).lines


def test_a_blank_amount_is_none_and_a_zero_is_zero():
    (line,) = read("6011;ΑΠΟΔΟΧΕΣ;0,00;").lines
    assert line.budgeted == 0
    assert line.paid is None


def test_words_such_as_nan_are_blank_and_told():
    statement = read("6011;ΑΠΟΔΟΧΕΣ;1,00;nan", "6012;nan;2,00;nan")
    assert [line.paid for line in statement.lines] == [None, None]
    assert statement.lines[1].label == ""
    assert ("literal-junk", 2) in [(f.rule.id, f.values.get("cells")) for f in statement.findings]


def test_each_column_has_its_own_decimal_mark():
    (line, _) = read("6011;ΑΠΟΔΟΧΕΣ;1.234,50;1,234.50", "6012;ΑΜΟΙΒΕΣ;1,00;1.00").lines
    assert line.budgeted == line.paid == Decimal("1234.50")


def test_whole_thousands_take_the_decimal_mark_of_money():
    (line,) = read("6011;ΑΠΟΔΟΧΕΣ;1.234;2,50").lines
    assert line.budgeted == 1234


def test_totals_rows_are_no_lines():
    statement = read(
        "6011;ΑΠΟΔΟΧΕΣ;1,00;", "6012;ΑΜΟΙΒΕΣ;2,00;", ";ΣΥΝΟΛΟ ΕΞΟΔΩΝ;3,00;", "Σύνολο;;3,00;"
    )
    assert len(statement.lines) == 2
    assert [row.amounts["budgeted"] for row in statement.totals_rows] == [3, 3]


def test_rows_of_groups_and_headings_are_no_lines():
    statement = read("6;ΕΞΟΔΑ ΧΡΗΣΗΣ;3,00;", "60;ΑΜΟΙΒΕΣ;;", "6011;Α;1,00;", "6012;Β;2,00;")
    assert [line.code for line in statement.lines] == ["6011", "6012"]
    assert [(row.prefix, row.row) for row in statement.totals_rows] == [("6", 2)]


def test_an_account_that_is_the_sum_of_its_sub_accounts_is_their_heading():
    statement = read("6011;ΑΠΟΔΟΧΕΣ;3,00;1,00", "6011.01;Α;1,00;1,00", "6011.02;Β;2,00;")
    assert [line.code_raw for line in statement.lines] == ["6011.01", "6011.02"]
    assert statement.totals_rows[0].prefix == "6011"
    different = read("6011;ΑΠΟΔΟΧΕΣ;4,00;1,00", "6011.01;Α;1,00;1,00", "6011.02;Β;2,00;")
    assert len(different.lines) == 3


def test_a_file_without_results_is_a_statement_without_lines():
    for rows in ((), ('""',), ("Δεν υπάρχουν αποτελέσματα",), ("Δεν υπάρχουν αποτελέσματα;;;",)):
        statement = read(*rows)
        assert statement.lines == ()
        assert "no-lines" in [f.rule.id for f in statement.findings]


def test_a_bad_row_is_set_aside_with_its_line_and_the_rest_goes_on():
    good = [f"60{n}.01;ΑΠΟΔΟΧΕΣ;1,00;" for n in range(11, 16)]
    bad = [
        "αβγ;ΑΜΟΙΒΕΣ;1,00;",
        "6021.01;ΑΜΟΙΒΕΣ;δέκα;",
        ";ΑΜΟΙΒΕΣ;1,00;",
        "6022;ΑΜΟΙΒΕΣ; ΛΟΙΠΕΣ;1,00;",
    ]
    statement = read(*good, *bad)
    assert len(statement.lines) == 5
    assert reasons(statement) == [
        ("row-bad-code", 7, "code"),
        ("row-bad-amount", 8, "budgeted"),
        ("row-without-code", 9, "code"),
        ("row-ragged", 10, ""),
    ]


def test_a_code_that_stands_for_nothing_is_an_orphan():
    statement = read("6011;ΑΠΟΔΟΧΕΣ;1,00;", "kae/missing;;;")
    assert reasons(statement) == [("row-orphan", 3, "code")]


def test_the_second_row_of_a_key_is_set_aside_and_names_the_first():
    statement = read("6011;ΑΠΟΔΟΧΕΣ;1,00;", "6012;ΑΜΟΙΒΕΣ;1,00;", "6011;ΑΠΟΔΟΧΕΣ;2,00;")
    assert reasons(statement) == [("duplicate-key", 4, "code")]
    assert statement.quarantined[0].values["first"] == 2


def test_too_many_bad_rows_stop_the_file_and_all_are_named():
    rows = [f"60{n};ΑΠΟΔΟΧΕΣ;1,00;" for n in range(10, 60)]
    data = text(*rows, "αβγ;ΑΜΟΙΒΕΣ;1,00;", "αβδ;ΑΜΟΙΒΕΣ;1,00;")
    assert refusal(data) == ["too-many-bad-rows", "row-bad-code", "row-bad-code"]
    lenient = source_saying(limits={"bad_rows": 0.05})
    assert len(read_one(data, NAME, lenient).quarantined) == 2


def test_two_charts_in_one_file_are_refused():
    assert refusal(text("6011;ΑΠΟΔΟΧΕΣ;1,00;", "2110101;ΑΜΟΙΒΕΣ;1,00;")) == ["charts-mixed"]


def test_a_source_that_names_its_chart_sets_codes_of_the_other_aside():
    of = source_saying(chart="glk-2018", limits={"bad_rows": 0.5})
    statement = read("2110101;ΑΜΟΙΒΕΣ;1,00;", "6011;ΑΠΟΔΟΧΕΣ;1,00;", of=of)
    assert statement.chart == "glk-2018"
    assert reasons(statement) == [("row-bad-code", 3, "code")]


def test_a_file_of_another_kind_is_refused_with_a_sentence():
    for data in (b"", b"<html><body>502</body></html>", b"\x00\x01\x02", b"PK\x03\x04 broken"):
        assert refusal(data) == ["file-unreadable"]
    assert refusal(b"a;b\n1;2\n") == ["header-not-found"]
    assert refusal(text("6011;Α;1,00;"), "readme.txt") == ["file-name-unknown"]
    assert refusal(text("6011;Α;1,00;"), "budget-2024-13-31.csv") == ["no-as-of"]


def test_a_column_that_the_source_names_and_the_file_lacks_is_not_read_as_blank():
    of = source_saying(columns={"mandated": "Επιταγές"})
    assert refusal(text("6011;Α;1,00;"), of=of) == ["column-missing"]
    # The source's columns of the other side are not missed.
    of = source_saying(columns={"collected": "Ταμείο"})
    assert len(read("6011;Α;1,00;", of=of).lines) == 1


def test_the_source_decides_between_two_columns_of_one_meaning():
    header = "Κ.Α.;Ποσό;Εγκεκριμένος"
    assert refusal(text("6011;1,00;2,00", header=header)) == ["column-twice"]
    of = source_saying(columns={"budgeted": "Εγκεκριμένος"})
    assert read("6011;1,00;2,00", of=of, header=header).lines[0].budgeted == 2


def test_the_figures_of_one_month_are_refused_unless_the_sum_of_the_year_is_there_too():
    header = "Κ.Α.;Ποσό;Πληρωθέντα μήνα"
    assert refusal(text("6011;1,00;2,00", header=header)) == ["figures-of-a-month"]
    both = read("6011;9,00;2,00;5,00", header=f"{header};Πληρωθέντα")
    assert both.lines[0].paid == 5


def test_the_label_of_a_suppressed_line_is_not_in_the_statement():
    of = source_saying(suppress=[{"code": "6737.03"}, {"label": "κληροδότημα"}])
    statement = read(
        "6737.03.05;ΟΝΟΜΑ;1,00;", "6738;ΚΛΗΡΟΔΟΤΗΜΑ ΟΝΟΜΑ;1,00;", "6739;ΛΟΙΠΑ;1,00;", of=of
    )
    assert [line.label for line in statement.lines] == ["", "", "ΛΟΙΠΑ"]
    assert "ΟΝΟΜΑ" not in repr(statement)
    assert "label-withheld" in [f.rule.id for f in statement.findings]


def test_an_unknown_service_stands_for_itself_until_the_source_names_its_code():
    rows, header = ("Υπηρεσία Πτήσεων;6011;1,00",), "Υπηρεσία;Κ.Α.;Ποσό"
    unknown = read(*rows, header=header)
    assert unknown.lines[0].service_code == "υπηρεσια πτησεων"
    assert [f.rule.id for f in unknown.findings] == ["unknown-service"]
    of = source_saying(service={"from": "column", "aliases": {"ΥΠΗΡΕΣΙΑ ΠΤΗΣΕΩΝ": "75"}})
    known = read(*rows, header=header, of=of)
    assert known.lines[0].service_code == "75"
    assert known.findings == ()


def test_a_moment_may_be_the_file_s_own_time_and_is_then_told():
    of = source_saying(file={"as_of": "modified"})
    moment = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    (statement,) = read_statements(text("6011;Α;1,00;"), NAME, of, modified=moment)
    assert statement.as_of == moment
    assert "as-of-from-file" in [f.rule.id for f in statement.findings]
    assert refusal(text("6011;Α;1,00;"), of=of) == ["no-as-of"]


def test_a_workbook_with_an_info_sheet_and_a_sheet_a_side_is_two_statements():
    of = source_saying(
        file={
            "side": {"from": "sheet", "values": {"Έσοδα": "revenue", "Έξοδα": "expenditure"}},
        },
        service={"from": "code"},
    )
    data = workbook(
        {
            "Πληροφορίες": [["Δήμος"], ["Τύπωση 31/12"]],
            "Έξοδα": [
                ["ΠΡΟΫΠΟΛΟΓΙΣΜΟΣ 2024"],
                [],
                ["Κωδ. Λογαριασμού", "Περιγραφή", "Εγκεκριμμένος", "Πληρωθέντα\n(€)"],
                ["10-6011.0001", "ΑΠΟΔΟΧΕΣ", 1234.5, 0.1 + 0.2],
                ["ΣΥΝΟΛΟ", None, 1234.5, 0.3],
            ],
            "Έσοδα": [
                ["Κωδ. Λογαριασμού", "Περιγραφή", "Εγκεκριμμένος", "Εισπράξεις"],
                ["0111.0001", "ΜΙΣΘΩΜΑΤΑ", 1234.5, None],
            ],
        }
    )
    expenditure, revenue = read_statements(data, "budget-2024-12-31.xlsx", of)
    (line,) = expenditure.lines
    assert (line.service_code, line.code, line.sub_account) == ("10", "6011", "0001")
    assert (line.budgeted, line.paid) == (Decimal("1234.50"), Decimal("0.30"))
    assert line.source_row == 4
    assert (revenue.side, revenue.lines[0].collected) == (Side.REVENUE, None)


def test_codes_that_a_workbook_keeps_as_numbers_are_set_aside_where_zeros_may_be_lost():
    rows = [["Κ.Α.", "Ποσό"], *([6000 + n, 1.0] for n in range(11, 20)), [111, 1.0], [6011.01, 1.0]]
    of = source_saying(limits={"bad_rows": 0.5})
    statement = read_one(workbook({"Φύλλο": rows}), "budget-2024-12-31.xlsx", of)
    assert len(statement.lines) == 9
    assert [rule for rule, _, _ in reasons(statement)] == ["row-code-is-number"] * 2


def test_the_real_rows_of_these_tests_are_all_lines():
    assert len(read_one(export()).lines) == len(ROWS)
    assert read_one(export()).findings == ()
    assert source().name == "thessaloniki-budget"
