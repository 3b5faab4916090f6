"""Whatever a file holds, it is read, set aside or refused with a reason: never a surprise."""

from __future__ import annotations

from decimal import Decimal

from budget_exports import EXPENSES, export, read_one, source, source_saying
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.budget.columns import is_budget_header, match_columns
from ckanext.municipal.budget.phases import PHASE_IDS, PHASES
from ckanext.municipal.budget.statement import StatementRefused, read_statements

GREEK = st.text(
    st.characters(min_codepoint=0x391, max_codepoint=0x3A9, exclude_characters="\u03a2")
)
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "6011.01",
            "6011",
            "60",
            "2110101",
            "1,00",
            "1.234",
            "1.234,56",
            "1.5",
            "nan",
            "-",
            '""',
        ]
    ),
    st.sampled_from(["ΣΥΝΟΛΟ", "Δεν υπάρχουν αποτελέσματα", "(1,00)", "1e9", "Αποθεματικό"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
CENTS = st.none() | st.integers(-(10**13), 10**13)


def reads_or_refuses(data, name, of):
    """Read a file; return its statements, or none if it is refused with all that is due."""
    try:
        statements = read_statements(data, name, of)
    except StatementRefused as refusal:
        told = refusal.findings
        assert told
        assert all(f.message("en") and f.remedy("en") for f in told)
        return []
    assert statements
    return statements


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_read_or_refused(data):
    reads_or_refuses(data, EXPENSES, source())


@given(st.binary(max_size=60), st.sampled_from(["utf-8", "utf-16", "cp1253"]))
def test_any_bytes_after_a_good_header_are_read_or_refused(tail, encoding):
    reads_or_refuses(export(encoding=encoding) + tail, EXPENSES, source())


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=6))
def test_every_row_is_a_line_a_total_a_note_or_set_aside(rows):
    of = source_saying(limits={"bad_rows": 1})
    header = "Υπηρεσία;Κ.Α.;Περιγραφή;Ποσό;Πληρωθέντα"
    text = "\n".join([header, *(";".join(cells).replace("\n", " ") for cells in rows)])
    for statement in reads_or_refuses(text.encode("utf-8"), "budget-2024-12-31.csv", of):
        numbers = [line.source_row for line in statement.lines]
        numbers += [finding.place.row for finding in statement.quarantined]
        numbers += [row.row for row in statement.totals_rows]
        assert len(numbers) == len(set(numbers))
        assert len({line.key for line in statement.lines}) == len(statement.lines)
        for line in statement.lines:
            assert all(amount is None or amount.is_finite() for amount in line.amounts)


def money(cents: int | None, mark: str, grouped: bool) -> str:
    """Write an amount as an export does."""
    if cents is None:
        return ""
    exact = Decimal(cents).scaleb(-2)
    written = f"{exact:,.2f}" if grouped else f"{exact:.2f}"
    return written.translate(str.maketrans(",.", ".,")) if mark == "," else written


@given(
    st.lists(st.tuples(GREEK, st.lists(CENTS, min_size=5, max_size=5)), min_size=1, max_size=8),
    st.sampled_from([",", "."]),
    st.booleans(),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1253", "iso8859-7", "cp737"]),
)
def test_what_is_written_in_any_dialect_is_what_is_read(rows, mark, grouped, encoding):
    written = [
        f"Γενικές υπηρεσίες;{6011 + n}.01;Λ{label};"
        + ";".join(money(cents, mark, grouped) for cents in amounts)
        for n, (label, amounts) in enumerate(rows)
    ]
    statement = read_one(export(written, encoding=encoding))
    phases = ("budgeted", "revised", "committed", "mandated", "paid")
    assert [line.label for line in statement.lines] == [f"Λ{label}" for label, _ in rows]
    for line, (_, amounts) in zip(statement.lines, rows, strict=True):
        read = [line.amount(phase) for phase in phases]
        assert read == [None if c is None else Decimal(c).scaleb(-2) for c in amounts]


HEADERS = st.lists(
    st.one_of(
        st.sampled_from([header for phase in PHASES.values() for header in phase.headers]),
        st.sampled_from(["Κ.Α.", "Κωδικός", "Περιγραφή", "Υπηρεσία", "Πληρωθέντα μήνα", ""]),
        st.text(max_size=10),
    ),
    max_size=8,
)


@given(HEADERS)
def test_any_headers_are_matched_once_or_refused(header):
    is_budget_header(header, {})
    try:
        found = match_columns(header, {}, None, "budget.csv")
    except StatementRefused as refusal:
        assert refusal.findings[0].rule.id in ("column-twice", "figures-of-a-month")  # noqa: PT017
        return
    assert set(found) <= {"service", "service_code", "code", "label", *PHASE_IDS}
    assert len(set(found.values())) == len(found)
