"""What can be wrong with a record or a run, whoever the harvester: the base class's own rules."""

from __future__ import annotations

from ckanext.municipal.lib.texts import LANGUAGES, N_
from ckanext.municipal.quality.findings import Finding, Rule, Severity

RECORD_FAILED = Rule(
    "harvest-record-failed",
    Severity.ERROR,
    N_("This record could not be read: {kind} at {where}."),
    N_(
        "It is tried again when the source changes it, or by “Try set-aside records again”. If it"
        " fails again, report the place to the developers."
    ),
)
WORKER_DIED = Rule(
    "harvest-worker-died",
    Severity.ERROR,
    N_("The worker process died {times} times while it worked on this record."),
    N_(
        "Look at the size of the record and the memory of the machine, then use “Try set-aside"
        " records again”."
    ),
)
LISTED_TWICE = Rule(
    "harvest-listed-twice",
    Severity.WARNING,
    N_("The source lists “{guid}” more than once; only the first was used."),
    N_("Ask whoever keeps the source to give every record its own name."),
)
UNREACHABLE = Rule(
    "harvest-unreachable",
    Severity.ERROR,
    N_("A service did not answer: {kind}."),
    N_("The next run tries again by itself. If it goes on, see whether the service is up."),
)
REJECTED_BY_PORTAL = Rule(
    "harvest-rejected-by-portal",
    Severity.ERROR,
    N_("The portal's own checks refused the dataset: {fields}."),
    N_("Correct these fields in the source or in its YAML."),
)
LISTING_FAILED = Rule(
    "harvest-listing-failed",
    Severity.ERROR,
    N_("The list of records could not be read: {kind} at {where}. Nothing was deleted."),
    N_("The next run tries again. If it fails again, report the place to the developers."),
)
REFUSED = "harvest-refused"
"""Id of the rule made of an error that is a sentence for people already."""

DELETIONS_HELD = Rule(
    "harvest-deletions-held",
    Severity.WARNING,
    N_(
        "{absent} of {known} records are no longer listed by the source. That is more than usual,"
        " so nothing was deleted."
    ),
    N_(
        "If they are really gone, confirm the deletion on the source's page or with"
        " --confirm-deletions. If not, do nothing: they stay."
    ),
)
SOURCE_EMPTY = Rule(
    "harvest-source-empty",
    Severity.WARNING,
    N_("The source lists nothing; before, it had {known} records. Nothing was deleted."),
    N_(
        "See whether the source still works. If it is really empty, confirm the deletion on the"
        " source's page or with --confirm-deletions."
    ),
)
ALREADY_RUNNING = Rule(
    "harvest-already-running",
    Severity.NOTE,
    N_("Another run of this source is going on; this one did nothing."),
    N_("Wait for the other run; its progress is on the source's page."),
)
NO_PROGRESS = Rule(
    "harvest-no-progress",
    Severity.ERROR,
    N_("Nothing happened for {minutes} minutes, so the run was closed."),
    N_("See whether the gather and fetch consumers run, then start the source again."),
)
GATHER_DIED = Rule(
    "harvest-gather-died",
    Severity.ERROR,
    N_("The worker process died {times} times while it read the list of records."),
    N_("Look at the memory of the machine and the size of the source, then start it again."),
)
CONCLUSION_FAILED = Rule(
    "harvest-conclusion-failed",
    Severity.ERROR,
    N_("The records are loaded, but the last step of the run failed: {kind} at {where}."),
    N_("The next run does it again. If it fails again, report the place to the developers."),
)
STOPPED = Rule(
    "harvest-stopped",
    Severity.NOTE,
    N_("The run was stopped by a person before its end."),
    N_("Start the source again: it goes on where it stopped."),
)

RULES = tuple(rule for rule in globals().copy().values() if isinstance(rule, Rule))


def sentence(finding: Finding, language: str) -> str:
    """Return what is wrong and what to do about it, as one text."""
    message = finding.message(language)
    return f"{message} {finding.remedy(language)}" if finding.rule.remedy else message


def sentences(finding: Finding) -> dict[str, str]:
    """Return `sentence` in every language of the portal."""
    return {language: sentence(finding, language) for language in LANGUAGES}
