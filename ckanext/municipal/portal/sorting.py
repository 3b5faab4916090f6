"""Groups and organisations in the order of the Greek alphabet, in the reader's language.

The database sorts by code points or by whatever locale it was made with; Άγιος Παύλος belongs
between Αγία and Αγορά. A city has dozens of groups, not millions, so they are sorted here.
"""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.municipal.lib import greek
from ckanext.municipal.portal import language, model

__all__ = ["group_list", "organization_list"]


@tk.chained_action
@tk.side_effect_free
def group_list(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Return CKAN's ``group_list``; sorted by title means by the Greek alphabet.

    ``q`` looks at names and titles without regard to accents, in every language.
    """
    return _alphabetical(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def organization_list(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Return CKAN's ``organization_list``, as ``group_list`` above does."""
    return _alphabetical(next_action, context, data_dict)


def by_title(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return groups or organisations (dicts with ``name``) by title in the reader's language."""
    titles = model.group_titles(item["name"] for item in items)
    return sorted(items, key=lambda item: _key(titles.get(item["name"], {"": item["name"]})))


def _alphabetical(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    field, descending = _order(data_dict)
    wanted = greek.fold(str(data_dict.get("q") or "").strip())
    if context.get("api_version") == 2 or not (field == "title" or wanted):
        return next_action(context, data_dict)
    paging = {"limit", "offset", "all_fields", "q"}
    names = next_action(dict(context), {k: v for k, v in data_dict.items() if k not in paging})
    titles = model.group_titles(names)
    names = [name for name in names if _matches(wanted, name, titles.get(name, {}))]
    if field == "title":
        names.sort(key=lambda name: _key(titles.get(name, {"": name})), reverse=descending)
    names = _page(names, data_dict)
    if not tk.asbool(data_dict.get("all_fields")) or not names:
        return names if names else []
    rest = {k: v for k, v in data_dict.items() if k not in {"offset", "q", "groups"}}
    shown = next_action(context, {**rest, "groups": names, "limit": len(names), "sort": "name asc"})
    place = {name: number for number, name in enumerate(names)}
    return sorted(shown, key=lambda group: place[group["name"]])


def _order(data_dict: dict[str, Any]) -> tuple[str, bool]:
    """Return the field that a list is sorted by and whether downwards."""
    sort = data_dict.get("sort") or data_dict.get("order_by")
    words = str(sort or tk.config.get("ckan.default_group_sort") or "title").split()
    return (words[0] if words else "title"), words[1:2] == ["desc"]


def _matches(wanted: str, name: str, titles: dict[str, str]) -> bool:
    return not wanted or any(wanted in greek.fold(text) for text in (name, *titles.values()))


def _page(names: list[str], data_dict: dict[str, Any]) -> list[str]:
    full = tk.asbool(data_dict.get("all_fields"))
    option = "ckan.group_and_organization_list_" + ("all_fields_max" if full else "max")
    most = int(tk.config.get(option) or (25 if full else 1000))
    start = _whole(data_dict, "offset", 0)
    return names[start : start + min(_whole(data_dict, "limit", most), most)]


def _whole(data_dict: dict[str, Any], field: str, otherwise: int) -> int:
    value = data_dict.get(field)
    if value in (None, ""):
        return otherwise
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise tk.ValidationError({field: [tk._("Give a whole number of 0 or more.")]})
    return number


def _key(titles: dict[str, str]) -> str:
    return greek.collation_key(language.pick(titles, language.current()) or titles.get("", ""))
