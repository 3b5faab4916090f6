"""The private Solr server of a checkout, run from the jars of Maven Central.

A core's schema is the installed CKAN's own, plus the four numbers that ckanext-spatial's `solr-bbox` searches by.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from dev import ports, processes
from dev.errors import Stop
from dev.layout import Layout
from dev.processes import Process
from dev.state import State

BOUNDING_BOX = ("minx", "maxx", "miny", "maxy")
WORD_LISTS = ("protwords.txt", "stopwords.txt", "synonyms.txt")
"""Files that CKAN's schema names; empty, as in the CKAN project's own image."""


class Solr:
    """The server of one checkout."""

    def __init__(self, layout: Layout, state: State) -> None:
        self.layout = layout
        self.state = state
        self.source = layout.root / "config" / "solr"
        self.home = layout.var / "solr"
        self.cores = self.home / "home"
        self.record = layout.run / "solr.json"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return ports.port(self.state, "solr")

    @property
    def jars(self) -> Path:
        """The folder of the jars that the present pom.xml asks for."""
        digest = hashlib.sha256((self.source / "pom.xml").read_bytes()).hexdigest()[:12]
        return self.home / f"jars-{digest}"

    def download(self) -> None:
        """Bring the jars here: 85 MB, at the first start only.

        Raises `Stop` when Maven is missing or Maven Central cannot be reached.
        """
        if self.jars.exists():
            return
        maven = shutil.which("mvn")
        if not maven:
            raise Stop("Maven is not installed: run `apt-get install maven` as root.")
        fresh = self.home / "jars.new"
        shutil.rmtree(fresh, ignore_errors=True)
        log = self.layout.log / "maven.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            done = subprocess.run(
                [
                    *(maven, "-q", "-B", "-f", self.source / "pom.xml"),
                    *("dependency:copy-dependencies", "-DincludeScope=runtime"),
                    f"-DoutputDirectory={fresh}",
                ],
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise Stop(
                f"Solr could not be fetched from Maven Central: check the network and run again (see {log})."
            )
        fresh.rename(self.jars)

    def ensure(self, core: str) -> None:
        """Start the server if it does not run, serving `core` with the installed CKAN's schema.

        Raises `Stop` when Java is missing or the core does not come up.
        """
        self.download()
        changed = self._write_core(core)
        declaration = self.cores / core / "core.properties"
        ran = processes.running(self.record) is not None
        if not ran:
            (self.cores / "solr.xml").write_text("<solr/>\n")
            # A starting Solr finds its cores by this file, which is written when all others are there.
            declaration.write_text(f"name={core}\n")
            ports.still_ours(self.state, "solr")
            processes.start(self._process())
        elif not declaration.exists():
            # A running one takes a new core, and writes the file itself.
            processes.wait_until(self._is_up, self._process(), seconds=120)
            self._admin(action="CREATE", name=core, instanceDir=core)
        processes.wait_until(lambda: self.answers(core), self._process(), seconds=120)
        if ran and changed:
            self._admin(action="RELOAD", core=core)

    def answers(self, core: str) -> bool:
        """Say whether that core answers a search."""
        return self._fetches(f"{core}/select?q=*:*&rows=0")

    def stop(self) -> bool:
        """Stop the server after it has written its index; say whether it ran."""
        return processes.stop(self.record)

    def url(self, core: str) -> str:
        """Return the address that CKAN takes."""
        return f"http://127.0.0.1:{self.port}/solr/{core}"

    def _process(self) -> Process:
        java = shutil.which("java")
        if not java:
            raise Stop("Java is not installed: run `apt-get install default-jdk-headless` as root.")
        return Process(
            name="Solr",
            command=[
                *(java, "-Xmx512m", f"-Dsolr.log.dir={self.layout.log}", "-cp", self.jars / "*"),
                *(self.source / "SolrLauncher.java", self.cores, str(self.port)),
            ],
            record=self.record,
            log=self.layout.log / "solr.out.log",
            cwd=self.home,
        )

    def _is_up(self) -> bool:
        return self._fetches("admin/cores?action=STATUS")

    def _fetches(self, path: str) -> bool:
        address = f"http://127.0.0.1:{self.port}/solr/{path}"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _write_core(self, core: str) -> bool:
        """Write the core's files, and say whether one of them changed."""
        files: dict[str, str] = dict.fromkeys(WORD_LISTS, "")
        files["solrconfig.xml"] = (self.source / "solrconfig.xml").read_text()
        files["schema.xml"] = self._schema()
        folder = self.cores / core / "conf"
        folder.mkdir(parents=True, exist_ok=True)
        changed = False
        for name, text in files.items():
            path = folder / name
            if not path.exists() or path.read_text() != text:
                path.write_text(text)
                changed = True
        return changed

    def _schema(self) -> str:
        theirs = self.layout.packages / "ckan" / "config" / "solr" / "schema.xml"
        fields = "".join(
            f'    <field name="{name}" type="float" indexed="true" stored="true"/>\n'
            for name in BOUNDING_BOX
        )
        return theirs.read_text().replace("</fields>", f"{fields}</fields>", 1)

    def _admin(self, **parameters: str) -> None:
        address = (
            f"http://127.0.0.1:{self.port}/solr/admin/cores?{urllib.parse.urlencode(parameters)}"
        )
        try:
            urllib.request.urlopen(address, timeout=60).close()
        except urllib.error.HTTPError as error:
            raise Stop(
                f"Solr refused to serve a core ({error}): read {self.layout.log}."
            ) from error
