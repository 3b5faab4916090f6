"""Themes are groups made from a file, made once and put right where they differ."""

from __future__ import annotations

import pytest
import yaml
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.municipal.portal import config, themes


def test_a_theme_without_an_icon_is_named_with_file_and_key(tmp_path):
    path = tmp_path / "themes.yaml"
    path.write_text(yaml.safe_dump({"themes": [{"name": "culture", "title": {"en": "Culture"}}]}))
    with pytest.raises(themes.ThemesError, match=r"themes\.yaml, theme culture: add the key icon"):
        themes.load(path)


@pytest.mark.parametrize(
    "text", ["", "- a", "themes: 1", "themes: [1]", ": :", "themes: [{name: a}]"]
)
def test_a_file_that_is_no_list_of_themes_is_refused(tmp_path, text):
    path = tmp_path / "themes.yaml"
    path.write_text(text)
    with pytest.raises(themes.ThemesError):
        themes.load(path)


@pytest.mark.usefixtures("fresh_site")
def test_themes_become_groups_and_the_second_time_nothing_is_written():
    names = tuple(theme.name for theme in themes.load(config.themes_file()))
    assert themes.sync().created == names
    assert themes.sync() == themes.Changes((), (), names)
    culture = tk.get_action("group_show")({}, {"id": "culture"})
    assert culture["title"] == "Πολιτισμός"
    assert culture["title_translated"]["en"] == "Culture"
    assert culture["icon"] == "masks-theater"


@pytest.mark.usefixtures("fresh_site")
def test_a_changed_or_deleted_theme_is_put_right_and_other_groups_are_left_alone():
    themes.sync()
    other = factories.Group(title="Άλλη ομάδα")
    context = {"user": factories.Sysadmin()["name"]}
    tk.get_action("group_patch")(dict(context), {"id": "culture", "icon": "leaf"})
    tk.get_action("group_delete")(dict(context), {"id": "tourism"})
    assert themes.sync().updated == ("culture", "tourism")
    assert tk.get_action("group_show")({}, {"id": "culture"})["icon"] == "masks-theater"
    assert tk.get_action("group_show")({}, {"id": "tourism"})["state"] == "active"
    assert tk.get_action("group_show")({}, {"id": other["id"]})["title"] == "Άλλη ομάδα"
