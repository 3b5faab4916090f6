"""A real browser for tests: Chromium, spoken to over its own pipe, and axe-core in it.

The protocol is the Chrome DevTools Protocol: JSON messages that end with a zero byte. Neither a
driver nor a port is needed.
"""

from __future__ import annotations

import functools
import json
import os
import select
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from dev.packages import BROWSERS

SECONDS = 60
_AXE = "4.14.1"
# Commands come in by descriptor 3 and answers go out by 4.
_BY_PIPE = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
_KEYS = {"Tab": 9, "Enter": 13}


def program() -> str:
    """Return the browser of this machine; without one the test is skipped."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip("no Chromium on this machine: install chromium to try pages in a browser")
    return found


@functools.cache
def axe_core() -> str:
    """Return the program text of axe-core; without npm, or the network the first time, the test is skipped.

    npm keeps it in its cache, so that only the first run loads it.
    """
    if named := os.environ.get("AXE_CORE"):
        return Path(named).read_text("utf-8")
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("no npm on this machine: install Node.js, or name axe.min.js in AXE_CORE")
    with tempfile.TemporaryDirectory() as folder:
        words = [npm, "pack", "--prefer-offline", "--silent", f"--pack-destination={folder}"]
        try:
            done = subprocess.run(
                [*words, f"axe-core@{_AXE}"],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            pytest.skip("npm did not load axe-core in a minute: is there a network?")
        if done.returncode:
            pytest.skip(f"npm has no axe-core: {done.stderr.strip().splitlines()[-1:]}")
        with tarfile.open(Path(folder) / done.stdout.strip().splitlines()[-1]) as package:
            program_text = package.extractfile("package/axe.min.js")
            assert program_text is not None
            return program_text.read().decode()


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of a request: a page has dozens."""


@contextmanager
def served(application: Any) -> Iterator[str]:
    """Serve a WSGI application on loopback, from this process; gives its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Chromium:
    """One browser with one page, 1280 × 900; end it by `close`."""

    def __init__(self, program: str, profile: Path) -> None:
        options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
        options += [f"--user-data-dir={profile}", "--window-size=1280,900", "--no-first-run"]
        # Nothing but the tests' own server is asked.
        options += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
        self._process = subprocess.Popen(
            ["sh", "-c", _BY_PIPE, program, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._rest, self._number, self._session = b"", 0, ""
        self._happened: set[str] = set()
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._ask("Page.enable")

    def sign_in(self, address: str, cookies: dict[str, str]) -> None:
        """Take over somebody's cookies."""
        host = urlsplit(address).hostname
        for name, value in cookies.items():
            self._ask("Network.setCookie", name=name, value=value, domain=host, path="/")

    def open(self, url: str) -> None:
        """Go to a page and wait until it and all that belongs to it is there."""
        self._happened.clear()
        went = self._ask("Page.navigate", url=url)
        assert not went.get("errorText"), (url, went)
        self.wait_for_load()

    def wait_for_load(self) -> None:
        """Wait until the page that was gone to last is there, `open` or a key having led to it."""
        while "Page.loadEventFired" not in self._happened:
            self._read()
        self._happened.clear()

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, awaited where it is a promise."""
        options = {"awaitPromise": True, "returnByValue": True}
        answer = self._ask("Runtime.evaluate", expression=expression, **options)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key and let it go, as a person does: ``Tab`` or ``Enter``."""
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        text = {"text": "\r"} if key == "Enter" else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", **pressed, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def violations(self, axe: str, where: str, *, but: str = "") -> list[dict[str, Any]]:
        """Return what axe-core finds against WCAG 2.2 A and AA below a selector of this page.

        What ``but`` selects is left out.
        """
        part = json.dumps({"include": [[where]], "exclude": [[but]] if but else []})
        self.evaluate(f"{axe}; 0")
        levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        asked = json.dumps({"runOnly": {"type": "tag", "values": levels}})
        return self.evaluate(
            f"axe.run({part}, {asked}).then(r => r.violations.map(v => "
            "({rule: v.id, impact: v.impact, at: v.nodes.map(n => n.html.slice(0, 300))})))"
        )

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        assert self._process.stdin
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer)
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._process.stdout], [], [], SECONDS)
            assert ready, "the browser does not answer"
            piece = os.read(self._process.stdout.fileno(), 1 << 16)
            assert piece, "the browser ended"
            self._rest += piece
        message, self._rest = self._rest.split(b"\0", 1)
        read = json.loads(message)
        self._happened.add(read.get("method", ""))
        return read


def violations_of(
    application: Any, tools: tuple[str, str], profile: Path, *paths: str
) -> dict[str, list[dict[str, Any]]]:
    """Return what axe-core finds in the content of pages in both languages, of those with something wrong."""
    program_, axe = tools
    found = {}
    with served(application) as address:
        chromium = Chromium(program_, profile)
        try:
            for path in (f"/{language}{path}" for path in paths for language in ("el", "en")):
                chromium.open(f"{address}{path}")
                found[path] = chromium.violations(axe, "[role=main]")
        finally:
            chromium.close()
    return {path: told for path, told in found.items() if told}
