"""Which parameters each action takes."""

from __future__ import annotations

from ckan.types import Schema

from ckanext.municipal.portal.logic.parameters import (
    needed,
    one_of,
    schema,
    unless_blank,
    whole_number,
    with_default,
    words,
)
from ckanext.municipal.quality.findings import Severity
from ckanext.municipal.quality.listing import SORTS, STATES
from ckanext.municipal.quality.model.owners import EVERY, NEVER
from ckanext.municipal.quality.rules import RULES
from ckanext.municipal.quality.score.fixes import KINDS
from ckanext.municipal.quality.score.metrics import Band

MOST = 1000
CHOICES = (*EVERY, NEVER)


def show() -> Schema:
    """Parameters of ``municipal_quality_show``."""
    return schema(
        id=unless_blank(words),
        organization=unless_blank(words),
        band=unless_blank(one_of(*(each.value for each in Band))),
        state=unless_blank(one_of(*STATES)),
        fix=unless_blank(one_of(*KINDS)),
        q=unless_blank(words),
        sort=with_default("points", one_of(*SORTS)),
        limit=with_default(100, whole_number(0, MOST)),
        offset=with_default(0, whole_number(0, 99_999_999)),
    )


def history() -> Schema:
    """Parameters of ``municipal_quality_history``."""
    return schema(id=unless_blank(words), organization=unless_blank(words))


def findings() -> Schema:
    """Parameters of ``municipal_quality_findings``."""
    return schema(
        id=needed(words),
        rule=unless_blank(one_of(*RULES)),
        severity=unless_blank(one_of(*(each.value for each in Severity))),
        limit=with_default(100, whole_number(0, MOST)),
        offset=with_default(0, whole_number(0, 99_999_999)),
    )


def check() -> Schema:
    """Parameters of ``municipal_quality_check``."""
    return schema(id=needed(words))


def mail_update() -> Schema:
    """Parameters of ``municipal_quality_mail_update``."""
    return schema(every=needed(one_of(*CHOICES)), token=unless_blank(words))


def rules() -> Schema:
    """Parameters of ``municipal_quality_rules``: none."""
    return schema()
