"""Write the demonstration city into a folder: ``python -m dev.demo FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

from dev.demo import budgets, datasets


def write(folder: Path) -> str:
    """Write everything below a folder and return what was written, in one sentence.

    ``inbox/`` holds the exports, ``harvesters/`` the sources that read them, ``datasets/`` and
    ``organizations.yaml`` what ``ckan municipal demo load FOLDER`` loads. What is there is written
    over with the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    exports, described = budgets.write(folder), datasets.write(folder)
    return f"{exports} budget exports and {described} datasets in {folder}"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m dev.demo", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to write; made if it is missing")
    print(write(parser.parse_args().folder))


if __name__ == "__main__":
    main()
