"""The store in a bucket, against an object store that the tests start, with a proxy between where calls go wrong."""

import base64
import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from registrations.bucket import LEASE, Bucket
from registrations.desk import Desk
from registrations.errors import SettingError, StoreError, Unclear, Unusable
from registrations.form import Applicant
from registrations.log import ENTRY
from tests.objects import BUCKET, KEYS, Objects, environment, hurried
from tests.proxy import Fault, Proxy, once
from tests.registrations.contract import StoreContract
from tests.support import NOW, catalogue, lecture

UNCLEAR = [Fault.DROPPED, Fault.FAILED, Fault.LATE, Fault.AFTERWARDS, Fault.REFUSED, Fault.ABSENT, Fault.UNDECIDED]
LECTURE = lecture("liten", seats=5)


class TestBucket(StoreContract):
    @pytest.fixture
    def open_store(self, objects):
        url = objects.url()
        return lambda: Bucket(url, objects.environment)


@pytest.fixture
def proxy(objects):
    with Proxy(objects.port) as running:
        yield running


@pytest.fixture
def url(objects):
    return objects.url()


@pytest.fixture
def direct(objects, url):
    return Bucket(url, objects.environment)


@pytest.fixture
def faulty(proxy, url):
    return hurried(url, environment(proxy.port))


def desk_over(store):
    terms = catalogue(LECTURE)
    return Desk(store, lambda: terms, clock=lambda: NOW)


def applicant(number):
    return Applicant(email=f"{number}@exempel.se", name="A", organisation="", sector="", tips=False)


def kept(store):
    """The e-mail addresses of those whom the log names, in its order; the log has no gap and names nobody twice."""
    entries = [name for name in store.names("liten/log") if ENTRY.fullmatch(name)]
    assert entries == [f"{number:08}.json" for number in range(1, len(entries) + 1)]
    events = [event for name in entries for event in json.loads(store.read(f"liten/log/{name}"))]
    named = [event["id"] for event in events if event["kind"] == "registered"]
    people = [json.loads(store.read(f"liten/people/{id}.json"))["email"] for id in named]
    assert len(set(people)) == len(people)
    return people


@pytest.mark.parametrize("step", ["/people/", "/log/wish-", "/log/0"], ids=["person", "wish", "entry"])
@pytest.mark.parametrize("fault", UNCLEAR)
def test_a_sign_up_through_an_unclear_answer_is_kept_once(direct, faulty, proxy, fault, step):
    desk = desk_over(faulty)
    desk.sign_up("liten", applicant(1))
    proxy.choose = once(fault, step)

    states = [desk.sign_up("liten", applicant(number)) for number in (2, 3)]

    assert proxy.faults.count(fault) == 1
    assert [str(state) for state in states] == ["confirmed", "confirmed"]
    assert kept(direct) == ["1@exempel.se", "2@exempel.se", "3@exempel.se"]


@pytest.mark.parametrize("fault", UNCLEAR)
def test_a_claim_through_an_unclear_answer_knows_its_own(faulty, proxy, fault):
    proxy.choose = once(fault, "/log/")

    assert faulty.claim("liten/log/00000001.json", b"[]") is True


@pytest.mark.parametrize("fault", UNCLEAR)
def test_a_number_that_another_took_meanwhile_is_not_believed_to_be_ours(direct, faulty, proxy, fault):
    direct.claim("liten/log/00000001.json", b"[]")
    proxy.choose = once(fault, "/log/")

    assert faulty.claim("liten/log/00000001.json", b"[1]") is False
    assert faulty.claim("liten/log/00000001.json", b"[]") is False  # the same bytes, but not by us
    assert direct.read("liten/log/00000001.json") == b"[]"


def test_a_claim_of_which_nothing_is_heard_is_said_to_be_unclear(direct, proxy, url):
    store = Bucket(url, environment(proxy.port), timeout=0.3, patience=0.5)
    proxy.choose = lambda call: Fault.FAILED

    with pytest.raises(Unclear, match="svarade 500 InternalError"):
        store.claim("liten/log/00000001.json", b"[]")

    assert direct.read("liten/log/00000001.json") == b"[]"


def test_no_registration_id_is_in_what_a_failure_says(proxy, url):
    store = Bucket(url, environment(proxy.port), timeout=0.3, patience=0.1)
    id = "0123456789abcdef" * 2
    wish = base64.urlsafe_b64encode(id.encode()).decode().rstrip("=")
    for fault in (Fault.ABSENT, Fault.FAILED, Fault.SKEWED):
        proxy.choose = lambda call, fault=fault: fault
        for act in (store.read, store.delete, lambda name: store.write(name, b"x")):
            for name in (f"liten/people/{id}.json", f"liten/log/wish-20270111T093000Z-{wish}"):
                with pytest.raises(StoreError) as said:
                    act(name)

                assert id not in str(said.value)
                assert wish not in str(said.value)
                assert said.value.__suppress_context__  # a traceback would print the library's words


def test_a_slow_store_that_fails_for_one_call_in_twenty_loses_and_doubles_nobody(direct, proxy, url):
    """Two instances with four threads each, on one lecture."""
    chance = random.Random(3)

    def choose(call):
        return chance.choice(UNCLEAR[:2] + UNCLEAR[4:]) if chance.random() < 0.05 else Fault.SLOW

    proxy.choose = choose
    desks = [desk_over(Bucket(url, environment(proxy.port), timeout=5)) for _ in range(2)]

    def sign_up(number):
        return desks[number % 2].sign_up("liten", applicant(number))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(sign_up, range(24)))

    assert answers.count("confirmed") == LECTURE.seats
    assert sorted(kept(direct)) == sorted(f"{number}@exempel.se" for number in range(24))
    assert len(set(proxy.faults)) > 2


