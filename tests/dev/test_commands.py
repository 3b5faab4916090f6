"""What the commands say when they cannot go on: one sentence, an exit code, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def launcher(
    *words: str, root: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the launcher of a checkout as make does."""
    return subprocess.run(
        [sys.executable, "-m", "dev", *words],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_port_in_use(tmp_path: Path):
    var = tmp_path / "var"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = str(taken.getsockname()[1])
        said = _sentence(launcher("up", VAR=str(var), PORT=number))
    assert f"Port {number} is used by another program" in said
    assert not var.exists()


def test_port_that_is_no_number(tmp_path: Path):
    said = _sentence(launcher("up", VAR=str(tmp_path / "var"), PORT="http"))
    assert "PORT=http is not a number" in said


def test_ckan_line_that_is_not_supported(tmp_path: Path):
    said = _sentence(launcher("test", VAR=str(tmp_path / "var"), CKAN="2.9"))
    assert "2.11, 2.12" in said


def test_url_of_a_portal_that_does_not_run(tmp_path: Path):
    done = launcher("url", VAR=str(tmp_path / "var"))
    assert "make up" in _sentence(done)
    assert done.stdout == ""


def test_ckan_command_line_of_a_portal_that_does_not_run(tmp_path: Path):
    done = subprocess.run(
        [ROOT / "bin" / "ckan", "user", "list"],
        cwd=tmp_path,
        env={**os.environ, "VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "make up" in _sentence(done)


def test_no_network(checkout: Path):
    nowhere = "http://127.0.0.1:9/simple"
    said = _sentence(
        launcher(
            "venv",
            root=checkout,
            VAR="var",
            PIP_INDEX_URL=nowhere,
            PIP_RETRIES="0",
            PIP_NO_CACHE_DIR="1",
        )
    )
    assert "check the network" in said
    assert not (checkout / ".venv").exists()


def test_too_little_disk(tmp_path: Path):
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        said = _sentence(launcher("up", VAR=str(small / "var")))
        assert "MB are needed" in said
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize(
    ("programs", "told"),
    [([], "no apt-get"), (["apt-get"], "no sudo: let root run `apt-get install")],
)
def test_missing_programs_that_cannot_be_installed(tmp_path: Path, programs: list[str], told: str):
    """Done as a user without rights on a machine where only these programs are found."""
    python = shutil.which("python3", path="/usr/bin")
    if os.geteuid() != 0 or python is None:
        pytest.skip("root alone can become a user without rights")
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents[:3]:
        folder.chmod(0o755)
    shutil.copytree(ROOT / "dev", tmp_path / "dev")
    found = tmp_path / "bin"
    found.mkdir()
    for name in programs:
        (found / name).symlink_to("/bin/true")
    done = subprocess.run(
        [
            *(
                shutil.which("setpriv"),
                "--reuid=nobody",
                "--regid=nogroup",
                "--clear-groups",
                python,
                "-c",
            ),
            "from pathlib import Path; from dev import packages; from dev.layout import Layout\n"
            "packages.install(Layout(Path('.'), Path('var')), packages.missing(with_build_tools=False))",
        ],
        cwd=tmp_path,
        env={"PATH": f"{found}:/nowhere", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told in done.stderr.splitlines()[-1]
    assert "maven" in done.stderr.splitlines()[-1]
