"""The one way out: which addresses are asked, and how an answer is waited for."""

import json
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from gradatim.engine import fetch
from gradatim.engine.errors import FetchError
from gradatim.engine.fetch import MemoryFetcher, WebFetcher, check_address, check_ip, check_ips

HOST = "issuer.example"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://issuer.example/a", ("issuer.example", 443)),
        ("https://issuer.example:8443/", ("issuer.example", 8443)),
        ("https://ISSUER.example./", ("issuer.example", 443)),
        ("https://a.b.c.example?x=http://127.0.0.1/", ("a.b.c.example", 443)),
        ("https://1.example/", ("1.example", 443)),
    ],
)
def test_addresses_that_are_asked(url, wanted):
    assert check_address(url) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "", "issuer.example", "http://issuer.example/", "ftp://issuer.example/", "file:///etc/passwd", "https:///x",
        "https://issuer.example:0/", "https://user@issuer.example/", "https://user:pw@issuer.example/", "https://issuer.example@127.0.0.1/",
        "https://issuer.example:80/", "https://issuer.example:22/", "https://issuer.example:99999/",
        "https://issuer.example:x/", "https://localhost/", "https://LOCALHOST./", "https://a.localhost/",
        "https://printer.local/", "https://db.internal/", "https://router.home.arpa/", "https://intranet/",
        "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://0x7f000001/",
        "https://127.0.0.0x1/", "https://8.8.8.8/", "https://[::1]/", "https://[2606:4700::1111]/", "https://[::1",
        "https://a b.example/", "https://a\0.example/", "https://a\x7f.example/", "https://a%00.example/",
        "https://①②⑦.⓪.⓪.①/", "javascript:alert(1)", "//issuer.example/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_asked(url):
    with pytest.raises(FetchError) as blocked:
        check_address(url)
    assert blocked.value.code == "fetch-blocked"


@given(st.text(max_size=40))
def test_any_text_is_asked_or_blocked(text):
    for url in (text, f"https://{text}", f"https://{text}.example/"):
        with suppress(FetchError):
            host, _ = check_address(url)
            assert "." in host


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1::1", "1.1.1.1"])
def test_public_ip(ip):
    check_ip(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "203.0.113.9", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "2002:7f00:1::", "2001:db8::1", "192.88.99.1", "::ffff:192.88.99.1", "3fff::1",
        "2001:0:7f00:1:0:0:80ff:fffe",
    ],
)  # fmt: skip
def test_ip_that_is_not_public(ip):
    with pytest.raises(FetchError) as blocked:
        check_ip(ip)
    assert blocked.value.code == "fetch-blocked"


def test_one_address_that_is_not_public_is_enough():
    check_ips(["93.184.216.34", "1.1.1.1"])
    with pytest.raises(FetchError):
        check_ips(["93.184.216.34", "127.0.0.1"])


def memory(**entry):
    return MemoryFetcher({f"https://{HOST}/a": entry})


def code_of(fetcher, url=f"https://{HOST}/a"):
    with pytest.raises(FetchError) as error:
        fetcher.get(url)
    return error.value.code


def test_memory_answers_and_remembers_what_was_asked(tmp_path):
    (tmp_path / "one.json").write_text("1")
    (tmp_path / "two.json").write_text("2")
    (tmp_path / "web.json").write_text(
        json.dumps(
            {f"https://{HOST}/a": {"file": "one.json", "then_file": "two.json", "content_type": "a/b"}}
        )
    )
    fetcher = MemoryFetcher.from_file(tmp_path / "web.json")
    first, second = (fetcher.get(f"https://{HOST}/a") for _ in range(2))
    assert (first.body, second.body, first.content_type) == (b"1", b"2", "a/b")
    assert fetcher.requests == [{"url": f"https://{HOST}/a", "status": 200, "outcome": "ok"}] * 2


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"status": 404}, "not-found"),
        ({"status": 410}, "gone"),
        ({"status": 500}, "unavailable"),
        ({"status": 302}, "unavailable"),
        ({"hang_s": 60}, "timeout"),
        ({"body": "x" * 1000, "drip_bytes_per_s": 1}, "timeout"),
        ({"body": "x" * (fetch.MAX_BYTES + 1)}, "too-large"),
        ({"dns": ["203.0.113.9"]}, "fetch-blocked"),
        ({"dns": ["1.1.1.1", "127.0.0.1"]}, "fetch-blocked"),
        ({"status": 302, "location": f"https://{HOST}/a"}, "unavailable"),
        ({"status": 302, "location": "https://["}, "fetch-blocked"),
        ({"status": 302, "location": "http://169.254.169.254/"}, "fetch-blocked"),
        ({"status": 302, "location": "https://nobody.example/"}, "unavailable"),
    ],
)
def test_memory_misbehaves_as_a_network_does(entry, code):
    started = time.monotonic()
    assert code_of(memory(**entry)) == code
    assert time.monotonic() - started < 1


def test_redirects_are_followed_three_times_and_checked_each_time():
    steps = {
        f"https://{HOST}/{n}": {"status": 302, "location": f"https://other.example/{n + 1}"} for n in (0,)
    }
    steps |= {f"https://other.example/{n}": {"status": 307, "location": str(n + 1)} for n in (1, 2)}
    fetcher = MemoryFetcher(steps | {"https://other.example/3": {"body": {"a": 1}}})
    assert fetcher.get(f"https://{HOST}/0").url == "https://other.example/3"
    fetcher = MemoryFetcher(steps | {"https://other.example/3": {"status": 301, "location": "4"}})
    assert code_of(fetcher, f"https://{HOST}/0") == "unavailable"
    assert len(fetcher.requests) == fetch.MAX_REDIRECTS + 1


