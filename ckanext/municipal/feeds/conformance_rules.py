"""The rules of DCAT-AP as findings: what is wrong, and what its publisher can do about it."""

from __future__ import annotations

from dataclasses import replace

from ckanext.municipal.lib.rdf.conformance import Fault, Violation
from ckanext.municipal.lib.texts import N_
from ckanext.municipal.quality.findings import Rule, Severity

# What a datatype looks like, by the first of those that are allowed.
_EXAMPLES = {
    "xsd:date": "2024-12-31",
    "xsd:decimal": "2.5",
    "xsd:duration": "P1D",
    "xsd:hexBinary": "0a1b",
    "xsd:nonNegativeInteger": "1024",
}

NO_DATASET = Rule(
    "dcat-no-dataset",
    Severity.ERROR,
    N_("The record describes no dataset."),
    N_("Tell the portal's operator: a plugin that writes datasets as RDF is missing or fails."),
)
_OPERATOR = N_("The portal writes this by itself. Tell its operator.")

_BY_FAULT = {
    Fault.MISSING: Rule(
        "dcat-missing",
        Severity.ERROR,
        N_("{where}: “{field}” is missing."),
        N_("Fill in the field “{field}”."),
    ),
    Fault.TOO_MANY: Rule(
        "dcat-too-many",
        Severity.ERROR,
        N_("{where}: “{field}” may have one value and has {count}."),
        N_("Leave one value in the field “{field}”."),
    ),
    Fault.NOT_A_TEXT: Rule(
        "dcat-not-a-text",
        Severity.ERROR,
        N_("{where}: “{field}” has to be a text and is the address {value}"),
        N_("Write a text in the field “{field}”."),
    ),
    Fault.NOT_A_LINK: Rule(
        "dcat-not-a-link",
        Severity.ERROR,
        N_("{where}: “{field}” has to be an address and is the text “{value}”."),
        N_(
            "Choose a value of the list in the field “{field}”, or write a whole address there"
            " (https://...)."
        ),
    ),
    Fault.WRONG_FORM: Rule(
        "dcat-wrong-form",
        Severity.ERROR,
        N_("{where}: “{field}” cannot be “{value}”."),
        N_("Write it like {example} in the field “{field}”."),
    ),
    Fault.WRONG_CLASS: Rule(
        "dcat-wrong-class",
        Severity.ERROR,
        N_("{where}: “{field}” cannot be {value}, which is no value of its list."),
        N_("Choose a value of the list in the field “{field}”."),
    ),
    Fault.VALUE_MISSING: Rule(
        "dcat-hvd-regulation",
        Severity.ERROR,
        N_("{where}: a high-value dataset has to name Regulation (EU) 2023/138."),
        N_("Choose “Yes” in the field “{field}” and save the dataset."),
    ),
    Fault.NOT_IN_SCHEME: Rule(
        "dcat-hvd-category",
        Severity.ERROR,
        N_("{where}: {value} is no category of high-value datasets."),
        N_("Choose a category of the list in the field “{field}”."),
    ),
}
# Several properties together, and what no one field is the place for.
_BY_PATH = {
    "^dcat:servesDataset|dcat:distribution/dcat:accessService": Rule(
        "dcat-hvd-api",
        Severity.ERROR,
        N_("A high-value dataset has to be available through an API as well."),
        N_(
            "Load one of its tables into the DataStore, or describe a data service at one of its"
            " resources."
        ),
    ),
    "dcat:distribution": Rule(
        "dcat-hvd-no-resource",
        Severity.ERROR,
        N_("A high-value dataset has to have a resource."),
        N_("Add a file or an address to it."),
    ),
    "dct:license|dct:rights": Rule(
        "dcat-hvd-terms",
        Severity.ERROR,
        N_("{where}: what may be done with a high-value dataset has to be said."),
        N_("Choose a licence, for the whole dataset or in the field “{field}”."),
    ),
    "vcard:hasEmail|vcard:hasURL": Rule(
        "dcat-hvd-contact",
        Severity.ERROR,
        N_("The contact point of a high-value dataset has neither an e-mail nor a web page."),
        N_("Fill in the field “{field}”."),
    ),
}

RULES = (NO_DATASET, *_BY_FAULT.values(), *_BY_PATH.values())


def rule_for(violation: Violation, *, fixable: bool) -> Rule:
    """Return the rule that a violation breaks; what the publisher cannot mend is for the operator.

    A demand that is only advice makes it a warning.
    """
    missing = violation.fault is Fault.MISSING
    rule = _BY_PATH.get(violation.demand.path) if missing else None
    if not rule:
        found = _BY_FAULT[violation.fault]
        rule = found if fixable else replace(found, remedy=_OPERATOR)
    return replace(rule, severity=Severity.WARNING) if violation.demand.advice else rule


def example(violation: Violation) -> str:
    """Return what a value of the right form looks like, empty where any form will do."""
    return _EXAMPLES[violation.demand.datatypes[0]] if violation.demand.datatypes else ""
