"""The base class of all our harvesters: a subclass says what its source is, this does the rest.

It is an ordinary ckanext-harvest harvester: the gather and fetch consumers, the source pages and
the actions that operators know work on it. What a subclass must and may say comes first; the
stages that ckanext-harvest calls are below.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckanext.harvest.interfaces import IHarvester

from ckanext.municipal.harvest import config
from ckanext.municipal.harvest.context import site_context
from ckanext.municipal.harvest.gather import gather
from ckanext.municipal.harvest.model import objects
from ckanext.municipal.harvest.record import UNCHANGED, Fetched, Outcome, Record
from ckanext.municipal.harvest.report import Report
from ckanext.municipal.harvest.source import Source, configuration
from ckanext.municipal.harvest.work import Work

__all__ = ["UNCHANGED", "MunicipalHarvester", "Outcome", "Record", "Report", "Source"]


class MunicipalHarvester(p.SingletonPlugin):
    """Say ``source_type``, ``title`` and ``listing``, ``load``, ``remove``; the rest has defaults.

    Every method may be called again for the same record after a crash, with the same arguments:
    it then has to end in the same state. One that raises sets its record aside (``RecordRefused``
    with a reason for people; anything else with type and place) or, with ``TryLater`` and
    failures of networks and services, leaves it to the next job.
    """

    p.implements(IHarvester)

    source_type: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str] = ""
    version: ClassVar[int] = 1
    """Raise it when the code reads the same content differently: everything is loaded anew."""

    def check_config(self, settings: Any, file: str) -> None:
        """Check a source's YAML; raise `SourceInvalid` naming ``file``, key and remedy."""

    def fingerprint(self, source: Source) -> str:
        """Return a text that changes when anything but the content changes what is loaded."""
        return source.fingerprint

    def listing(self, source: Source) -> Iterable[Record]:
        """Yield every record that the source has now, one by one, in a stable order.

        Yield as you read: nothing is kept in memory. If the list cannot be read to its end,
        raise; nothing is deleted then.
        """
        raise NotImplementedError

    def fetch(self, source: Source, record: Record) -> Fetched:
        """Download a record; return it with its content and digest, or `UNCHANGED`.

        Writes nothing. A digest equal to that of the loaded content ends the record here.
        """
        return record

    def check(self, source: Source, record: Record, report: Report) -> Record:
        """Read the content: parse, validate, report findings; return the record to be loaded.

        Writes nothing: a dry run stops after it.
        """
        return record

    def load(self, source: Source, record: Record, report: Report) -> Outcome:
        """Make the portal hold the record; say what that did.

        Call ``report.belongs_to(package_id)`` before the dataset is written or found the same.
        Equal content writes nothing and returns ``Outcome.UNCHANGED``.
        """
        raise NotImplementedError

    def remove(self, source: Source, guid: str, package_id: str | None) -> None:
        """Remove what was loaded from a record that is gone; ``package_id`` is its dataset.

        Here: delete the dataset. A harvester with several records in a dataset says otherwise.
        """
        if package_id:
            tk.get_action("package_delete")(self.context(), {"id": package_id})

    def forget(self, package_id: str) -> None:
        """Remove what is kept of a dataset beside it, because its source is being cleared."""

    def conclude(self, source: Source) -> None:
        """Do what is done once a run, after its last record, also when no record changed."""

    def context(self) -> Context:
        """Return a fresh context for an action: as the harvest user, with every right."""
        return site_context()

    # What ckanext-harvest asks for (IHarvester).

    def info(self) -> dict[str, str]:
        """Describe the source type to the form of harvest sources."""
        return {
            "name": self.source_type,
            "title": tk._(self.title),
            "description": tk._(self.description),
            "form_config_interface": "Text",
        }

    def validate_config(self, stored: str) -> str:
        """Check the configuration entered in the form; raise `SourceInvalid`."""
        settings, file = configuration(stored, config.harvesters_folder())
        self.check_config(settings, file)
        return stored

    def gather_stage(self, harvest_job: Any) -> list[str]:
        """Run the first stage of a job; returns the ids of the objects to fetch."""
        return gather(self, harvest_job.id)

    def fetch_stage(self, harvest_object: Any) -> bool | str:
        """Run the second stage; returns True if the third has to follow."""
        work = Work(
            self,
            harvest_object.harvest_job_id,
            harvest_object.id,
            objects.task(harvest_object.content, harvest_object.guid),
            harvest_object.retry_times,
        )
        harvest_object.municipal_work = work
        if work.fetch():
            return True
        harvest_object.settled_as = work.status
        return False if work.status in (None, "errored") else "unchanged"

    def import_stage(self, harvest_object: Any) -> bool | str:
        """Run the third stage; returns whether it went well, in ckanext-harvest's words."""
        work: Work | None = getattr(harvest_object, "municipal_work", None)
        if work is None:  # “ckan harvester import”: nothing was fetched, nothing is to be done
            return "unchanged"
        work.load()
        harvest_object.settled_as = work.status
        return "unchanged" if work.status == "not modified" else work.status != "errored"
