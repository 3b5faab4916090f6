"""Binary workbooks (XLS, XLSB) are read by a process of its own, whose memory has a limit.

Their cells cannot be counted without a reader of the format, and calamine ends its process where
memory ends: two cells in opposite corners of an XLS ask for a gigabyte, a long text in every cell
for more than any machine has. Office programs write XML workbooks since 2007, so the tenth of a
second that a process takes is rarely paid.
"""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ckanext.municipal.lib.tables.model import UnreadableTable
from ckanext.municipal.lib.texts import N_

MEMORY = 1024 * 2**20
SECONDS = 60
_PROGRAM = f"from {__name__} import answer; answer()"


def done_apart(work: Callable[..., Any], name: str, *arguments: Any) -> Any:
    """Return what a function of a module returns, computed by a process with little memory.

    Arguments and result go through pickle; ``name`` is the file's, for messages. Raises
    UnreadableTable as the function does, and where it takes too much memory or time.
    """
    python = Path(sys.prefix, "bin", "python3")  # in a web server, sys.executable is the server
    asked = pickle.dumps((work, arguments))
    try:
        done = subprocess.run(  # noqa: S603 - nothing of the file is in the command
            [str(python), "-c", _PROGRAM],
            input=asked,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise UnreadableTable(
            N_("{file} takes too much memory to read. Save it as XLSX or CSV."), file=name
        ) from error
    result, refusal = pickle.loads(done.stdout)  # noqa: S301 - written by our own process
    if refusal:
        msgid, values = refusal
        raise UnreadableTable(msgid, **values)
    return result


def answer() -> None:
    """Do, in the process of its own, what standard input asks for."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    work, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own process
    try:
        told = (work(*arguments), None)
    except UnreadableTable as error:
        told = (None, (error.msgid, error.values))
    pickle.dump(told, sys.stdout.buffer)
