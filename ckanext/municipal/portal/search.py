"""Search that knows Greek, on CKAN's stock Solr schema.

A dataset is indexed once more as folded text and stems, in two ``extras_*`` fields that the stock
schema copies to ``text``; the reader's query asks for both spellings (``query.rewrite``). Titles
are indexed by their place in the Greek alphabet, one field a language, for sorting.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ckan.plugins import toolkit as tk
from ckan.types import Context

from ckanext.municipal.lib import greek
from ckanext.municipal.lib.greek_stem import stems
from ckanext.municipal.portal import language, model, vocabulary_labels
from ckanext.municipal.portal.query import TEXT_FIELD, TITLE_FIELD, clean, rewrite

QUERY_FIELDS = f"name^4 title^4 {TITLE_FIELD}^4 tags^2 groups^2 text"
MAX_TERM_BYTES = 32_766  # Lucene refuses a longer value in a string field, and with it the dataset
_TITLE_SORT = re.compile(r"\btitle_string\b")
# Addresses, dates and identifiers: nobody searches them by accent.
_NOT_TEXT = {
    "id",
    "package_id",
    "revision_id",
    "url",
    "uri",
    "spatial",
    "hash",
    "metadata_created",
    "metadata_modified",
}


def searchable(document: dict[str, Any]) -> dict[str, Any]:
    """Return the Solr document of a dataset with its Greek made searchable and sortable.

    ``document`` is what CKAN's ``before_dataset_index`` gets; its ``validated_data_dict`` is read.
    """
    if document.get("entity_type") != "package" or not document.get("validated_data_dict"):
        return document
    dataset = json.loads(document["validated_data_dict"])
    titles = _translations(dataset, "title")
    document |= _title_order(titles)
    document[TITLE_FIELD] = _folded(dict.fromkeys(titles.values()))
    document[TEXT_FIELD] = _folded(dict.fromkeys(_texts(dataset)))
    document |= vocabulary_labels.facet_values(dataset)
    return _without_oversized(document)


def understood(params: dict[str, Any]) -> dict[str, Any]:
    """Return search parameters whose ``q`` finds Greek in any spelling and never breaks Solr.

    A caller who chooses another query parser than edismax is left alone.
    """
    if (params.get("sort") or "").strip() and language.current() != language.default():
        params["sort"] = _TITLE_SORT.sub(f"title_string_{language.current()}", params["sort"])
    if isinstance(params.get("fq"), str):
        params["fq"] = clean(params["fq"])
    if params.get("defType") not in (None, "", "edismax"):
        return params
    params["q"] = rewrite(str(params.get("q") or ""))
    params["defType"] = "edismax"
    params["qf"] = params.get("qf") or QUERY_FIELDS
    return params


def labelled(results: dict[str, Any]) -> dict[str, Any]:
    """Return search results whose facets carry labels in the reader's language."""
    facets = results.get("search_facets") or {}
    reader = language.current()
    names = {item["name"] for f in ("groups", "organization") for item in _items(facets, f)}
    titles = model.group_titles(names)
    for field in ("groups", "organization"):
        for item in _items(facets, field):
            shown = titles.get(item["name"], {})
            item["display_name"] = shown.get(reader) or shown.get("") or item["name"]
    for field in facets:
        for item in _items(facets, field):
            label = vocabulary_labels.facet_label(field, item["name"], reader)
            item["display_name"] = label or item["display_name"]
    return results


def municipal_recent_datasets(rows: int = 4) -> list[dict[str, Any]]:
    """Return the public datasets that changed last, as the first page shows them."""
    query = {"rows": rows, "sort": "metadata_modified desc", "facet": False}
    return tk.get_action("package_search")(Context(for_view=True), query)["results"]


@tk.chained_helper
def get_facet_items_dict(
    next_helper: Any,
    facet: str,
    search_facets: Any = None,
    limit: int | None = None,
    exclude_active: bool = False,
) -> list[dict[str, Any]]:
    """Return a facet's values, the most frequent first, equals in the order of the alphabet."""
    shown = next_helper(facet, search_facets, limit, exclude_active)
    every = next_helper(facet, search_facets, 0, exclude_active)
    every.sort(key=lambda item: (-item["count"], greek.collation_key(item["display_name"])))
    return every[: len(shown)]


def _items(facets: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return facets.get(field, {}).get("items", [])


def _title_order(titles: dict[str, str]) -> dict[str, str]:
    order = {
        f"title_string_{offered}": greek.collation_key(language.pick(titles, offered))
        for offered in language.offered()
    }
    return {**order, "title_string": order[f"title_string_{language.default()}"]}


def _translations(dataset: dict[str, Any], field: str) -> dict[str, str]:
    translated = dataset.get(f"{field}_translated")
    known = dict(translated) if isinstance(translated, dict) else {}
    return {language.default(): dataset.get(field) or "", **{k: v for k, v in known.items() if v}}


def _folded(texts: Iterable[str]) -> str:
    """Return texts as they are compared, followed by the stems that differ from their words."""
    folded = greek.fold(clean("\n".join(text for text in texts if text)))
    return f"{folded}\n{' '.join(dict.fromkeys(stems(folded)))}".strip()


def _texts(dataset: dict[str, Any]) -> Iterator[str]:
    """Yield every text of a dataset that a reader may look for, and the labels of its codes."""
    yield from _strings(dataset)
    yield from vocabulary_labels.labels(dataset)
    names = [group["name"] for group in dataset.get("groups") or [] if group.get("name")]
    if isinstance(organization := dataset.get("organization"), dict):
        names.append(organization["name"])
    for titles in model.group_titles(names).values():
        yield from titles.values()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_TEXT and not key.endswith(("_id", "_url", "_uri", "_email")):
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str) and not value.startswith(("http://", "https://", "{")):
        yield value


def _without_oversized(document: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the schema's catch-all string field cannot hold; ``extras_*`` has it too."""
    return {key: value for key, value in document.items() if not _is_oversized(document, key)}


def _is_oversized(document: dict[str, Any], key: str) -> bool:
    value = document[key]
    if f"extras_{key}" not in document:
        return False
    return isinstance(value, dict) or len(str(value).encode("utf-8", "replace")) > MAX_TERM_BYTES
