"""The function as it is deployed: its bundle unpacked, in an interpreter without site-packages, over an object store."""

import json
import platform
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest

from registrations import published
from registrations.bucket import Bucket
from registrations.desk import Desk
from registrations.errors import StoreError
from registrations.form import Applicant
from tests.instance import Instance, get, post
from tests.registrations.test_post import Mailbox, MailServer
from tests.support import ROOT, catalogue, coming, publish

BUNDLE = ROOT / "deploy" / "function" / "bundle.py"
ARCH = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("function")
    subprocess.run([sys.executable, BUNDLE, folder / "function.zip", ARCH], check=True, capture_output=True)
    with zipfile.ZipFile(folder / "function.zip") as packed:
        packed.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.fixture
def store(objects, tmp_path):
    store = Bucket(objects.url(), objects.environment)
    published.publish(publish(tmp_path, coming("liten", seats=2)), store)
    return store


@pytest.fixture
def mail():
    mailbox = Mailbox()
    server = MailServer(mailbox)
    mailbox.url = server.setting
    yield mailbox
    server.stop()


@pytest.fixture
def environment(objects, store):
    return {**objects.environment, "REGISTRATIONS_STORE": repr(store)}


def status(answer):
    return answer["statusCode"], json.loads(answer["body"]).get("status")


def test_a_function_shows_no_letters(bundle, environment):
    with Instance(bundle, environment) as instance:
        assert instance.send(get("/_brev/", address="127.0.0.1"))["statusCode"] == 404


def test_three_instances_sign_people_up_and_a_round_sends_their_letters(bundle, environment, mail):
    answers = []
    for number in range(3):
        with Instance(bundle, environment) as instance:
            answers.append(status(instance.send(post("/anmalan/liten", email=f"{number}@exempel.se", name="A"))))

    with Instance(bundle, environment | {"REGISTRATIONS_MAIL": mail.url}) as instance:
        rounds = [instance.send({"task": "round"}) for _ in range(2)]

    assert answers == [(201, "confirmed"), (201, "confirmed"), (201, "waiting")]
    assert [done["sent"] for done in rounds] == [3, 0]
    assert sorted(letter["To"] for letter in mail.letters) == [f"{number}@exempel.se" for number in range(3)]


def test_pages_come_in_the_look_that_was_published_and_with_all_headers(bundle, environment):
    with Instance(bundle, environment) as instance:
        thanks = instance.send(post("/anmalan/liten", accept="text/html", email="a@exempel.se", name="A"))
        page = instance.send(get("/anmalan/liten/tack/"))
        wrong = instance.send(post("/anmalan/liten", accept="text/html", email="a", name=""))
        unknown = instance.send(get("/anmalan/finnsinte/lage"))

    assert (thanks["statusCode"], thanks["headers"]["location"]) == (303, "/anmalan/liten/tack/")
    assert "– Testjouren</title>" in page["body"]
    assert page["headers"]["cache-control"] == "no-store"
    assert "default-src 'none'" in page["headers"]["content-security-policy"]
    assert (wrong["statusCode"], unknown["statusCode"]) == (422, 404)


def test_an_hourly_event_deletes_people_whose_time_is_out_and_wishes_that_came_true(
    bundle, environment, store, tmp_path, mail
):
    held = coming("forbi", days=-31)
    terms = catalogue(held)
    desk = Desk(store, lambda: terms, clock=lambda: held.start - timedelta(days=1))
    desk.sign_up("forbi", Applicant(email="a@exempel.se", name="A", organisation="", sector="", tips=False))
    published.publish(publish(tmp_path, held), store)

    with Instance(bundle, environment | {"REGISTRATIONS_MAIL": mail.url}) as instance:
        assert instance.send({"task": "house"}) == {}

    assert store.names("forbi/people") == []
    assert store.read("forbi/key") is None
    assert store.names("forbi/log") == ["00000001.json"]


def test_what_is_published_is_taken_up_without_a_new_deployment(store, tmp_path):
    seconds = iter([0.0, 1.0, 20.0, 20.0])
    read = published.PublishedCatalogue(store, clock=lambda: next(seconds))
    assert set(read().lectures) == {"liten"}

    published.publish(publish(tmp_path, coming("liten"), coming("ny")), store)

    assert set(read().lectures) == {"liten"}
    assert set(read().lectures) == {"liten", "ny"}
    assert "Testjouren" in read.frame()


class Away(Bucket):
    """A store that can be away."""

    gone = False

    def read(self, name):
        if self.gone:
            raise StoreError(name, "away")
        return super().read(name)


def test_a_catalogue_that_was_read_serves_on_while_the_store_is_away(objects, store):
    place, seconds = Away(repr(store), objects.environment), [0.0]
    read = published.PublishedCatalogue(place, clock=lambda: seconds[0])
    read()
    place.gone, seconds[0] = True, 60.0

    assert set(read().lectures) == {"liten"}
    assert "Testjouren" in read.frame()


def test_an_instance_with_an_old_catalogue_writes_no_old_terms_back(store, tmp_path):
    seconds = [0.0]
    stale = Desk(store, published.PublishedCatalogue(store, clock=lambda: seconds[0]))
    stale.roster(stale.lecture("liten"))
    published.publish(publish(tmp_path, coming("liten", seats=9)), store)
    fresh = Desk(store, published.PublishedCatalogue(store, clock=lambda: seconds[0]))
    fresh.roster(fresh.lecture("liten"))

    stale.roster(stale.lecture("liten"))

    assert fresh.log("liten").read().seats == 9


@pytest.mark.parametrize(
    ("variables", "event", "words"),
    [
        ({"REGISTRATIONS_STORE": "file:var/x"}, get("/healthz"), "en funktion har ingen disk"),
        ({"REGISTRATIONS_STORE": ""}, get("/healthz"), "en funktion har ingen disk"),
        ({}, {"task": "round"}, "REGISTRATIONS_MAIL"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, get("/healthz"), "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_a_function_set_up_so_that_nothing_would_be_kept_says_so(bundle, environment, variables, event, words):
    with Instance(bundle, environment | variables) as instance:
        assert words in instance.send(event)["error"]


def test_the_same_sources_make_the_same_bundle(tmp_path, bundle):
    again = tmp_path / "again.zip"
    subprocess.run([sys.executable, BUNDLE, again, ARCH], check=True, capture_output=True)

    assert again.read_bytes() == (bundle.parent / "function.zip").read_bytes()
    assert again.stat().st_size < 25_000_000


def test_the_catalogue_in_the_store_holds_no_more_than_the_one_on_disk(store):
    document = json.loads(store.read(published.NAME))

    assert set(document) == {"catalogue", "frame"}
    assert set(json.loads(document["catalogue"])) == {"format", "site", "policy", "lectures"}
    assert catalogue(coming("liten")).site.name in document["frame"]
