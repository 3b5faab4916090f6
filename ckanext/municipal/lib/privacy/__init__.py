"""Personal data kept out of what is published: of texts, addresses and places. Pure.

`redact` takes personal data out of free text, `street` the house out of an address, and
`Grid.cell` rounds a place to a fixed grid. Who is unsure here leaves out.
"""

from __future__ import annotations

from ckanext.municipal.lib.privacy.grid import Cell, Grid, NotAPlace
from ckanext.municipal.lib.privacy.redaction import WITHHELD, Redacted, called, redact
from ckanext.municipal.lib.privacy.streets import street

__all__ = ["WITHHELD", "Cell", "Grid", "NotAPlace", "Redacted", "called", "redact", "street"]
