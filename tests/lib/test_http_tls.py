"""TLS: names are verified, a certificate nobody vouches for is refused, the time limit holds inside."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
from faults import FaultServer, answer, slow

from ckanext.municipal.lib.http import Client, Retries, TlsRefused, TookTooLong, Unreachable

ONCE = Retries(attempts=1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of its own authority, for 127.0.0.1."""
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
    subject = ["-addext", "subjectAltName=IP:127.0.0.1"]
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
    assert time.monotonic() - started < 5