def test_a_blocked_address_leaves_no_request():
    fetcher = MemoryFetcher({})
    assert code_of(fetcher, "http://127.0.0.1:8000/") == "fetch-blocked"
    assert fetcher.requests == []


@pytest.fixture(scope="module")
def contexts(tmp_path_factory):
    """TLS settings of a server called issuer.example, and of a client that knows its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "both.pem"
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(text + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(place)
    return server, ssl.create_default_context(cafile=place)


@contextmanager
def serving(contexts, *pieces, pause=0.0):
    """A server on the loopback address that sends the pieces to everybody, with pauses; yields a fetcher for it."""
    server, client = contexts
    listener = socket.create_server(("127.0.0.1", 0))
    asked = []
    over = threading.Event()

    def run():
        while not over.is_set():
            try:
                plain, _ = listener.accept()
                with server.wrap_socket(plain, server_side=True) as stream:
                    asked.append(stream.recv(4096).decode())
                    for piece in pieces:
                        stream.sendall(piece)
                        over.wait(pause)
            except OSError:
                continue

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    fetcher = WebFetcher(
        resolve=lambda *_: ["127.0.0.1"], context=client, public_only=False, ports=frozenset({port})
    )
    try:
        yield fetcher, f"https://{HOST}:{port}/a?b=c", asked
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def answer(body, *headers, status="200 OK"):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def test_a_real_answer(contexts):
    with serving(contexts, answer(b'{"a": 1}', "Content-Type: application/json")) as (fetcher, url, asked):
        looked_up = [["127.0.0.1"]]  # a second look-up, which could answer otherwise, would find nothing here
        fetcher.resolve = lambda *_: looked_up.pop()
        got = fetcher.get(url, accept="x/y")
        assert (got.body, got.content_type, got.url) == (b'{"a": 1}', "application/json", url)
    assert asked[0].startswith("GET /a?b=c HTTP/1.1\r\n")
    assert "Accept: x/y\r\n" in asked[0]
    assert f"Host: {HOST}:" in asked[0]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (answer(b"", status="404 Not Found"), "not-found"),
        (answer(b"", "Location: http://127.0.0.1/", status="302 Found"), "fetch-blocked"),
        (answer(bytes(fetch.MAX_BYTES + 1)), "too-large"),
        (b"SSH-2.0-server\r\n", "unavailable"),
        (b"", "unavailable"),
    ],
    ids=["404", "redirect-inside", "too-large", "no-http", "nothing"],
)
def test_real_answers_that_are_none(contexts, sent, code):
    with serving(contexts, sent) as (fetcher, url, _):
        assert code_of(fetcher, url) == code


@pytest.mark.parametrize(
    "pieces",
    [
        [b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 40],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n", *[b"x"] * 40],
        [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", *[b"x"] * 40],
    ],
    ids=["headers", "body", "body-until-closed"],
)
def test_an_answer_that_drips_is_given_up_in_time(contexts, pieces):
    with serving(contexts, *pieces, pause=0.1) as (fetcher, url, _):
        started = time.monotonic()
        with pytest.raises(FetchError) as late:
            fetcher._answer(url, 0.5, "application/json")
        assert late.value.code == "timeout"
        assert time.monotonic() - started < 1.5


def test_the_certificate_is_checked(contexts):
    with serving(contexts, answer(b"1")) as (fetcher, url, _):
        assert code_of(fetcher, url.replace(HOST, "other.example")) == "unavailable"


def test_a_name_that_leads_inside_is_not_connected_to(contexts):
    with serving(contexts, answer(b"1")) as (fetcher, url, asked):
        fetcher.public_only = True
        assert code_of(fetcher, url) == "fetch-blocked"
        assert asked == []
        assert fetcher.requests == []


def nowhere(*_):
    raise socket.gaierror(8, "no such name")


@pytest.mark.parametrize(
    "url", ["https://a..example/", f"https://{'a' * 70}.example/", "https://xn--a.example/"]
)
def test_names_that_cannot_be_asked_for(url):
    assert code_of(WebFetcher(resolve=nowhere), url) == "unavailable"
    assert code_of(WebFetcher(), url.replace("xn--a", "\u00e4" * 70)) == "unavailable"


def test_a_name_server_that_does_not_answer_is_not_waited_for():
    answered = threading.Event()
    started = time.monotonic()
    try:
        silent = WebFetcher(resolve=lambda *_: [str(answered.wait(20))], seconds=0.2)
        assert code_of(silent, "https://issuer.example/") == "timeout"
        assert time.monotonic() - started < 5
    finally:
        answered.set()


def test_a_name_that_leads_nowhere():
    assert code_of(WebFetcher(resolve=lambda *_: []), "https://issuer.example/") == "unavailable"


@pytest.mark.parametrize("path", ["/\u00e4", "/a b", "/a\u2028"])
def test_paths_that_no_request_can_carry(contexts, path):
    with serving(contexts, answer(b"1")) as (fetcher, url, asked):
        assert code_of(fetcher, url.replace("/a?b=c", path)) == "unavailable"
        assert not [line for line in asked if line]
