"""Other cities are read by their YAML alone: other vendors, other columns, other charts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from budget_exports import HARVESTERS, read_one, source, source_saying, workbook

from ckanext.municipal.budget import rules, source_yaml
from ckanext.municipal.budget.phases import Side
from ckanext.municipal.budget.statement import StatementRefused, read_statements

ATHENS_HEADER = (
    "year,args_pro_esex,args_pro_cdief,department_office,code,title,amount,adjustment,final_budget,"
    "committed_funds,authorized_payments,payments_made,certified_revenues,collected_revenues"
)
ATHENS_ROWS = (
    "2008,1,3,ΤΑΜΕΙΟ,6011.01,ΑΠΟΔΟΧΕΣ,100.50,-0.50,100.00,90.00,80.00,70.00,,",
    "2008,0,,,0111,ΜΙΣΘΩΜΑΤΑ,100.50,,100.50,,,,60.00,50.00",
    '2009,1,3,ΤΑΜΕΙΑΚΗ ΥΠΗΡΕΣΙΑ,6011.010,"6011.010-ΑΠΟΔΟΧΕΣ, ΤΑΚΤΙΚΕΣ",200.00,0.00,200.00,,,nan,,',
    "2009,0,,,0111.001,ΜΙΣΘΩΜΑΤΑ,200.00,0.00,200.00,,,,nan,150.25",
)


def athens(rows=ATHENS_ROWS):
    """Read the shape of Athens: every year and both sides in one file, a decimal point."""
    data = "\n".join((ATHENS_HEADER, *rows, "")).encode("utf-8")
    name = "athens-municipality-budget-greece_2024.csv"
    return read_statements(data, name, source("athens-budget"))


def test_one_file_of_many_years_and_both_sides_becomes_a_statement_each():
    statements = athens()
    assert [(one.year, one.side) for one in statements] == [
        (2008, Side.EXPENDITURE),
        (2008, Side.REVENUE),
        (2009, Side.EXPENDITURE),
        (2009, Side.REVENUE),
    ]
    spent = statements[0].lines[0]
    assert (spent.adjustment, spent.paid) == (Decimal("-0.50"), Decimal("70.00"))
    assert (spent.service_code, spent.service_label) == ("3", "ΤΑΜΕΙΟ")
    assert all(len(one.lines) == 1 for one in statements)


def test_a_blank_phase_of_athens_stays_blank():
    expenditure = athens()[2].lines[0]
    assert expenditure.committed is None
    assert expenditure.paid is None
    assert athens()[3].lines[0].assessed is None


def test_codes_that_differ_only_in_a_last_zero_stay_apart():
    first, _, second, _ = athens()
    assert (first.lines[0].sub_account, second.lines[0].sub_account) == ("01", "010")


def test_a_department_keeps_its_number_when_its_name_changes():
    first, _, second, _ = athens()
    assert first.lines[0].service_code == second.lines[0].service_code == "3"
    assert first.lines[0].service_label != second.lines[0].service_label


def test_a_bad_row_belongs_to_the_statement_of_its_year_and_side():
    more = [f"2009,1,3,ΤΑΜΕΙΟ,60{n},ΑΠΟΔΟΧΕΣ,1.00,,,,,,," for n in range(11, 99)]
    wrong = "2009,1,3,ΤΑΜΕΙΟ,αβγ,ΑΠΟΔΟΧΕΣ,1.00,,,,,,,"
    statements = athens((*ATHENS_ROWS, *more, wrong))
    assert [len(one.quarantined) for one in statements] == [0, 0, 1, 0]


def test_sums_of_athens_follow_the_rules():
    found = {f.rule.id for one in athens() for f in rules.check_statement(one)}
    assert not {"adjustment-sum", "phase-order", "code-of-other-side"} & found


KALAMARIA = [
    "Κωδ. Λογαριασμού",
    "Περιγραφή",
    "Προτεινόμενος",
    "Εγκεκριμμένος",
    "Αναμορφώσεις",
    "Διαμορφωμένος",
    "Ενταλματοποιηθέντα",
    "Πληρωμές",
]


def test_a_workbook_of_another_vendor_is_read_by_its_yaml():
    rows = [
        ["ΔΗΜΟΣ", "ΑΠΟΛΟΓΙΣΜΟΣ 2024"],
        KALAMARIA,
        ["10-6011.0001", "ΑΠΟΔΟΧΕΣ", 100, 90, 10.5, 100.5, 50.25, 50.25],
        ["20-6011.0001", "ΑΠΟΔΟΧΕΣ", 10, 10, 0, 10, None, None],
        [None, "ΓΕΝΙΚΟ ΣΥΝΟΛΟ", 110, 100, 10.5, 110.5, 50.25, 50.25],
    ]
    statement = read_one(
        workbook({"Έξοδα": rows}), "exoda-2024-06-30.xlsx", source("kalamaria-budget")
    )
    first, second = statement.lines
    assert (first.service_code, first.proposed, first.revised) == ("10", 100, Decimal("100.50"))
    assert (second.service_code, second.paid) == ("20", None)
    assert statement.as_of == datetime(2024, 6, 30, tzinfo=ZoneInfo("Europe/Athens"))
    assert len(statement.totals_rows) == 1
    assert "totals-row" not in {f.rule.id for f in rules.check_statement(statement)}


def test_a_region_tells_the_side_by_its_accounts():
    header = (
        "logar;perigrafi;proteinomenos;eggekrimenos;anamorfoseis;diamorfomenos;desmefthenta;"
        "entalthenta;proplirothenta;plirothenta"
    )
    rows = (
        "02.00.073.0832.01;ΕΠΙΔΟΣΗ;10,00;10,00;0,00;10,00;5,00;4,00;0,00;3,00",
        "06.00.073.0112.01;ΕΠΙΧΟΡΗΓΗΣΗ;10,00;10,00;0,00;10,00;;;;",
    )
    data = "\n".join((header, *rows)).encode("cp1253")
    expenditure, revenue = read_statements(
        data, "budget-2020-05-31.csv", source("region-central-macedonia-budget")
    )
    assert (expenditure.side, revenue.side) == (Side.EXPENDITURE, Side.REVENUE)
    line = expenditure.lines[0]
    assert (line.chart, line.service_code, line.code) == ("kae-region", "00.073", "0832")
    assert (line.prepaid, line.paid) == (0, 3)


def test_one_file_with_a_column_for_the_type_needs_no_python():
    columns = {
        "service": "DIRECTORATE",
        "code": "CODE_NUMBER",
        "label": "DESCRIPTION",
        "budgeted": "PROJECTED_REVENUES",
        "revised": "ACTUAL_REVENUES",
        "paid": "PAID_LIABILITIES",
        "collected": "COLLECTED_REVENUES",
        "year": "Year",
        "side": "Type",
    }
    side = {"from": "column", "values": {"EXPENSES": "expenditure", "INCOME": "revenue"}}
    of = source_saying(columns=columns, file={"side": side, "year": "column"})
    data = (
        "﻿" + ",".join(columns.values()) + "\n"
        'ΓΕΝΙΚΕΣ ΥΠΗΡΕΣΙΕΣ,6011.01.01,ΑΠΟΔΟΧΕΣ,"1.800,00","1.800,00","10,00",,2019,EXPENSES\n'
        ',0111.01.01,ΜΙΣΘΩΜΑΤΑ,"1.800,00","1.800,00",,"20,00",2019,INCOME\n'
        ",Δεν υπάρχουν αποτελέσματα,,,,,,2020,INCOME\n"
    ).encode()
    expenditure, revenue = read_statements(data, "budget-2024-12-31.csv", of)
    assert expenditure.lines[0].revised == revenue.lines[0].revised == 1800
    assert (expenditure.year, revenue.lines[0].collected) == (2019, 20)


def test_the_chart_of_2018_is_read_with_its_services_of_three_digits():
    rows = (
        "010.1310101;ΚΑΠ;2.552.090,28;621.753,69",
        "255.2130102001;ΑΜΟΙΒΕΣ;127.844,00;",
        "000.2250905;ΕΝΙΣΧΥΣΕΙΣ;10.000,00;",
    )
    of = source_saying(file={"side": "code"}, service={"from": "code"})
    data = "\n".join(("Κ.Α.;Περιγραφή;Προϋπολογισθέντα;Εισπραχθέντα", *rows)).encode()
    expenditure, revenue = read_statements(data, "budget-2026-02-28.csv", of)
    assert [line.service_code for line in expenditure.lines] == ["255", "000"]
    assert revenue.lines[0].collected == Decimal("621753.69")
    assert expenditure.chart == revenue.chart == "glk-2018"


def test_a_changed_export_of_a_known_city_is_refused_not_misread():
    data = b"logar;perigrafi;eggekrimenos\n02.00.073.0832.01;A;1,00\n"
    with pytest.raises(StatementRefused) as caught:
        read_statements(data, "budget-2020-05-31.csv", source("region-central-macedonia-budget"))
    assert caught.value.findings[0].rule.id == "column-missing"


def test_no_source_needs_more_than_its_yaml():
    names = {path.stem for path in HARVESTERS.glob("*budget*.yaml")}
    assert {"athens-budget", "kalamaria-budget", "thessaloniki-budget"} <= names
    assert all(source_yaml.load(HARVESTERS / f"{name}.yaml").files for name in names)
