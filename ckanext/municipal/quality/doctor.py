"""What the doctor looks at in metadata quality."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ckanext.municipal.lib.texts import N_
from ckanext.municipal.portal.doctor import check
from ckanext.municipal.quality import config
from ckanext.municipal.quality.findings import Finding, Rule, Severity
from ckanext.municipal.quality.model import links
from ckanext.municipal.quality.model.connection import connection

_LATE = timedelta(days=2)

LATE = Rule(
    "doctor-quality-links",
    Severity.WARNING,
    N_("{count} addresses wait to be checked, the first for {days} days."),
    N_(
        "Let the scheduler and a worker of jobs run (ckan municipal scheduler, ckan jobs worker), or"
        " run regularly: ckan municipal quality links"
    ),
)


NO_SENDER = Rule(
    "doctor-quality-mail",
    Severity.WARNING,
    N_("Owners of departments should be told by e-mail what got worse, and no letter can leave."),
    N_("Set smtp.mail_from and smtp.server, or ckanext.municipal.quality.mail = off"),
)


@check("quality-mail", N_("Letters about quality"))
def mail() -> Iterator[Finding]:
    """Look whether letters can be sent that the operator wants."""
    if config.usual_mail() and not config.mail():
        yield Finding(NO_SENDER)


@check("quality-links", N_("Checks of links"))
def checks() -> Iterator[Finding]:
    """Look whether addresses are checked as they should be."""
    if not config.checks_links():
        return
    with connection() as ours:
        count, since = links.waiting(ours)
    late = datetime.now(UTC) - since if since else timedelta(0)
    if late > _LATE:
        yield Finding(LATE, values={"count": count, "days": late.days})
