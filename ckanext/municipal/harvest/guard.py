"""No state changes by a link: what changes a harvest source is a POST with the session's token.

ckanext-harvest clears, deletes, starts and stops on GET, where no token protects: an image on any
page that an editor visits would do it. And CKAN 2.11 leaves extensions out of its token check
unless told otherwise, so the check is made here for these pages.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Response

from ckanext.municipal.portal.forms import check_token

CHANGES = frozenset(
    {
        "harvester.delete",
        "harvester.clear",
        "harvester.refresh",
        "harvester.job_abort",
        "municipal_harvest.delete",
        "municipal_harvest.stop",
        "municipal_harvest.confirm_deletions",
        "municipal_harvest.retry",
    }
)
"""The endpoints that change something, ckanext-harvest's and ours."""


def guard() -> Response | None:
    """Refuse a request that changes something without POST (405) or without its token (400)."""
    if tk.request.endpoint not in CHANGES:
        return None
    if tk.request.method != "POST":
        return Response(
            tk._("This address changes something: use the button on the source's page."),
            status=405,
            headers={"Allow": "POST", "Content-Type": "text/plain; charset=utf-8"},
        )
    check_token()
    return None


def seal(response: Response) -> Response:
    """Let a harvested document be kept, not run: it would act as a page of the portal.

    ckanext-harvest answers with it as HTML or XML, in which a stranger may have put a script.
    """
    if tk.request.endpoint == "harvester.object_show":
        response.headers["Content-Security-Policy"] = "sandbox"
        response.headers["Content-Disposition"] = "attachment"
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response
