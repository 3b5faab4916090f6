"""What can be wrong with a dataset on its way into the feeds, besides the rules of DCAT-AP."""

from __future__ import annotations

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Finding, Rule, Severity


class Unsayable(Exception):
    """A dataset of which no record can be made, with the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule.id)
        self.finding = finding


NO_URI = Rule(
    "feeds-no-uri",
    Severity.ERROR,
    N_("The URI of the dataset is no address: {uri}."),
    N_("Write a whole address, as https://example.org/id/1, or leave the field URI empty."),
)
URI_TAKEN = Rule(
    "feeds-uri-taken",
    Severity.ERROR,
    N_("Another dataset has the same URI: {other}. Harvesters would take the two for one."),
    N_("Give one of them another URI, or leave the field URI empty."),
)
NOT_MADE = Rule(
    "feeds-not-made",
    Severity.ERROR,
    N_("The record could not be made: {kind} at {where}."),
    N_(
        "Look for a field with an unusual value and save the dataset again. If that does not help,"
        " tell the operators of the portal."
    ),
)
NOT_WRITTEN = Rule(
    "feeds-not-written",
    Severity.ERROR,
    N_("What the dataset says cannot be written as {form}."),
    N_(
        "Look for a field with an unusual value and save the dataset again. If that does not help,"
        " tell the operators of the portal."
    ),
)
KILLED = Rule(
    "feeds-killed",
    Severity.ERROR,
    N_("Making the record ended its process {count} times."),
    N_("Shorten the longest texts or lists of the dataset and save it again."),
)
NO_ADDRESS = Rule(
    "feeds-no-address",
    Severity.WARNING,
    N_("“{value}” ({property}) is no address and is left out of the feeds."),
    N_("Write a whole address, as https://example.org/page."),
)
MENDED_ADDRESS = Rule(
    "feeds-mended-address",
    Severity.NOTE,
    N_("“{value}” ({property}) has characters that no address has; the feeds tell it encoded."),
    N_("Copy the address from the address line of a browser."),
)
NO_NAME = Rule(
    "feeds-no-name",
    Severity.WARNING,
    N_("“{value}” ({property}) is no name of a property or class; it is left out of the feeds."),
    N_("Correct the profile that writes it."),
)
EMBARGO = Rule(
    "feeds-embargo",
    Severity.ERROR,
    N_("From when on the dataset is public cannot be read: “{value}” ({field})."),
    N_("Write a day, as 2030-01-31, or leave the field empty."),
)
