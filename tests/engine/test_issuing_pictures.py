"""Pictures of the subject and of profiles are PNG or SVG, as far as their address says (Open Badges 3.0, B)."""

import pytest

from gradatim.engine import issue_many, issue_selective
from gradatim.engine.errors import ShapeError
from gradatim.engine.issue import issue
from tests.engine.samples import check, credential, from_elsewhere
from tests.engine.test_issuing import HOW, PROFILE, a_batch, with_achievement, with_subject

PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg"
GOOD = [
    PNG,
    "data:image/svg+xml;utf8,%3Csvg/%3E",
    "data:image/svg+xml,x",
    "https://x.example/badge.png",
    "https://x.example/badge",
    "https://jpg.example/photo.jpg/baked?of=1.gif#a.gif",
    "urn:uuid:5f1c2f0e-0000-4000-8000-000000000001",
]
BAD = [
    "data:image/gif;base64,R0lGOD",
    "data:image/png;base64,/9j/4AAQSkZJRg",
    "data:image/svg,x",
    "data:,x",
    "DATA:text/plain,x",
    "https://x.example/photo.JPG?size=2",
    "https://x.example/photo.jpeg",
    "https://x.example/a.b/logo.gif#top",
    "https://x.example/certificate.pdf",
]
PLACES = {
    "credentialSubject.image": lambda image: with_subject(image=image),
    "credentialSubject.source.image": lambda image: with_subject(source=PROFILE | {"image": image}),
    "credentialSubject.achievement.creator.image": lambda image: with_achievement(
        creator=PROFILE | {"image": image}
    ),
    "issuer.image": lambda image: credential(issuer=PROFILE | {"image": image}),
    "issuer.parentOrg.image": lambda image: credential(
        issuer=PROFILE | {"parentOrg": PROFILE | {"image": image}}
    ),
}


def picture(address):
    return {"id": address, "type": "Image"}


@pytest.mark.parametrize("address", GOOD)
@pytest.mark.parametrize("place", PLACES)
def test_what_may_be_one_is_issued(place, address):
    document = PLACES[place](picture(address))
    made = issue(document, **HOW)
    assert check(made).verdict == "valid"
    assert list(issue_many([document], **HOW)) == [made]


@pytest.mark.parametrize("address", BAD)
@pytest.mark.parametrize("place", PLACES)
def test_what_says_that_it_is_none_is_refused(place, address):
    document = PLACES[place](picture(address))
    words = f"^{place}.id has to be a PNG or SVG image"
    with pytest.raises(ShapeError, match=words):
        issue(document, **HOW)
    with pytest.raises(ShapeError, match=words):
        list(issue_many([credential(), document], **HOW))
    with pytest.raises(ShapeError, match=words):
        issue_selective(document, mandatory=[], **HOW)
    assert check(from_elsewhere(document)).verdict == "valid"


def test_pictures_of_achievements_and_for_wallets_may_be_others():
    other = picture("https://x.example/photo.jpg")
    for document in (with_achievement(image=other), credential(image=other)):
        assert check(issue(document, **HOW)).verdict == "valid"


def test_in_a_batch():
    def varied(number, document):
        ending = ".jpeg" if number == 9 else ["", ".png"][number % 2]
        document["credentialSubject"]["image"] = picture(f"https://x.example/{number}{ending}")

    made = issue_many(a_batch(varied), **HOW)
    for number in range(9):
        assert next(made)["id"].endswith(f"{number:012d}")
    with pytest.raises(ShapeError, match=r"image\.id has to be a PNG"):
        next(made)
