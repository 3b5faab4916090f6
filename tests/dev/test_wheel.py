"""The wheel: everything the suite reads at run time is in it, and a plain installation finds it."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path("ckanext/municipal")


def _expected(project_files: list[Path]) -> set[str]:
    """Return the files a package must hold: the room's own, those behind its links, and compiled catalogues."""
    links = [path for path in project_files if (ROOT / path).is_symlink()]
    expected = set()
    for path in project_files:
        if path in links:
            continue
        if path.is_relative_to(PACKAGE):
            expected.add(path.as_posix())
            if path.suffix == ".po":
                expected.add(path.with_suffix(".mo").as_posix())
        for link in links:
            target = (ROOT / link).resolve().relative_to(ROOT)
            if path.is_relative_to(target):
                expected.add((link / path.relative_to(target)).as_posix())
    return expected


@pytest.fixture(scope="module")
def wheel(copy_checkout: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it is released: built from the source distribution, not from the checkout."""
    folder = tmp_path_factory.mktemp("release")
    checkout = copy_checkout(folder / "checkout")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", checkout],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return next((folder / "dist").glob("*.whl"))


def test_installed_wheel_holds_every_file_and_none_that_is_not_ours(
    wheel: Path, project_files: list[Path], tmp_path: Path
):
    empty = tmp_path / "empty"
    venv.create(empty, with_pip=False)
    python = empty / "bin" / "python"
    install = ["install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", python, *install], check=True)
    site = next(empty.glob("lib/python3.*/site-packages"))
    installed = {
        path.relative_to(site).as_posix()
        for path in (site / PACKAGE).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert installed == _expected(project_files)
    assert not [path for path in (site / PACKAGE).rglob("*") if path.is_symlink()]
    slug = "from ckanext.municipal.lib.greek import slug; print(slug('Δήμος'))"
    done = subprocess.run([python, "-I", "-c", slug], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "dimos"


def test_wheel_says_its_licence_and_its_plugins(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        plugins = archive.read(entry_points).decode()
        metadata = archive.read(entry_points.replace("entry_points.txt", "METADATA")).decode()
    assert any(name.endswith("LICENSE") for name in names)
    assert "License-Expression: AGPL-3.0-or-later" in metadata or "License: AGPL-3.0" in metadata
    for plugin in (
        "municipal",
        "municipal_feeds",
        "municipal_harvest",
        "municipal_budget",
        "municipal_budget_harvester",
        "municipal_issues",
        "municipal_issues_harvester",
    ):
        assert f"{plugin} = ckanext.municipal" in plugins
