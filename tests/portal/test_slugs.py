"""Addresses and file names come from Greek titles."""

from __future__ import annotations

import io

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.municipal.portal import slugs, uploads


def test_a_taken_name_is_numbered():
    taken = {"dentra", "dentra-2"}
    assert slugs.free_name("Δέντρα", taken.__contains__, fallback="dataset") == "dentra-3"


@pytest.mark.parametrize("title", ["Search", "new", "edit"])
def test_a_page_of_ckan_is_no_name(title):
    assert slugs.free_name(title, lambda name: False, fallback="dataset") == f"{title.lower()}-2"


def test_a_long_title_leaves_room_for_a_number():
    names = set()
    for _ in range(3):
        names.add(slugs.free_name("Πολύ μακρύς τίτλος " * 20, names.__contains__, fallback="x"))
    assert len(names) == 3
    assert max(map(len, names)) <= 100


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Καθαριότητα 2024.csv", "kathariotita-2024.csv"),
        ("Air Quality (1).CSV", "Air Quality (1).CSV"),
        ("../../Έσοδα.xlsx", "esoda.xlsx"),
        ("Α" * 300 + ".json", "a" * 95 + ".json"),
    ],
)
def test_a_file_keeps_a_readable_name(given, kept):
    resource = {"upload": FileStorage(io.BytesIO(b"a"), filename=given)}
    uploads.rename_upload(resource)
    assert resource["upload"].filename == kept


@pytest.mark.usefixtures("fresh_site")
class TestPortal:
    """With CKAN's own actions and forms."""

    def test_a_dataset_without_a_name_gets_one_from_its_greek_title(self):
        user = factories.Sysadmin()
        titles = {"el": "Εκτέλεση προϋπολογισμού", "en": "Budget execution"}
        notes = {"el": "Περιγραφή", "en": "Notes"}
        create = tk.get_action("package_create")
        wanted = {"title_translated": titles, "notes_translated": notes}
        names = [create({"user": user["name"]}, dict(wanted))["name"] for _ in range(2)]
        assert names == ["ektelesi-proypologismou", "ektelesi-proypologismou-2"]

    def test_a_plain_title_does_too(self):
        user = factories.Sysadmin()
        made = {"title": "Ευαγγελία", "notes": "Περιγραφή"}
        assert tk.get_action("package_create")({"user": user["name"]}, made)["name"] == "evangelia"

    def test_departments_and_themes_get_their_names_the_same_way(self):
        context = {"user": factories.Sysadmin()["name"]}
        titles = {"title_translated": {"el": "Διεύθυνση Πρασίνου", "en": "Parks"}}
        made = tk.get_action("organization_create")(dict(context), dict(titles))
        assert made["name"] == "diefthynsi-prasinou"
        assert (
            tk.get_action("group_create")(dict(context), titles)["name"] == "diefthynsi-prasinou-2"
        )

    def test_a_name_that_is_given_stays(self):
        assert factories.Dataset(title="Ευαγγελία", name="own-name")["name"] == "own-name"

    def test_an_update_without_a_name_keeps_the_old_one(self):
        dataset = factories.Dataset(title="Ευαγγελία", name="own-name")
        changed = {"id": dataset["id"], "title": "Άλλος", "notes": "Περιγραφή", "name": ""}
        context = {"user": factories.Sysadmin()["name"]}
        assert tk.get_action("package_update")(context, changed)["name"] == "own-name"

    def test_an_uploaded_file_keeps_a_readable_name(self):
        context = {"user": factories.Sysadmin()["name"]}
        resource = tk.get_action("resource_create")(
            context,
            {
                "package_id": factories.Dataset()["id"],
                "name": "Καθαριότητα",
                "upload": FileStorage(io.BytesIO(b"a,b\n"), filename="Καθαριότητα 2024.csv"),
            },
        )
        assert resource["url"].endswith("/download/kathariotita-2024.csv")
