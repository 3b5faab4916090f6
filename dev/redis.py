"""The private Redis server of a checkout.

It asks for a password although it listens on loopback only: what stands in its queues is run by the workers.
"""

from __future__ import annotations

import shutil
import socket

from dev import ports, processes
from dev.errors import Stop
from dev.layout import Layout
from dev.processes import Process
from dev.state import State, write_private

SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{home}"
dbfilename queues.rdb
appendonly yes
appendfsync everysec
daemonize no
databases 16
"""


class Redis:
    """The server of one checkout."""

    def __init__(self, layout: Layout, state: State) -> None:
        self.layout = layout
        self.state = state
        self.record = layout.run / "redis.json"
        self.home = layout.var / "redis"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return ports.port(self.state, "redis")

    def ensure(self) -> None:
        """Start the server if it does not run.

        Raises `Stop` when it is not installed or does not come up.
        """
        program = shutil.which("redis-server")
        if not program:
            raise Stop("Redis is not installed: run `apt-get install redis-server` as root.")
        settings = self.home / "redis.conf"
        process = Process(
            name="Redis",
            command=[program, settings],
            record=self.record,
            log=self.layout.log / "redis.log",
            cwd=self.home,
        )
        if not processes.running(self.record):
            self.home.mkdir(parents=True, exist_ok=True)
            number = ports.still_ours(self.state, "redis")
            password = self.state.secret("redis")
            text = SETTINGS.format(port=number, password=password, home=self.home)
            write_private(settings, text)
            processes.start(process)
        processes.wait_until(self.answers, process, seconds=30)

    def answers(self) -> bool:
        """Say whether the server takes commands."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(f"AUTH {self.state.secret('redis')}\r\nPING\r\n".encode())
                with line.makefile("rb") as answers:
                    return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False

    def stop(self) -> bool:
        """Stop the server after it has written its queues; say whether it ran."""
        return processes.stop(self.record)

    def url(self, number: int) -> str:
        """Return the address of one of its numbered databases."""
        return f"redis://:{self.state.secret('redis')}@127.0.0.1:{self.port}/{number}"
