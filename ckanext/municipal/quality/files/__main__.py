"""``python -m ckanext.municipal.quality.files FILE``: the check of a file without a portal."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ckanext.municipal.quality.files import told
from ckanext.municipal.quality.files.checking import Options, check


def main(words: list[str] | None = None) -> int:
    """Check a file and print what is wrong with it; returns the exit code (0, 1 errors, 2 unreadable)."""
    parser = argparse.ArgumentParser(prog="python -m ckanext.municipal.quality.files")
    parser.add_argument("file", type=Path)
    parser.add_argument("--schema", type=Path, help="a Table Schema, as JSON")
    parser.add_argument("--json", action="store_true", help="print all that was found, as JSON")
    parser.add_argument("--language", choices=("el", "en"), default="en")
    asked = parser.parse_args(words)
    for path in filter(None, (asked.file, asked.schema)):
        if not path.is_file():
            parser.error(f"there is no file {path}")
    try:
        schema = json.loads(asked.schema.read_text("utf-8")) if asked.schema else None
    except ValueError as error:
        parser.error(f"{asked.schema} is not JSON: {error}")
    verdict = check(asked.file, options=Options(schema=schema))
    sys.stdout.write(f"{told.said(verdict, asked.language, whole=asked.json)}\n")
    return told.exit_code(verdict)


if __name__ == "__main__":
    sys.exit(main())
