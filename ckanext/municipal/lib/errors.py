"""Errors that carry a sentence for people, in every language of the portal."""

from __future__ import annotations

from typing import Any, ClassVar

from ckanext.municipal.lib.texts import text


class ReadableError(ValueError):
    """An error whose message says what is wrong and what to do.

    ``msgid`` is the English text marked with ``N_``, the class's own unless one is given; ``values``
    fill its ``{named}`` places. A value may itself be such an error: its sentence is told in the same
    language. ``str(error)`` is the English sentence, ``error.message("el")`` the Greek one.
    """

    msgid: str = ""
    again: ClassVar[bool] = False
    """Whether trying later, with nothing changed, may help."""
    quotes_data: ClassVar[bool] = False
    """Whether the sentence tells values of the data, which not everybody may read."""

    def __init__(self, msgid: str = "", **values: Any) -> None:
        self.msgid = msgid or self.msgid
        self.values = values
        super().__init__(self.message("en"))

    def message(self, language: str) -> str:
        """Return the sentence in one language."""
        told = {
            name: value.message(language) if isinstance(value, ReadableError) else value
            for name, value in self.values.items()
        }
        return text(self.msgid, language, **told)
