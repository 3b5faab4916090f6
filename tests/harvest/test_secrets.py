"""Secrets that sources name: read from a folder, told by name only."""

from __future__ import annotations

import pytest

from ckanext.municipal.harvest import secrets
from ckanext.municipal.harvest.source import SourceInvalid


def test_a_secret_is_the_content_of_its_file(tmp_path):
    (tmp_path / "city-key").write_text("sixteen-letters!\n")
    assert secrets.read("city-key", tmp_path) == "sixteen-letters!"


@pytest.mark.parametrize("content", [None, b"", b"  \n", b"\xff\xfe"])
def test_a_secret_that_cannot_be_read_is_told_by_its_name(tmp_path, content):
    if content is not None:
        (tmp_path / "city-key").write_bytes(content)
    with pytest.raises(SourceInvalid) as refused:
        secrets.read("city-key", tmp_path)
    assert "“city-key”" in refused.value.message("en")
    assert str(tmp_path) not in refused.value.message("en")


def test_a_portal_without_a_folder_of_secrets_is_told_the_option():
    with pytest.raises(SourceInvalid) as refused:
        secrets.read("city-key", None)
    assert "ckanext.municipal.harvest.secrets" in refused.value.message("en")


def test_a_name_leads_to_no_file_outside_of_the_folder(tmp_path):
    (tmp_path / "other").write_text("something else")
    (tmp_path / "folder").mkdir()
    with pytest.raises(SourceInvalid):
        secrets.read("../other", tmp_path / "folder")
