"""``python -m dev.docs``: write every page that is made from the code."""

from __future__ import annotations

from dev.docs.pages import FOLDER, PAGES


def main() -> None:
    """Write the pages that differ, and name them."""
    for name, render in PAGES.items():
        path, text = FOLDER / name, render()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")


if __name__ == "__main__":
    main()
