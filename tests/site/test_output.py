"""The real site as it is built and served: nothing secret in it, nothing from elsewhere, every answer protected."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
import requests

from registrations.catalogue import Policy, parse
from registrations.headers import security
from tests.site.built import LECTURES, LINK, build, free_port, serve

DATA = ("application/ld+json", "application/json")  # what no browser runs


class Elements(HTMLParser):
    """The elements of a page as (tag, attributes), and the texts of its scripts and styles."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], []
        self._open = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._open = tag if tag in ("script", "style") and dict(attrs).get("type") not in DATA else None
        if self._open:
            self.inside.append((tag, ""))

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open:
            tag, before = self.inside[-1]
            self.inside[-1] = (tag, before + data)


@pytest.fixture(scope="module")
def pages(site):
    """Every page as {path: elements}."""
    return {path.relative_to(site.output): Elements(path.read_text("utf-8")) for path in site.output.rglob("*.html")}


@pytest.fixture(scope="module")
def policy(site):
    return parse((site.folder / "catalogue.json").read_text("utf-8")).policy


def test_the_join_link_is_in_the_private_catalogue_and_in_no_byte_of_the_public_site(site):
    public = [path for path in site.output.rglob("*") if path.is_file()]

    assert (site.folder / "catalogue.json").read_bytes().count(LINK) == sum(
        "Join" in h and h.get("Status") != "draft" for h in LECTURES.values()
    )
    assert len(public) > 30
    assert [path for path in public if LINK in path.read_bytes()] == []


def test_every_page_has_the_exit_twice_the_honest_line_and_a_neutral_referrer(pages):
    for path, page in pages.items():
        exits = [attributes for tag, attributes in page.found if tag == "a" and "leave" in attributes.get("class", "")]
        assert [each["href"] for each in exits] == ["https://www.smhi.se/"] * 2, path
        assert {each["rel"] for each in exits} == {"noreferrer nofollow"}, path
        assert any(tag == "a" and attributes.get("href") == "/webblasare/" for tag, attributes in page.found), path
        assert not any("target" in attributes for _, attributes in page.found), path


def test_no_page_loads_anything_from_elsewhere_or_carries_a_style_or_handler_of_its_own(pages):
    for path, page in pages.items():
        for tag, attributes in page.found:
            if tag not in ("a", "meta") and "hreflang" not in attributes:
                for name in ("src", "href", "action", "data", "srcset"):
                    assert attributes.get(name, "/").startswith(("/", "#")), (path, tag, attributes)
            assert not any(name == "style" or name.startswith("on") for name in attributes), (path, tag, attributes)
            assert tag not in ("iframe", "object", "embed", "video", "audio"), path


def test_the_policy_allows_the_scripts_and_styles_of_the_pages_and_no_others(pages, policy):
    used = {"script": set(), "style": set()}
    for page in pages.values():
        for tag, text in page.inside:
            digest = hashlib.sha256(text.encode()).digest()
            used[tag].add(f"sha256-{base64.b64encode(digest).decode()}")

    assert used == {"script": set(policy.script), "style": set(policy.style)}


def test_titles_and_addresses_stand_in_the_history_and_are_neutral(site):
    telling = re.compile(r"våld|vald|slag|miss(handel|bruk)|prostitu|sex|utsatt", re.IGNORECASE)
    for path in site.output.rglob("*.html"):
        address, title = path.relative_to(site.output), re.search(r"<title>(.*?)</title>", path.read_text("utf-8"))[1]
        if address.parts[0] != "forelasningar":  # those are for professionals, and bear the lecture's name
            assert not telling.search(f"{address} {title}"), (address, title)
            assert title.endswith(" – Qjouren"), title


def test_a_drafts_name_is_nowhere(site):
    assert [path for path in site.output.rglob("*") if path.is_file() and b"utkast" in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/stod/", 200),
        ("/stod", 302),
        ("/favicon.ico", 200),
        ("/forelasningar/kalender.ics", 200),
        ("/forelasningar/atom.xml", 200),
        ("/forelasningar/kommande/kalender.ics", 200),
        ("/anmalan/kommande/lage", 200),
        ("/anmalan/kommande/tack/", 200),
        ("/finns/inte/", 404),
        ("/..%2f..%2fcatalogue.json", 404),
    ],
)
def test_every_kind_of_answer_has_the_whole_set_of_headers(site, policy, path, status):
    answer = requests.get(site.url + path, allow_redirects=False, timeout=20)

    assert answer.status_code == status
    for name, value in security(policy, plain=True).items():
        assert answer.headers[name] == value, name
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_page_that_is_not_there_leads_on_and_a_program_gets_json(site):
    page = requests.get(f"{site.url}/finns/inte/", timeout=20)
    head = requests.head(f"{site.url}/finns/inte/", timeout=20)
    program = requests.get(f"{site.url}/finns/inte/", headers={"Accept": "application/json"}, timeout=20)
    registration = requests.get(f"{site.url}/anmalan/finns-inte/tack/", timeout=20)

    assert page.content == (site.output / "404.html").read_bytes()
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (404, b"", str(len(page.content)))
    assert program.status_code == 404
    assert program.headers["Content-Type"].startswith("application/json")
    assert (registration.status_code, "Hela länken ur mejlet" in registration.text) == (404, True)


def test_every_page_says_what_to_do_next(site):
    """All but the lists of everything, and the pages of single lectures, where one signs up."""
    lists = ("404.html", "aktuellt/index.html", "sok/index.html")
    stopping = [
        str(path)
        for path in (file.relative_to(site.output) for file in site.output.rglob("*.html"))
        if path.parts[0] not in ("forelasningar", "aktuellt")
        and str(path) not in lists
        and not re.search('class="next"|class="cards"', (site.output / path).read_text("utf-8"))
    ]

    assert stopping == []


def test_the_headers_are_the_set_that_was_measured():
    assert security(Policy(script=("sha256-a",)))["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self' 'sha256-a'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; upgrade-insecure-requests"
    )


def test_the_site_that_is_tracked_builds_too(tmp_path):
    assert (build(tmp_path, lectures=None) / "index.html").exists()


def test_a_damaged_catalogue_leaves_every_page_up_and_protected(tmp_path):
    port = free_port()
    with serve(tmp_path, build(tmp_path, SITEURL=f"http://127.0.0.1:{port}"), port) as collector:
        whole = requests.get(f"{collector.url}/stod/", timeout=20)
        (tmp_path / "catalogue.json").write_bytes(b"\xff{")
        after = requests.get(f"{collector.url}/stod/", timeout=20)

    assert (after.status_code, after.text) == (200, whole.text)
    assert after.headers["Content-Security-Policy"] == whole.headers["Content-Security-Policy"]


def test_a_site_built_anew_in_the_same_folder_is_served_whole(tmp_path):
    port = free_port()
    site = build(tmp_path, SITEURL=f"http://127.0.0.1:{port}")
    with serve(tmp_path, site, port) as collector:
        requests.get(f"{collector.url}/", timeout=20)
        page = tmp_path / "content/pages/index.md"
        page.write_text(page.read_text("utf-8") + "\nEn ny rad sist på sidan.\n", "utf-8")
        build(tmp_path, lectures=None, content=tmp_path / "content", SITEURL=f"http://127.0.0.1:{port}")
        shown = requests.get(f"{collector.url}/", timeout=20)

    assert "En ny rad sist på sidan." in shown.text
    assert shown.text.rstrip().endswith("</html>")
