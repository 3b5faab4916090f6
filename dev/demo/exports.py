"""The same budget as different vendors export it: code pages, delimiters, headers, workbooks."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl

from ckanext.municipal.lib.greek import fold
from dev.demo.plan import EXPENDITURE, REVENUE, Line

Amounts = Mapping[str, int]
_TEXT_HEADERS = {
    EXPENDITURE: ("Δεσμευθέντα", "Ενταλθέντα", "Πληρωθέντα"),
    REVENUE: ("Βεβαιωθέντα", "Εισπραχθέντα"),
}
_TEXT_PHASES = {
    EXPENDITURE: ("budgeted", "revised", "committed", "mandated", "paid"),
    REVENUE: ("budgeted", "revised", "assessed", "collected"),
}
_BOOK_HEADERS = {
    EXPENDITURE: ("Δεσμευθέντα", "Ενταλθέντα", "Πληρωθέντα"),
    REVENUE: ("Βεβαιωθέντα", "Εισπράξεις"),
}
_NOT_TODAY = (2026, 1, 1, 0, 0, 0)  # a zip archive dates its members


def money(cents: int) -> str:
    """Write cents as a Greek export does: ``1.234,56``."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", ".") + f",{rest:02}"


def capitals(text: str) -> str:
    """Write a label as old systems print it: capitals without accents."""
    return fold(text).upper()


def delimited(
    side: str, lines: Sequence[Line], states: Sequence[Amounts], services: Mapping[str, str],
    *, trailing: bool, newline: str,
) -> str:  # fmt: skip
    """Return one side as text with semicolons: service by name, one row a line.

    ``trailing``: every row, but not the header, ends with a delimiter, as scraped tables do.
    """
    header = ("Υπηρεσία", "Κ.Α.", "Περιγραφή", "Προϋπολογισθέντα", "Διαμορφωθέντα")
    rows = [";".join((*header, *_TEXT_HEADERS[side]))]
    for line, amounts in zip(lines, states, strict=True):
        if line.side == side:
            figures = (money(amounts[phase]) for phase in _TEXT_PHASES[side])
            cells = (services.get(line.service, ""), line.code, line.label, *figures)
            rows.append(";".join(cells) + (";" if trailing else ""))
    return newline.join([*rows, ""])


def workbook(side: str, lines: Sequence[Line], states: Sequence[Amounts], title: str) -> bytes:
    """Return one side as another vendor's workbook.

    A sheet about the report comes first; the table has rows of titles above and a total below,
    the service inside the account (``10-6011.0001``), amounts as numbers, and a heading with the
    vendor's own spelling mistake.
    """
    book = openpyxl.Workbook()
    about = book.worksheets[0]
    about.title = "Πληροφορίες"
    about.append([title])
    about.append(["Δεδομένα επίδειξης: ο δήμος και τα ποσά είναι φανταστικά."])
    sheet = book.create_sheet("Κατάσταση")
    sheet.append([title])
    sheet.append([])
    changes = ("Προτεινόμενος", "Εγκεκριμμένος", "Αναμορφώσεις", "Διαμορφωμένος")
    sheet.append(["Κωδ. Λογαριασμού", "Περιγραφή", *changes, *_BOOK_HEADERS[side]])
    totals = [0] * (len(changes) + len(_BOOK_HEADERS[side]))
    for line, amounts in zip(lines, states, strict=True):
        if line.side == side:
            cents = _book_amounts(line, amounts)
            totals = [total + cent for total, cent in zip(totals, cents, strict=True)]
            sheet.append([_account(line), line.label, *(cent / 100 for cent in cents)])
    sheet.append(["ΣΥΝΟΛΟ", None, *(total / 100 for total in totals)])
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def _account(line: Line) -> str:
    code, _, copy = line.code.partition(".")
    account = f"{code}.{copy.rpartition('.')[2]:0>4}"
    return f"{line.service}-{account}" if line.service else account


def _book_amounts(line: Line, amounts: Amounts) -> list[int]:
    voted, revised = amounts["budgeted"], amounts["revised"]
    executed = [amounts[phase] for phase in _TEXT_PHASES[line.side][2:]]
    return [voted, voted, revised - voted, revised, *executed]


def _undated(book: bytes) -> bytes:
    """Return a workbook without the moment of its making, so that equal content is equal bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2026-01-01T00:00:00Z", data)
            member = zipfile.ZipInfo(name, _NOT_TODAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, data)
    return out.getvalue()
