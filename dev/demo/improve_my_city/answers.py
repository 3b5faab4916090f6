"""How Improve My City v3 writes what it knows as JSON: itsam/imc, site/helpers/imc.php."""

from __future__ import annotations

from typing import Any

from dev.demo.improve_my_city.site import Issue, Site, written


def issue(site: Site, issue: Issue) -> dict[str, Any]:
    """Return a request as the call ``issues`` gives it."""
    category = site.categories.get(issue.category)
    return {
        "id": issue.id,
        "title": issue.title,
        "stepid": issue.step,
        "catid": issue.category,
        "description": issue.description,
        "address": issue.address,
        "latitude": issue.latitude,
        "longitude": issue.longitude,
        "state": issue.state,
        "moderation": bool(issue.moderation),
        "created": written(issue.created),
        "updated": written(issue.updated),
        "votes": issue.votes,
        "catid_title": category.title if category else None,
        "stepid_title": site.steps.get(issue.step),
        "stepid_color": "#5bc0de",
        "category_image": "",
        "comments": len(issue.comments),
        "photos": [_photo(issue, name) for name in issue.photos],
        "myIssue": False,
        "hasVoted": False,
        "timeline": timeline(site, issue),
    }


def full_issue(site: Site, issue_: Issue) -> dict[str, Any]:
    """Return a request as the call ``issue`` gives it: with who reported it, and local times."""
    return {
        **issue(site, issue_),
        "alias": str(issue_.id),
        "regnum": "",
        "regdate": written(0),
        "responsible": "Παπαδοπούλου Μαρία, εσωτ. 123",
        "created_by": 4000 + issue_.id,
        "created_by_name": issue_.reporter,
        "hits": 7,
        "subgroup": 0,
        "extra": "",
        "attachments": [],
        "created_TZ": written(issue_.created, site.zone),
        "updated_TZ": written(issue_.updated, site.zone),
        "created_ts": issue_.created or 1,
        "updated_ts": issue_.updated or 1,
    }


def modified_issue(site: Site, issue: Issue) -> dict[str, Any]:
    """Return a request as the call ``modifications`` gives it, in moderation and in the bin too."""
    full = full_issue(site, issue)
    names = ("id", "title", "stepid", "catid", "address", "latitude", "longitude", "state")
    more = ("moderation", "created", "updated", "created_by", "created_by_name", "votes")
    return {name: full[name] for name in (*names, *more, "created_ts", "comments", "photos")}


def timeline(site: Site, issue: Issue) -> list[dict[str, Any]]:
    """Return the history of a request, with the staff's user numbers, as the program gives it."""
    lines = []
    for entry in issue.history:
        category = site.categories.get(entry.category)
        lines.append(
            {
                "action": "category" if entry.category else "step",
                "description": entry.note,
                "created": written(entry.at),
                "catid": entry.category or None,
                "catid_title": category.title if category else None,
                "created_by": entry.staff,
                "userid": 42,
                "step_id": entry.step or None,
                "stepid_title": site.steps.get(entry.step),
                "stepid_color": "#f0ad4e",
                "created_TZ": written(entry.at, site.zone),
                "created_ts": entry.at or 1,
            }
        )
    return lines


def categories(site: Site, parent: int = 1) -> list[dict[str, Any]]:
    """Return the categories below one as a tree."""
    return [
        {
            "title": one.title,
            "parentid": one.parent,
            "path": f"imc/{one.id}",
            "id": one.id,
            "state": 1,
            "updated_ts": 1,
            "image": "",
            "children": categories(site, one.id),
        }
        for one in site.categories.values()
        if one.parent == parent
    ]


def flat(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the categories of a tree in a row, each without its children."""
    rows = []
    for one in tree:
        rows += [{k: v for k, v in one.items() if k != "children"}, *flat(one["children"])]
    return rows


def comments(issue: Issue) -> list[dict[str, Any]]:
    """Return what people said of a request, with their names, as the program gives it."""
    return [
        {"id": 10 * issue.id + n, "description": said, "fullname": issue.reporter, "isAdmin": 0}
        for n, said in enumerate(issue.comments)
    ]


def _photo(issue: Issue, name: str) -> dict[str, Any]:
    base = f"https://imc.example.gr/images/imc/{issue.id}"
    links = {"url": f"{base}/{name}", "mediumUrl": f"{base}/medium/{name}"}
    return {"name": name, "size": 81234, **links, "thumbnailUrl": f"{base}/thumbnail/{name}"}
