"""What must never be asked: every way to write an address inside the network, and names that change."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from faults import FaultServer, answer, redirect
from hypothesis import given
from hypothesis import strategies as st

from ckanext.municipal.lib.http import (
    AddressRefused,
    Client,
    HttpError,
    Retries,
    UrlRefused,
    addresses,
    transport,
)
from ckanext.municipal.lib.http.addresses import Allowed, is_public
from ckanext.municipal.lib.http.urls import check_url, shown

ONCE = Retries(attempts=1)
PUBLIC = "93.184.216.34"

# Hosts; each is asked at the port where a listener counts.
# fmt: off
LOOPBACK_FORMS = """
127.0.0.1 127.0.0.1. 127.1 127.0.1 127.8 127.1.1.1 127.255.255.254 0 0.0.0.0 1
2130706433 2130706433. 4294967296 0x7f000001 0x7F000001 0x100000000 0x7f.0x0.0x0.0x1 0x7f.1 0x7f.0.1
017700000001 017700000001. 00000177.1 0177.1 0177.0.0.1 0177.0x0.0.1 127.000.000.001 127.0.00.1 127.0.0x1 127.0.0.1.0x
localhost LOCALHOST localhost. LocalHost.
[::1] [::] [0:0:0:0:0:0:0:1] [0000::1] [0:0::1] [::0001] [::127.0.0.1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:0001] [::ffff:0:127.0.0.1]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1]
[2002:7f00:1::] [2002:7f00:0001::1] [2001:0:7f00:1::] [::1%25lo] [::1%lo] [fe80::1%25eth0]
１２７.０.０.１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.① ⓛocalhost 127%2e0%2e0%2e1 %31%32%37.0.0.1
user@127.0.0.1 user:pw@127.0.0.1 example.org@127.0.0.1 127.0.0.1\\@example.org @127.0.0.1
127.0.0.1.nip.io 7f000001.nip.io rebind.example
""".split()  # noqa: SIM905 - a table
INSIDE_FORMS = """
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 169.254.0.1
100.64.0.1 100.127.255.255 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 192.88.99.1
224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16 0.1.2.3 192.31.196.1
[fc00::1] [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [2001::1] [2001:10::1]
[2002:a00:1::1] [64:ff9b::a00:1] [64:ff9b::a9fe:a9fe] [100::1] [3fff::1] [5f00::1] [::2]
[::ffff:169.254.169.254] [::ffff:0:10.0.0.1] [4000::1]
""".split()  # noqa: SIM905
# fmt: on
NAMES = {"127.0.0.1.nip.io": "127.0.0.1", "7f000001.nip.io": "127.0.0.1", "rebind.example": "::1"}


def resolver(host, port):
    return [NAMES[host]] if host in NAMES else transport.resolve(host, port)


@pytest.fixture
def listeners(monkeypatch):
    """Servers on loopback at a port that counts as a web port, so that nothing but the address refuses."""
    with FaultServer() as four, FaultServer(address="::1") as six:
        monkeypatch.setattr(addresses, "WEB_PORTS", frozenset({80, 443, four.port, six.port}))
        for server in (four, six):
            server.on("/", answer(200, b"inside"))
        yield four, six


def test_there_are_more_than_sixty_forms():
    assert len(set(LOOPBACK_FORMS)) >= 60
    assert len(set(INSIDE_FORMS)) >= 35


@pytest.mark.parametrize("host", LOOPBACK_FORMS)
def test_no_way_to_write_loopback_reaches_it(listeners, host):
    with Client(resolver=resolver, retries=ONCE) as client:
        for server in listeners:
            with pytest.raises((AddressRefused, UrlRefused)):
                client.get(f"http://{host}:{server.port}/")
    assert [server.hits for server in listeners] == [0, 0]


@pytest.mark.parametrize("host", INSIDE_FORMS)
def test_no_address_inside_is_connected_to(monkeypatch, host):
    opened = []
    monkeypatch.setattr(transport.TimedSocket, "connect", lambda self, to: opened.append(to))
    with Client(retries=ONCE) as client, pytest.raises(AddressRefused, match=r"http\.allow"):
        client.get(f"http://{host}/")
    assert opened == []


def test_the_listener_is_reached_when_the_operator_allows_it(listeners):
    four, six = listeners
    with Client(allow=["127.0.0.0/8", "::1"]) as client:
        assert client.get(four.url("/")).read() == b"inside"
        assert client.get(six.url("/")).read() == b"inside"


# fmt: off
NOT_ADDRESSES = [
    "file:///etc/passwd", "/etc/passwd", "gopher://x/", "data:text/plain,x", "ftp://x/", "javascript:1",
    "x.org", "//x.org/a", "http:///a", "http://", "https:x.org", "http:/x.org", "", " ", "ht\ttp://x.org",
    "http://x\n.org/", "http://x.org/a b", "http://x.org/\u2028a", "http://[::1", "http://[x]/",
    "http://x.org:99999/", "http://x.org:8a/", "http://-x.org/", "http://x..org/", "http://exa%6dple.org/",
    "http://" + "a" * 300 + ".org/", "http://x.org/" + "a" * 9000, "jar:http://x.org!/",
    "http://x.org\\@y.org/", "http://a:b@c@d.org/",
]
# fmt: on


@pytest.mark.parametrize("url", NOT_ADDRESSES)
def test_what_is_not_a_plain_web_address_is_refused_in_words(url):
    with Client() as client, pytest.raises(UrlRefused) as caught:
        client.get(url)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("port", [21, 22, 25, 3306, 5432, 6379, 8080, 8983, 9200, 11211])
def test_other_ports_are_not_asked(port):
    with Client() as client, pytest.raises(UrlRefused, match=f"example.org:{port}"):
        client.get(f"http://example.org:{port}/")


def test_a_redirect_inside_is_refused(listeners):
    four, six = listeners
    with FaultServer() as outside, Client(allow=[outside.allow], retries=ONCE) as client:
        for number, to in enumerate(
            ["http://169.254.169.254/", four.url("/"), six.url("/"), "//localhost/"]
        ):
            with pytest.raises((AddressRefused, UrlRefused)):
                client.get(outside.on(f"/{number}", redirect(to)))
    assert [server.hits for server in listeners] == [0, 0]


def test_a_name_that_changes_between_check_and_use_gains_nothing(listeners, monkeypatch):
    """The first answer is public, the second is loopback: 1,000 tries, each asked twice."""
    four, _ = listeners
    opened: list[str] = []

    def connect(self, to):
        opened.append(to[0])
        raise ConnectionRefusedError

    asked = []

    def rebinding(host, port):
        asked.append(host)
        return [PUBLIC] if len(asked) % 2 else ["127.0.0.1"]

    monkeypatch.setattr(transport.TimedSocket, "connect", connect)
    with Client(resolver=rebinding, retries=ONCE) as client:
        for _ in range(1000):
            with pytest.raises(HttpError):
                client.get(f"http://rebind.example:{four.port}/")
    assert len(asked) == 1000
    assert opened == [PUBLIC] * 500
    assert four.hits == 0


def test_a_visitor_is_not_told_where_a_name_leads_and_the_operator_is(caplog):
    with (
        Client(resolver=lambda host, port: ["10.20.30.40"]) as client,
        pytest.raises(AddressRefused) as caught,
    ):
        client.get("http://intranet.example/")
    assert "10.20" not in str(caught.value)
    assert "intranet.example refused: it leads to 10.20.30.40" in caplog.text


def test_a_name_that_leads_outside_and_inside_is_refused(listeners, monkeypatch):
    opened = []
    monkeypatch.setattr(transport.TimedSocket, "connect", lambda self, to: opened.append(to))
    with (
        Client(resolver=lambda host, port: [PUBLIC, "10.0.0.1"]) as client,
        pytest.raises(AddressRefused),
    ):
        client.get("http://example.org/")
    assert opened == []


def test_public_addresses_are_public():
    for address in (
        "8.8.8.8",
        PUBLIC,
        "155.207.1.12",
        "2a00:1450:4001::1",
        "64:ff9b::808:808",
        "172.32.0.1",
    ):
        assert is_public(ip_address(address)), address


@given(st.ip_addresses())
def test_what_is_public_is_public_for_python_too(address):
    if is_public(address) and not str(address).startswith("64:ff9b::"):
        assert address.is_global
        assert not address.is_multicast


# The operator's exceptions


@pytest.mark.parametrize(
    ("entry", "host", "port", "address", "allowed"),
    [
        ("data.local", "data.local", 80, "10.0.0.1", True),
        ("data.local", "data.local", 8080, "10.0.0.1", False),
        ("data.local:8080", "data.local", 8080, "10.0.0.1", True),
        ("data.local:8080", "data.local", 80, "10.0.0.1", False),
        ("DATA.local.", "data.local", 443, "10.0.0.1", True),
        ("10.1.0.0/16", "any.org", 80, "10.1.2.3", True),
        ("10.1.0.0/16", "any.org", 80, "10.2.2.3", False),
        ("10.1.2.3", "any.org", 443, "10.1.2.3", True),
        ("[::1]:8080", "::1", 8080, "::1", True),
        ("fd00::/8", "any.org", 80, "fd00::1", True),
        ("fd00::/8", "any.org", 80, "10.0.0.1", False),
    ],
)
def test_exceptions_go_as_far_as_they_say(entry, host, port, address, allowed):
    rules = Allowed.parse([entry, ""])
    assert (rules.port(host, port) and rules.address(host, port, ip_address(address))) is allowed


@pytest.mark.parametrize(
    "entry", ["http://x.org", "x.org:http", "x.org:0", "x.org:70000", "a b", "u@x", ":80"]
)
def test_an_exception_that_cannot_be_read_is_named(entry):
    with pytest.raises(ValueError, match=r"\S"):
        Client(allow=[entry])


# Any text


@given(st.text(max_size=80) | st.from_regex(r"https?://[^/]{0,20}(/.{0,20})?", fullmatch=True))
def test_any_text_is_a_checked_address_or_a_sentence(text):
    try:
        target = check_url(text, Allowed())
    except UrlRefused:
        return
    assert target.scheme in ("http", "https")
    assert target.host.isascii()
    assert target.port in (80, 443)
    assert check_url(target.url, Allowed()) == target


@given(st.text(max_size=80).map(lambda text: f"http://user:hidden-pw@x.org/{text}?key=hidden-key"))
def test_what_is_shown_holds_no_secret_and_no_line_break(url):
    clean = shown(url)
    assert "hidden-pw" not in clean
    assert "\n" not in clean
    assert "\r" not in clean
    if "?" not in url.partition("?key")[0] and "#" not in url:
        assert "hidden-key" not in clean


def test_the_scope_of_an_address_is_kept_so_that_it_is_refused(monkeypatch):
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", 80, 0, 2))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    assert transport.resolve("x.org", 80) == ["fe80::1%2"]
    assert not is_public(ip_address("2a00:1450:4001::1%2"))
