"""What rooms of the suite, and plugins of others, may be told of without the teller knowing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins as p


@dataclass(frozen=True, slots=True)
class Record:
    """What the feeds say of a public dataset, or would say if it were fit for them.

    ``ntriples`` are its statements, ``findings`` what was wrong (``rule``, ``severity``, ``field``,
    ``message`` and ``remedy`` by language), ``conforms`` whether no mandatory rule is broken,
    ``served`` whether it is in the feeds, ``dataset`` what ``package_show`` gave.
    """

    uri: str
    ntriples: bytes
    findings: Sequence[Mapping[str, Any]]
    conforms: bool
    served: bool
    dataset: Mapping[str, Any]


class IRecords(p.Interface):
    """Be told of every record that the feeds settle."""

    def record_settled(self, connection: Any, dataset_id: str, record: Record | None) -> None:
        """Take what the feeds say of a dataset now; None when it is not public or of no use to them.

        Called within the transaction that settles it, on its ``connection``: what is written there is
        kept together with the record, or not at all. Errors are logged and stop no feed.
        """

    def records_version(self) -> str:
        """Return a text that changes when every record has to be settled, and told, anew."""
        return ""


class IRounds(p.Interface):
    """Be called by the scheduler, every few seconds."""

    def do_round(self) -> None:
        """Start what is due; must not take long, since the runs of harvesters are looked after next."""
