"""Every record of the demonstration city conforms."""

from __future__ import annotations

from pathlib import Path

import pytest
from ckan.plugins import toolkit as tk
from conforming_record import record_conforms

from ckanext.municipal.portal import demo, themes
from dev.demo import datasets

pytestmark = pytest.mark.usefixtures("fresh_site")


def test_every_dataset_of_the_demonstration_conforms(tmp_path: Path, shared: Path):
    datasets.write(tmp_path)
    themes.sync()
    names = [each.name for each in demo.load(tmp_path) if each.kind == "dataset"]
    shown = [tk.get_action("package_show")({}, {"id": name}) for name in names]
    records = [record_conforms(dataset, shared) for dataset in shown]
    assert [record.hvd for record in records].count(True) > 1
