"""The demonstration city is loaded once, and again only where it changed."""

from __future__ import annotations

import pytest
import yaml
from ckan.plugins import toolkit as tk

from ckanext.municipal.portal import demo, themes

pytestmark = pytest.mark.usefixtures("fresh_site")


@pytest.fixture
def folder(tmp_path, fresh_site):
    themes.sync()
    organization = {
        "name": "environment-department",
        "title_translated": {"el": "Διεύθυνση Περιβάλλοντος", "en": "Environment Department"},
    }
    dataset = {
        "name": "trees-demo",
        "title_translated": {"el": "Δέντρα (επίδειξη)", "en": "Trees (demonstration)"},
        "notes_translated": {"el": "Δέντρα στους δρόμους.", "en": "Street trees."},
        "owner_org": "environment-department",
        "groups": ["environment"],
        "resources": [
            {"file": "Δέντρα 2024.csv", "name_translated": {"el": "Δέντρα", "en": "Trees"}}
        ],
    }
    (tmp_path / "organizations.yaml").write_text(yaml.safe_dump([organization], allow_unicode=True))
    home = tmp_path / "trees"
    home.mkdir()
    (home / "metadata.yaml").write_text(yaml.safe_dump(dataset, allow_unicode=True))
    (home / "Δέντρα 2024.csv").write_text("είδος;πλήθος\nΛεύκη;3\n", encoding="utf-8")
    return tmp_path


def states(folder):
    return [loaded.state for loaded in demo.load(folder)]


def test_a_folder_becomes_a_department_and_its_dataset(folder):
    assert states(folder) == ["created", "created"]
    dataset = tk.get_action("package_show")({}, {"id": "trees-demo"})
    assert dataset["organization"]["title"] == "Διεύθυνση Περιβάλλοντος"
    assert [group["name"] for group in dataset["groups"]] == ["environment"]
    assert dataset["resources"][0]["url"].endswith("/download/dentra-2024.csv")


def test_loaded_again_nothing_is_written(folder):
    states(folder)
    before = tk.get_action("package_show")({}, {"id": "trees-demo"})
    assert states(folder) == ["unchanged", "unchanged"]
    assert tk.get_action("package_show")({}, {"id": "trees-demo"}) == before


def test_a_changed_file_replaces_the_old_one_in_the_same_resource(folder):
    states(folder)
    before = tk.get_action("package_show")({}, {"id": "trees-demo"})["resources"]
    (folder / "trees" / "Δέντρα 2024.csv").write_text("είδος;πλήθος\nΛεύκη;4\n", encoding="utf-8")
    assert states(folder) == ["unchanged", "updated"]
    after = tk.get_action("package_show")({}, {"id": "trees-demo"})["resources"]
    assert [r["id"] for r in after] == [r["id"] for r in before]
    assert after[0]["last_modified"] != before[0]["last_modified"]


def test_a_file_that_is_not_there_is_named(folder):
    (folder / "trees" / "Δέντρα 2024.csv").unlink()
    with pytest.raises(demo.DemoError, match=r"Δέντρα 2024\.csv"):
        states(folder)


def test_a_file_outside_the_folder_is_refused(folder):
    path = folder / "trees" / "metadata.yaml"
    path.write_text(path.read_text().replace("Δέντρα 2024.csv", "../organizations.yaml"))
    with pytest.raises(demo.DemoError, match="beside it"):
        states(folder)
