"""`make up`: everything from a bare machine to a city's portal with its budget and its citizens' requests on it."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from dataclasses import dataclass

from dev import city, ports, prerequisites, processes, requests_site, supervisor
from dev.errors import Stop
from dev.layout import Layout
from dev.site import Machine, option_of, write_ini
from dev.state import State, locked
from dev.steps import step

ADMINISTRATOR = "admin"
USUAL_PORT = 5000
START_SECONDS = 120


@dataclass(frozen=True)
class Address:
    """Where the portal is and how to sign in."""

    url: str
    name: str
    password: str


def up(layout: Layout, state: State, port: int | None) -> Address:
    """Bring the portal up, doing only what is not done yet, and return its address.

    `port` is the one the person asked for, if any. Raises `Stop` with what to do; what this run had started is stopped
    again then.
    """
    with locked(layout.var / "lock"):
        prerequisites.require_room(layout)
        number = _claim_port(layout, state, port)
        prerequisites.ensure(layout)
        machine = Machine(layout, state)
        was_served = processes.running(supervisor.record(layout)) is not None
        idle = machine.idle()
        try:
            _prepare(machine, number)
            _serve(machine, number)
        except BaseException:
            if not was_served:
                supervisor.stop(layout)
            for service in reversed(idle):
                service.stop()
            raise
    return Address(url(layout, state), ADMINISTRATOR, state.secret("administrator"))


def url(layout: Layout, state: State) -> str:
    """Return the portal's address.

    Raises `Stop` when the portal does not run.
    """
    if not processes.running(supervisor.record(layout)):
        raise Stop("The portal does not run: start it with `make up`.")
    return _url(ports.port(state, layout.portal.name))


def run_ckan(layout: Layout, words: list[str]) -> None:
    """Become CKAN's command line on the portal, in the folder where the person is.

    Raises `Stop` when the portal was never made, or its services do not run.
    """
    ini = layout.portal.ini
    machine = Machine(layout, State(layout.var / "state.json"))
    if not ini.exists() or not machine.all_run():
        raise Stop("The portal does not run: start it with `make up`.")
    program = str(layout.venv / "bin" / "ckan")
    environment = processes.environment()
    environment.pop("PYTHONPATH", None)
    os.execve(program, [program, "-c", str(ini), *words], environment)


def _claim_port(layout: Layout, state: State, wanted: int | None) -> int:
    """Return the web server's port: the one asked for, the one it had, 5000 if free, or any free one."""
    name = layout.portal.name
    if processes.running(supervisor.record(layout)):
        running = ports.port(state, name)
        if wanted not in (None, running):
            raise Stop(f"The portal runs on port {running}: `make down` first to move it.")
        return running
    # Workers that outlived a killed supervisor would hold the port.
    supervisor.stop(layout)
    if wanted is None and state.get("ports", name) is None and ports.is_free(USUAL_PORT):
        wanted = USUAL_PORT
    number = ports.port(state, name, wanted)
    if not ports.is_free(number):
        raise Stop(
            f"Port {number} is used by another program: stop it, or choose another: `make up PORT=8080`."
        )
    return number


def _prepare(machine: Machine, port: int) -> None:
    layout, state, site = machine.layout, machine.state, machine.layout.portal
    machine.ensure(site)
    machine.postgres.durable(True)
    with step("Databases and settings"):
        machine.make_databases(site)
        site.storage.mkdir(parents=True, exist_ok=True)
        template = (layout.root / "config" / "ckan.ini.template").read_text()
        options = {"ckan.site_url": _url(port), "SECRET_KEY": state.secret("session")}
        running = processes.running(supervisor.record(layout)) is not None
        requests_site.settle(layout, state, city.folder(layout), running=running)
        allowed = " ".join(option_of(template, "ckanext.municipal.http.allow").split())
        options |= city.options(layout, state, allowed)
        write_ini(site.ini, template, machine.addresses(site) | options)
        city.link_sources(layout)
    with step("Migrations"):
        machine.migrate(site)
    if not state.get("made", site.name):
        with step("Administrator"):
            _make_administrator(machine)
        city.load(machine)
        state.put("made", site.name, True)
    city.load_requests(machine)


def _make_administrator(machine: Machine) -> None:
    layout = machine.layout
    log = layout.log / "ckan.log"
    with log.open("ab") as complaints:
        done = subprocess.run(
            [layout.python, "-m", "dev.administrator", layout.portal.ini, ADMINISTRATOR],
            input=machine.state.secret("administrator"),
            text=True,
            stdout=complaints,
            stderr=complaints,
            cwd=layout.root,
            env=processes.environment(),
            check=False,
        )
    if done.returncode:
        raise Stop(f"The administrator could not be made: read the end of {log}.")


def _serve(machine: Machine, port: int) -> None:
    process = supervisor.as_process(machine.layout)
    with step("Web server and workers"):
        if not processes.running(process.record):
            processes.start(process)
        processes.wait_until(lambda: _answers(port), process, START_SECONDS)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{_url(port)}/api/3/action/status_show", timeout=30) as answer:
            return json.load(answer)["success"] is True
    except (OSError, ValueError):
        return False


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"
