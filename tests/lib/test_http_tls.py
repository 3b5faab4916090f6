"""TLS: names are verified, a certificate nobody vouches for is refused, the time limit holds inside."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
from faults import FaultServer, answer, slow

from ckanext.municipal.lib.http import (
    AddressRefused,
    Client,
    Retries,
    TlsRefused,
    TookTooLong,
    Unreachable,
)

ONCE = Retries(attempts=1)
BEHIND = "behind.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of its own authority, for 127.0.0.1 and a name that only the proxy knows."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl command to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=test",
    ]
    subject = ["-addext", f"subjectAltName=IP:127.0.0.1,DNS:{BEHIND}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([*command, *subject, *files], check=True, capture_output=True)
    return folder


@pytest.fixture
def server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with FaultServer(tls=context) as running:
        yield running


def test_a_verified_server_is_read_and_its_connection_kept(server, certificate):
    url = server.on("/a", answer(200, b"x" * 200_000))
    with Client(allow=[server.allow], ca_file=str(certificate / "cert.pem")) as client:
        assert client.get(url).size == 200_000
        assert client.get(url).size == 200_000
    assert server.hits == 1


def test_a_certificate_nobody_vouches_for_is_refused(server):
    with Client(allow=[server.allow], retries=ONCE) as client, pytest.raises(TlsRefused):
        client.get(server.on("/a", answer(200, b"x")))
    assert server.requests == []


def test_a_certificate_of_another_name_is_refused(server, certificate):
    allow = [f"localhost:{server.port}"]
    with (
        Client(allow=allow, ca_file=str(certificate / "cert.pem"), retries=ONCE) as client,
        pytest.raises(TlsRefused),
    ):
        client.get(f"https://localhost:{server.port}/a")
    assert server.requests == []


def test_a_server_that_does_not_speak_tls_is_unreachable():
    def greet(listener):
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 mail.example ESMTP\r\n")
            connection.recv(65536)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=greet, args=(listener,), daemon=True).start()
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        with Client(allow=[host], retries=ONCE) as client, pytest.raises(Unreachable):
            client.get(f"https://{host}/a")


def test_byte_by_byte_over_tls_is_held_to_the_whole_time(server, certificate):
    url, started = server.on("/a", slow(b"x" * 1000)), time.monotonic()
    with (
        Client(
            allow=[server.allow],
            ca_file=str(certificate / "cert.pem"),
            read_seconds=1.0,
            total_seconds=1.5,
            retries=ONCE,
        ) as client,
        pytest.raises(TookTooLong),
    ):
        client.get(url)
    assert time.monotonic() - started < 30


# Through the portal's proxy


class Tunnel:
    """A proxy that connects wherever it is asked to (CONNECT), and notes what it was told."""

    def __init__(self, proxy: FaultServer, to: int) -> None:
        self.asked: list[dict[str, str]] = []
        self.to = to
        proxy.otherwise = self

    def __call__(self, exchange) -> None:
        self.asked.append({"": exchange.request.path, **exchange.request.headers})
        with socket.create_connection(("127.0.0.1", self.to)) as server:
            exchange.send(b"HTTP/1.1 200 Connected\r\n\r\n")
            pumps = [
                threading.Thread(target=pump, args=ends, daemon=True)
                for ends in ((exchange.connection, server), (server, exchange.connection))
            ]
            for each in pumps:
                each.start()
            for each in pumps:
                each.join(10)


def pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxied(server, certificate):
    """Make a client that asks through a proxy with a password; the host is one that only it finds."""

    def unknown(host, port):
        raise OSError

    with FaultServer() as proxy:
        tunnel = Tunnel(proxy, server.port)

        def make(**options):
            address = f"http://me:s3cret@127.0.0.1:{proxy.port}"
            allow = [f"{BEHIND}:{server.port}"]
            return tunnel, Client(
                proxy=address, allow=allow, resolver=unknown, retries=ONCE, **options
            )

        yield make


def test_the_portals_proxy_cannot_answer_for_the_server(server, proxied):
    """What is asked by https is encrypted to the server's own certificate, whoever carries it."""
    _, client = proxied()
    with client, pytest.raises(TlsRefused):
        client.get(f"https://{BEHIND}:{server.port}/a")
    assert server.requests == []


def test_the_proxys_password_is_for_the_proxy_alone(server, proxied, certificate):
    server.on("/a", answer(200, b"x"))
    tunnel, client = proxied(ca_file=str(certificate / "cert.pem"))
    with client:
        url = f"https://{BEHIND}:{server.port}/a"
        assert client.get(url, headers={"X-Key": "k"}).read() == b"x"
    assert tunnel.asked[0][""] == f"{BEHIND}:{server.port}"
    assert "proxy-authorization" in tunnel.asked[0]
    assert "x-key" not in tunnel.asked[0]
    assert server.requests[0].headers["x-key"] == "k"
    assert "proxy-authorization" not in server.requests[0].headers


def test_byte_by_byte_through_the_proxy_is_held_to_the_whole_time(server, proxied, certificate):
    server.on("/a", slow(b"x" * 1000))
    _, client = proxied(ca_file=str(certificate / "cert.pem"), read_seconds=1.0, total_seconds=1.5)
    with client, pytest.raises(TookTooLong):
        client.get(f"https://{BEHIND}:{server.port}/a")


def test_an_address_inside_is_refused_before_the_proxy_is_asked(server, proxied):
    tunnel, client = proxied()
    with client:
        for host in ("127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1"):
            with pytest.raises(AddressRefused):
                client.get(f"https://{host}/")
    assert tunnel.asked == []
