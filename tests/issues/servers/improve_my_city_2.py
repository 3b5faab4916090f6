"""The JSON of Improve My City v2 over a made-up site of v3, whose steps 1 to 4 become its three states.

Written after icos-urenio/Improve-my-city, site/controllers/mobile.json.php and site/models/issues.php.
"""

from __future__ import annotations

from typing import Any

from dev.demo.improve_my_city.site import PUBLISHED, Issue, Site, written
from dev.demo.web import Asked, Said, said_json

_STATES = {1: 1, 2: 2, 3: 2, 4: 3, 5: 3}


class ImproveMyCityV2:
    """Answers one site's mobile controller; ``voted`` must stay 0."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.voted = 0

    def __call__(self, asked: Asked) -> Said:
        """Answer a request, as index.php does."""
        task = asked.query.get("task", "")
        if asked.query.get("option") != "com_improvemycity" or asked.query.get("format") != "json":
            return Said(404, b"<html><h1>404</h1></html>", "text/html")
        if task == "mobile.getIssues":
            return said_json(self._issues(asked))
        if task == "mobile.getCategories":
            rows = self.site.categories.values()
            return said_json([[str(c.id), c.title, "1", str(c.parent), ""] for c in rows])
        self.voted += task == "mobile.voteIssue"
        return Said(500, b"<html>500</html>", "text/html")

    def _issues(self, asked: Asked) -> list[Any]:
        rows = [
            _columns(self.site, issue)
            for _, issue in sorted(self.site.issues.items(), reverse=True)
            if issue.state == PUBLISHED
        ]
        if "x0up" not in asked.query:
            return [{**dict(row), "reported_rel": "πριν 2 μέρες"} for row in rows]
        west, south, east, north = (
            float(asked.query[name]) for name in ("x0down", "y0down", "x0up", "y0up")
        )
        return [
            [value for _, value in row]
            for row in rows
            if west <= float(dict(row)["longitude"]) <= east
            and south <= float(dict(row)["latitude"]) <= north
        ]


def _columns(site: Site, issue: Issue) -> list[tuple[str, Any]]:
    category = site.categories[issue.category]
    at = {1: issue.created, 2: 0, 3: 0}
    for entry in issue.history:
        state = _STATES.get(entry.step, 0)
        at[state] = at.get(state) or entry.at
    return [
        ("id", str(issue.id)),
        ("title", issue.title),
        ("catid", str(issue.category)),
        ("latitude", issue.latitude),
        ("longitude", issue.longitude),
        ("description", issue.description),
        ("photo", f"images/improvemycity/{issue.photos[0]}" if issue.photos else ""),
        ("address", issue.address),
        ("votes", str(issue.votes)),
        ("currentstatus", str(_STATES[issue.step])),
        ("reported", written(at[1])),
        ("acknowledged", written(at[2])),
        ("closed", written(at[3])),
        ("userid", "4711"),
        ("ordering", "0"),
        ("params", "{}"),
        ("state", str(issue.state)),
        ("language", "*"),
        ("hits", "12"),
        ("inserted_by", "1"),
        ("category", category.title),
        ("catid", str(issue.category)),
        ("path", "kathariotita/ogkodi"),
        ("parent_id", str(category.parent)),
        ("fullname", issue.reporter),
    ]