def test_a_store_that_is_away_is_waited_for_and_then_given_up(direct, proxy, url):
    away = iter([Fault.ABSENT] * 4)
    proxy.choose = lambda call: next(away, Fault.NONE)
    assert Bucket(url, environment(proxy.port)).claim("a/key", b"x")
    assert direct.read("a/key") == b"x"

    proxy.choose = lambda call: Fault.ABSENT
    impatient = Bucket(url, environment(proxy.port), patience=0.2)
    with pytest.raises(StoreError, match="svarar inte"):
        impatient.read("a/key")
    with pytest.raises(StoreError, match="svarar inte"):
        impatient.names("a")


def test_without_the_lock_the_object_store_lets_several_win():
    """The negative control: the race that the contract runs can be lost."""
    with Objects("unlocked") as cheating:
        url = cheating.url()
        stores = [Bucket(url, cheating.environment) for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            won = [
                sum(pool.map(lambda store, turn=turn: store.claim(f"a/{turn}", repr(store).encode()), stores))
                for turn in range(10)
            ]

    assert max(won) > 1


def test_a_lease_ends_when_its_holder_died_and_not_before(objects, url):
    times = [datetime(2027, 1, 11, 9, 30, tzinfo=UTC)]
    store = Bucket(url, objects.environment, now=lambda: times[0])
    dead = store.turn("a/.letters.turn", wait=False)
    assert dead.__enter__()

    def free():
        with store.turn("a/.letters.turn", wait=False) as mine:
            return mine

    times[0] += LEASE - timedelta(seconds=1)
    assert not free()
    times[0] += timedelta(seconds=2)
    assert free()
    assert free()
    assert store.names("a/.letters.turn") == ["00000003"]


def test_one_who_slept_over_others_turns_does_not_take_it(direct, proxy, faulty):
    """Its number was used and cleared away, so that it could be claimed again."""
    met = []

    def choose(call):
        if call.puts(".letters.turn") and not met:
            met.append(call)
            for _ in range(2):  # number 1 comes and goes, number 2 is held
                turns.append(direct.turn("a/.letters.turn", wait=False))
                turns[-1].__enter__()
                if len(turns) == 1:
                    turns[0].__exit__(None, None, None)
        return Fault.NONE

    turns = []
    proxy.choose = choose
    with faulty.turn("a/.letters.turn", wait=False) as mine:
        assert not mine

    assert direct.names("a/.letters.turn") == ["00000002"]


@pytest.mark.parametrize(
    ("text", "variables", "words"),
    [
        ("s3://", KEYS, "skriv s3://NAMN"),
        ("s3:///mapp", KEYS, "skriv s3://NAMN"),
        ("s3://hink/../annan", KEYS, "skriv s3://NAMN"),
        ("s3://nyckel:hemlig@hink", KEYS, "s3://…@hink"),
        ("az://", KEYS, "behållaren"),
        ("s3://hink", {}, "AWS_ACCESS_KEY_ID='': saknas. Sätt AWS_ACCESS_KEY_ID och AWS_SECRET_ACCESS_KEY"),
        ("s3://hink", {"AWS_ACCESS_KEY_ID": "nyckel"}, "AWS_SECRET_ACCESS_KEY='': saknas"),
        ("s3://hink", {**KEYS, "AWS_ENDPOINT_URL": "objekt.example"}, "skriv en adress som börjar med https://"),
        ("az://hink", {"AZURE_STORAGE_ACCOUNT_KEY": "bmVq"}, "AZURE_STORAGE_ACCOUNT_NAME='': saknas"),
        (
            "az://hink",
            {"AZURE_STORAGE_ACCOUNT_NAME": "konto", "AZURE_STORAGE_ACCOUNT_KEY": "hemlig!"},
            "går inte att öppna. Kontrollera AZURE_STORAGE_ACCOUNT_NAME och AZURE_STORAGE_ACCOUNT_KEY.",
        ),
        ("az://hink", {"AZURE_CLIENT_ID": "x"}, "AZURE_STORAGE_ACCOUNT_NAME='': saknas"),
        ("gs://hink", {"GOOGLE_APPLICATION_CREDENTIALS": "/finns/inte"}, "Kontrollera GOOGLE_APPLICATION_CREDENTIALS."),
        ("gs://hink", {}, "GOOGLE_APPLICATION_CREDENTIALS='': saknas"),
    ],
)
def test_a_setting_that_cant_be_used_is_said_in_a_sentence(text, variables, words):
    with pytest.raises(SettingError) as said:
        Bucket(text, variables)

    assert words in str(said.value)
    assert "hemlig" not in str(said.value)


def test_a_bucket_that_isnt_there_is_said_at_once(objects):
    store = Bucket("s3://finnsinte/x", objects.environment)
    for act in (
        lambda: store.read("a"),
        lambda: store.write("a", b"x"),
        lambda: store.claim("a", b"x"),
        lambda: store.delete("a"),
        lambda: store.names("a"),
        store.walk,
    ):
        with pytest.raises(Unusable, match="det finns ingen sådan hink"):
            act()


def test_a_clock_an_hour_off_is_said_at_once(faulty, proxy):
    proxy.choose = lambda call: Fault.SKEWED

    with pytest.raises(Unusable, match="klocka går fel"):
        faulty.claim("format.json", b"{}")

    assert len(proxy.calls) == 1


def test_a_bucket_without_a_folder_is_a_store_too(objects):
    store = Bucket(f"s3://{BUCKET}", objects.environment)
    store.write("ensam/key", b"x")

    assert "ensam" in store.names("")
    assert "ensam/key" in store.walk()
    store.delete("ensam/key")
