"""What is read before the application is called, and what is refused without reading."""

import threading
from io import BytesIO

from gradatim.program.web import bodies


class Never:
    """A body of which nothing comes until the test lets it end."""

    def __init__(self):
        self.asked, self.end = threading.Semaphore(0), threading.Event()

    def read(self, _size):
        self.asked.release()
        self.end.wait(20)
        return b""


def ask(application, length, source=None):
    said = []
    answer = application(
        {"CONTENT_LENGTH": length, "wsgi.input": source}, lambda status, _headers: said.append(status)
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
    waiting = [threading.Thread(target=ask, args=(application, "9", slow)) for _n in range(bodies.READERS)]
    for thread in waiting:
        thread.start()
        slow.asked.acquire()
    assert ask(application, "9", BytesIO(b"x"))[0] == "503"
    assert ask(application, "0")[0] == "200"
    slow.end.set()
    for thread in waiting:
        thread.join()
    assert ask(application, "1", BytesIO(b"x"))[0] == "200"
