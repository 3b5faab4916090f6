"""A copy of the checkout to do things to that nobody should do to the checkout itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """The paths of the project's files, relative to its root, without what was built or downloaded."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("this is no git checkout, so that its files cannot be told from others")
    paths = [Path(name) for name in done.stdout.split("\0") if name]
    return [path for path in paths if os.path.lexists(ROOT / path)]


@pytest.fixture(scope="session")
def copy_checkout(project_files: list[Path]) -> Callable[[Path], Path]:
    """Make a fresh copy of the project's files in a folder, links as links."""

    def copy(folder: Path) -> Path:
        for path in project_files:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)
        return folder

    return copy


@pytest.fixture
def checkout(copy_checkout: Callable[[Path], Path], tmp_path: Path) -> Path:
    """A fresh copy of the project's files, in a folder that only its owner may enter."""
    return copy_checkout(tmp_path / "checkout")
