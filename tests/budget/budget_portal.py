"""A small budget of 2016 in a portal: two snapshots a side, sums that can be added up by hand."""

from __future__ import annotations

from typing import Any

from budget_exports import export

REVENUE = "Υπηρεσία;Κ.Α.;Περιγραφή;Προϋπολογισθέντα;Διαμορφωθέντα;Βεβαιωθέντα;Εισπραχθέντα"
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FIRST = (
    "Υπηρεσίες πρασίνου;6011.01.01;ΤΑΚΤΙΚΕΣ ΑΠΟΔΟΧΕΣ;1.800.000,00;1.800.000,00;9.000,50;8,00;0,00",
    "Υπηρεσία Νεκροταφείων;6011.01.01;ΤΑΚΤΙΚΕΣ ΑΠΟΔΟΧΕΣ;750.000,00;750.000,00;0,00;0,00;0,00",
    f"Γενικές υπηρεσίες;6117.01.01;=ΎΔΡΕΥΣΗΣ {XSS};1.000,10;1.000,10;;;",
    "Αποθεματικό;9111.01.01;ΠΟΣΟ ΔΙΑΘΕΣΙΜΟ;540.104,75;540.104,75;0,00;0,00;0,00",
)
SECOND = (
    FIRST[0].replace("9.000,50;8,00;0,00", "900.000,00;450.000,00;450.000,00"),
    *FIRST[1:3],
)
INCOME = (
    ";0111.01.01;ΜΙΣΘΩΜΑΤΑ;3.000.000,00;3.000.000,00;31.959,60;{collected}",
    ";3219.01.01;ΠΑΛΑΙΑ ΤΕΛΗ;91.104,85;91.104,85;0,00;0,00",
)


def fill(inbox: Any) -> None:
    """Put the exports of the first and the second of April there."""
    inbox.write("expenses/2016_04_01_22.54.csv", export(FIRST))
    inbox.write("expenses/2016_04_02_22.54.csv", export(SECOND))
    for day, collected in (("01", "0,00"), ("02", "1.500.000,00")):
        rows = (row.format(collected=collected) for row in INCOME)
        inbox.write(f"incomes/2016_04_{day}_22.54.csv", export(rows, header=REVENUE))
