"""What is read before the application is called, and what is refused without reading."""

import threading
from io import BytesIO

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from gradatim.program.web import bodies, wsgi


@pytest.fixture
def connected(db):
    """The whole application may be called: it does not close the connection that the test holds."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Never:
    """A body of which nothing comes until the test lets it end."""

    def __init__(self):
        self.asked, self.end = threading.Semaphore(0), threading.Event()

    def read(self, _size):
        self.asked.release()
        self.end.wait(20)
        return b""


def ask(application, length, source=None, **more):
    said = []
    answer = application(
        {"CONTENT_LENGTH": length, "wsgi.input": source, **more}, lambda status, _headers: said.append(status)
    )
    return said[0][:3], b"".join(answer)


def echo(environ, start):
    start("200 OK", [])
    return [environ["wsgi.input"].read() if environ["wsgi.input"] else b"-"]


def test_a_body_comes_whole_and_no_more_of_it():
    application = bodies.read_first(echo)
    large = b"x" * (bodies.IN_MEMORY + bodies.PIECE + 7)
    assert ask(application, str(len(large)), BytesIO(large + b"more")) == ("200", large)
    assert ask(application, "10", BytesIO(b"short")) == ("200", b"short")
    assert ask(application, str(bodies.LARGEST + 1), None)[0] == "413"
    for none in ("", "0", "-1", "x", None):
        assert ask(application, none, None) == ("200", b"-")


def test_some_wait_and_the_others_are_answered():
    application, slow = bodies.read_first(echo), Never()
    waiting = [
        threading.Thread(
            target=ask, args=(application, "9", slow), kwargs={"REMOTE_ADDR": f"192.0.2.{n // 3}"}
        )
        for n in range(bodies.READERS)
    ]
    for thread in waiting:
        thread.start()
        slow.asked.acquire()
    assert ask(application, "9", BytesIO(b"x"))[0] == "503"
    assert ask(application, "0")[0] == "200"
    slow.end.set()
    for thread in waiting:
        thread.join()
    assert ask(application, "1", BytesIO(b"x"))[0] == "200"


def test_one_client_leaves_turns_for_the_others():
    application, slow = bodies.read_first(echo), Never()
    waiting = [threading.Thread(target=ask, args=(application, "9", slow)) for _n in range(bodies.OF_ONE)]
    for thread in waiting:
        thread.start()
        slow.asked.acquire()
    assert ask(application, "9", BytesIO(b"x"))[0] == "503"
    assert ask(application, "9", BytesIO(b"x"), REMOTE_ADDR="192.0.2.1")[0] == "200"
    slow.end.set()
    for thread in waiting:
        thread.join()


def test_a_body_in_pieces_comes_whole_although_it_names_no_length(monkeypatch):
    def measured(environ, start):
        start("200 OK", [])
        return [environ["wsgi.input"].read(), b" of ", environ["CONTENT_LENGTH"].encode()]

    application = bodies.read_first(measured)
    pieces = {"HTTP_TRANSFER_ENCODING": "chunked"}
    assert ask(application, None, BytesIO(b"{}"), **pieces) == ("200", b"{} of 2")
    assert ask(application, None, BytesIO(b""), **pieces) == ("200", b" of 0")
    monkeypatch.setattr(bodies, "LARGEST", 9)
    assert ask(application, None, BytesIO(b"x" * 9), **pieces)[0] == "200"
    assert ask(application, None, BytesIO(b"x" * 10), **pieces)[0] == "413"


def kind_of(kind):
    def said(environ, start):
        start("200 OK", [])
        return [environ["CONTENT_TYPE"].encode()]

    return ask(bodies.read_first(said), "0", CONTENT_TYPE=kind)


@pytest.mark.parametrize("name", ["hex", "base64", "utf-16", '"rot13"', "unicode_escape"])
@pytest.mark.parametrize("kind", bodies.FORMS)
def test_a_form_in_another_encoding_is_refused_with_the_cure(kind, name):
    for parameter in (f"charset={name}", f"charset*=utf-8''{name}", f"CHARSET = {name}"):
        status, words = kind_of(f"{kind}; boundary=x; {parameter}")
        assert (status, words) == ("415", b"Send the form in UTF-8."), parameter


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("multipart/form-data; boundary=x", "multipart/form-data; boundary=x"),
        ('Multipart/Form-Data; charset=UTF-8; boundary="a;b c"', 'multipart/form-data; boundary="a;b c"'),
        ("application/x-www-form-urlencoded; charset=utf-8", "application/x-www-form-urlencoded"),
        ("application/json; charset*=hex''a%00b", "application/json"),
        ("text/plain; charset=base64", "text/plain"),
        (";;;=;", ""),
        ("", ""),
    ],
)
def test_a_media_type_keeps_its_boundary_and_nothing_else(kind, expected):
    assert kind_of(kind) == ("200", expected.encode())


@pytest.mark.parametrize(
    "parameter", ["charset=hex", "charset=unicode_escape", "charset*=utf-8''a%00b", "x*=hex''a"]
)
@pytest.mark.parametrize("kind", [*bodies.FORMS, "text/plain"])
def test_no_name_of_an_encoding_breaks_a_page(connected, kind, parameter):
    """The whole application: what used to be looked up as a codec."""
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800\r\n--x--\r\n'
    environ = RequestFactory().generic("POST", "/verify/?url=x", body, f"{kind}; boundary=x").environ
    environ["CONTENT_TYPE"] += f"; {parameter}"
    said = []
    list(wsgi.application(environ, lambda status, _headers, *_more: said.append(status[:3])))
    assert said[0] in {"415", "422"}
