"""``ckan municipal doctor``: what is wrong with an installation, and what to do about it.

A check is one function that yields findings; it is registered by ``@check`` with what it looks at.
A capability adds its own by importing ``check`` in a module that its plugin loads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ckanext.municipal.lib.texts import N_, text
from ckanext.municipal.quality.findings import Finding, Rule, Severity

log = logging.getLogger(__name__)

Findings = Iterable[Finding]

BROKEN_CHECK = Rule(
    "doctor-check-failed",
    Severity.ERROR,
    N_("This could not be checked: {reason}."),
    N_("See to the service it needs (database, Redis, Solr), then run the doctor again."),
)


@dataclass(frozen=True)
class Check:
    """One look at an installation: its id, what it looks at (an English msgid), how."""

    id: str
    title: str
    run: Callable[[], Findings]


@dataclass(frozen=True)
class Result:
    """What one check found; nothing means that all is well."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def state(self) -> str:
        """Return ``ok``, or the worst severity found: ``error``, ``warning`` or ``note``."""
        found = {finding.rule.severity for finding in self.findings}
        return next((s.value for s in Severity if s in found), "ok")

    def as_dict(self, language: str) -> dict[str, object]:
        """Return the result as plain data, texts in one language."""
        return {
            "check": self.check.id,
            "title": text(self.check.title, language),
            "state": self.state,
            "findings": [
                {
                    "rule": finding.rule.id,
                    "severity": finding.rule.severity.value,
                    "message": finding.message(language),
                    "remedy": finding.remedy(language),
                }
                for finding in self.findings
            ],
        }


CHECKS: dict[str, Check] = {}


def check(id_: str, title: str) -> Callable[[Callable[[], Findings]], Callable[[], Findings]]:
    """Register a function as a check; checks run in the order in which they are registered."""

    def register(run: Callable[[], Findings]) -> Callable[[], Findings]:
        CHECKS[id_] = Check(id_, title, run)
        return run

    return register


def examine(checks: Iterable[Check] | None = None) -> list[Result]:
    """Run these checks, or all there are; one that fails is a finding itself and stops no other."""
    if checks is None:
        from ckanext.municipal.portal.doctor import data, services, settings  # noqa: F401 - register

        checks = CHECKS.values()
    return [Result(each, tuple(_findings(each))) for each in checks]


def _findings(each: Check) -> list[Finding]:
    try:
        return list(each.run())
    except Exception as error:  # noqa: BLE001 - whatever a broken service raises is the finding
        log.warning("Check %s failed: %s", each.id, type(error).__name__)
        return [Finding(BROKEN_CHECK, values={"reason": type(error).__name__})]
