"""Whole builds of a small site."""

import hashlib
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from datetime import datetime
from xml.etree import ElementTree

import icalendar
import pytest

from registrations.catalogue import ZONE, Lecture, Policy
from registrations.catalogue import Site as Holder
from tests.plugins.small_site import JOIN, ROOT, STATIC

ATOM = "{http://www.w3.org/2005/Atom}"
SECRETS = (b"987654321", b"pwd=Hemlig", b"meet.example")


def everything(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(site, which):
    part = site.text("forelasningar/index.html").partition(f'<ul class="{which}">')[2].partition("</ul>")[0]
    return re.findall(r"<li>(.*?)</li>", part)


def pelican(site, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "pelican", "-s", "pelicanconf.py", *arguments],
        cwd=site.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_a_lecture_is_published_with_a_form_a_calendar_and_feeds(site):
    site.lecture("2027/2027-02-10-vald.md", "Om **pengar**.", Summary="Om makt.")

    site.build()

    assert [name for name in site.files() if name.startswith("forelasningar/")] == [
        "forelasningar/atom.xml",
        "forelasningar/index.html",
        "forelasningar/kalender.ics",
        "forelasningar/vald/dela-kvadrat.png",
        "forelasningar/vald/dela.png",
        "forelasningar/vald/index.html",
        "forelasningar/vald/kalender.ics",
    ]
    page = site.text("forelasningar/vald/index.html")
    assert '<p class="when">onsdag 10 februari 2027 kl. 12.00–13.00</p>' in page
    assert "<p>Om <strong>pengar</strong>.</p>" in page
    assert 'action="/anmalan/vald"' in page
    assert '<a href="/forelasningar/vald/">Ekonomiskt våld</a>' in site.text("index.html")


def test_the_collector_is_told_what_it_must_know_and_the_join_link_too(site):
    site.lecture("2027-vald.md", Join=JOIN, Closes="2027-02-09 18:00", Status="cancelled", Summary="Om makt.")

    catalogue = site.build().catalogue()

    assert catalogue.site == Holder(
        name="Qjouren", url="http://127.0.0.1:8000", email="info@qjouren.se", phone="08-644 20 32"
    )
    assert catalogue.lectures == {
        "vald": Lecture(
            slug="vald",
            title="Ekonomiskt våld",
            start=datetime(2027, 2, 10, 12, 0, tzinfo=ZONE),
            end=datetime(2027, 2, 10, 13, 0, tzinfo=ZONE),
            closes=datetime(2027, 2, 9, 18, 0, tzinfo=ZONE),
            speaker="Inbjuden föreläsare",
            seats=100,
            summary="Om makt.",
            status="cancelled",
            join=JOIN,
        )
    }


def test_the_join_link_is_nowhere_in_what_is_published(site):
    site.lecture("2027-02-10-vald.md", Join=JOIN)
    site.lecture("2027-01-01-forbi.md", Start="2027-01-01 12:00", Join=JOIN)
    site.lecture("instalt.md", Status="cancelled", Join=JOIN)
    site.lecture("utkast.md", Status="draft", Join=JOIN)

    site.build()

    published = everything(site.output)
    assert len(published) > 10
    assert [path for path, data in published.items() if any(secret in data for secret in SECRETS)] == []
    assert not any(secret in (site.root / "var/frame.html").read_bytes() for secret in SECRETS)


def test_nothing_but_pages_is_published_of_the_content_folder(site):
    site.lecture("2027-02-10-vald.md", Join=JOIN)
    site.write("content/images/bild.jpg", b"GPS")

    site.build()

    assert {path.suffix for path in everything(site.output)} == {".html", ".ics", ".xml", ".ico", ".png", ""}
    assert not [path for path in everything(site.output) if b"GPS" in path.read_bytes()]


def test_only_the_owner_can_read_the_catalogue(site):
    site.lecture("vald.md", Join=JOIN).parent.chmod(0o755)

    site.build()

    assert oct(site.catalogue_path.stat().st_mode & 0o777) == "0o600"


def test_a_draft_is_nowhere(site):
    site.lecture("2027-02-10-vald.md")
    site.lecture("2027-03-10-hemligt-utkast.md", "Utkastets text.", Title="Hemligt utkast", Status="draft")

    site.build()

    found = everything(site.output) | everything(site.root / "var")
    assert [path for path, data in found.items() if b"utkast" in data.lower() or "utkast" in str(path)] == []


def test_the_lectures_to_come_stand_soonest_first_and_the_past_ones_latest_first(site):
    site.lecture("sen.md", Start="2027-05-10 12:00")
    site.lecture("snart.md", Start="2027-01-11 12:00")
    site.lecture("pagar.md", Start="2027-01-11 09:00", End="10:00")
    site.lecture("nyss.md", Start="2027-01-11 08:00", End="09:30")
    site.lecture("host.md", Start="hösten 2022", End=None, Seats=None, Speaker=None)
    site.lecture("dag.md", Start="2022-11-01 12:00")
    site.lecture("var.md", Start="våren 2023", End=None, Seats=None)
    site.lecture("ar.md", Start="2023", End=None, Seats=None)

    site.build()

    assert listed(site, "upcoming") == ["pagar", "snart", "sen"]
    assert listed(site, "past") == ["nyss", "ar", "var", "host", "dag"]


def test_a_lecture_with_only_a_season_has_a_page_and_nothing_more(site):
    site.lecture("2022-tidigare.md", Start="hösten 2022", End=None, Seats=None, Speaker=None)

    site.build()

    page = site.text("forelasningar/tidigare/index.html")
    assert '<p class="when">hösten 2022</p>' in page
    assert "ingen anmälan" in page
    assert "ld+json" not in page
    assert "forelasningar/tidigare/kalender.ics" not in site.files()
    assert site.catalogue().lectures == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"Start": "2027-01-01 12:00"},
        {"Status": "cancelled"},
        {"Closes": "2027-01-11 09:30"},
    ],
)
def test_there_is_no_form_when_nobody_can_sign_up(site, changes):
    site.lecture("vald.md", **changes)

    page = site.build().text("forelasningar/vald/index.html")

    assert "ingen anmälan" in page
    assert "<form" not in page


def test_a_rerun_and_its_original_lead_to_each_other(site):
    site.lecture("2026-forst.md", Title="Först", Start="2026-11-10 12:00")
    site.lecture("2027-igen.md", Title="Igen", Rerun_of="forst")

    site.build()

    assert '<a class="original" href="/forelasningar/forst/">Först</a>' in site.text("forelasningar/igen/index.html")
    assert '<a class="rerun" href="/forelasningar/igen/">Igen</a>' in site.text("forelasningar/forst/index.html")


def test_a_script_in_a_header_is_refused(site, report):
    evil = "<script>alert(1)</script>"
    site.lecture("vald.md", Title=evil, Speaker=evil, Summary=f"{evil} & \u2028")
    site.page("stod.md", Title=evil, Window=evil, Summary=evil, Menu="main")

    assert report().count("”<script>” syns som det står") == 6


def test_what_a_header_says_is_only_text(site):
    odd = "A & \"B\" <3 'C' &c"
    site.lecture("vald.md", Title=odd, Speaker=odd, Summary=odd)
    site.page("stod.md", Title=odd, Window=odd, Summary=f"{odd}.", Menu="main")

    site.build()

    found = everything(site.output) | everything(site.root / "var")
    assert [path for path, data in found.items() if path.suffix == ".html" and odd.encode() in data] == []
    assert [site.event("vald")[name] for name in ("name", "description")] == [odd, odd]


def test_the_event_tells_search_engines_where_and_when_and_never_the_join_link(site):
    site.lecture("vald.md", Summary="Om makt.", Join=JOIN, Example="yes")

    event = site.build().event("vald")

    address = "http://127.0.0.1:8000/forelasningar/vald/"
    assert event == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": "Exempel: Ekonomiskt våld",
        "description": "Om makt.",
        "startDate": "2027-02-10T12:00:00+01:00",
        "endDate": "2027-02-10T13:00:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": address},
        "organizer": {"@type": "Organization", "name": "Qjouren", "url": "http://127.0.0.1:8000"},
        "isAccessibleForFree": True,
        "inLanguage": "sv",
    }


def test_a_cancelled_lecture_says_so_everywhere(site):
    site.lecture("vald.md", Status="cancelled")

    site.build()

    (component,) = icalendar.Calendar.from_ical(site.text("forelasningar/kalender.ics")).walk("VEVENT")
    assert component["status"] == "CANCELLED"
    assert site.event("vald")["eventStatus"] == "https://schema.org/EventCancelled"
    assert site.event("vald")["name"] == "Inställd: Ekonomiskt våld"
    assert "<title>Inställd: Ekonomiskt våld</title>" in site.text("forelasningar/atom.xml")


def test_each_lecture_to_come_has_a_calendar_of_its_own_and_one_has_all(site):
    site.lecture("a.md", Title="Å, ett", Start="2027-02-10 12:00")
    site.lecture("b.md", Title="Två", Start="2027-03-10 12:00")
    site.lecture("forbi.md", Start="2026-03-10 12:00")

    site.build()

    def summaries(path):
        calendar = icalendar.Calendar.from_ical((site.output / path).read_bytes())
        assert calendar["method"] == "PUBLISH"
        assert len(calendar.walk("VTIMEZONE")) == 1
        return [event["summary"].rpartition(": ")[2] for event in calendar.walk("VEVENT")]

    assert summaries("forelasningar/kalender.ics") == ["Å, ett", "Två"]
    assert summaries("forelasningar/a/kalender.ics") == ["Å, ett"]
    assert summaries("forelasningar/b/kalender.ics") == ["Två"]
    assert not (site.output / "forelasningar/forbi/kalender.ics").exists()


def test_the_feed_is_atom_whose_ids_stay_wherever_the_site_is_built(site, monkeypatch):
    site.lecture("vald.md", Title="Makt & pengar <3", Summary="Om makt & <3.")
    monkeypatch.setenv("SITEURL", "http://localhost:9")

    feed = ElementTree.fromstring(site.build().text("forelasningar/atom.xml"))

    entry = feed.find(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}id") == "tag:www.qjouren.se,2024:forelasningar"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Qjouren"
    assert entry.findtext(f"{ATOM}id") == "tag:www.qjouren.se,2024:forelasningar/vald"
    assert entry.findtext(f"{ATOM}title") == "Makt & pengar <3"
    assert entry.find(f"{ATOM}link").get("href") == "http://localhost:9/forelasningar/vald/"
    assert entry.findtext(f"{ATOM}summary") == ("Onsdag 10 februari 2027 kl. 12.00–13.00. Om makt &amp; &lt;3.")
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published") == "2027-01-11T00:00:00+01:00"


def test_a_site_without_lectures_has_empty_lists_and_feeds(site):
    site.build()

    assert (listed(site, "upcoming"), listed(site, "past")) == ([], [])
    assert icalendar.Calendar.from_ical(site.text("forelasningar/kalender.ics")).walk("VEVENT") == []
    assert ElementTree.fromstring(site.text("forelasningar/atom.xml")).findall(f"{ATOM}entry") == []


def test_the_policy_pins_exactly_the_scripts_and_styles_that_stand_in_the_pages(site):
    site.lecture("vald.md")

    site.build()

    def hashes(element):
        inside = re.findall(rf"<{element}>(.*?)</{element}>", site.text("index.html"), re.DOTALL)
        return tuple(f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}" for text in inside)

    assert site.catalogue().policy == Policy(script=hashes("script"), style=hashes("style"))
    assert STATIC["leave.js"] in site.text("404.html")


def test_the_frame_is_a_page_with_two_marks_for_the_collector(site):
    site.page("stod.md", Menu="main")

    site.build()

    frame = (site.root / "var/frame.html").read_text("utf-8")
    assert "<title>{{title}}</title>" in frame
    assert "<main>{{main}}</main>" in frame
    assert '<a href="/stod/">Få stöd</a>' in frame


def test_a_fault_changes_nothing_of_what_was_built_before(site, report):
    site.lecture("vald.md", Join=JOIN)
    site.build()
    before = everything(site.output) | everything(site.root / "var")
    site.lecture("vald.md", Title="Ny", Join=JOIN)
    site.lecture("trasig.md", Seats="många")

    text = report()

    assert text == (
        "Webbplatsen byggdes inte: 1 fel att rätta.\n"
        "\n"
        "content/lectures/trasig.md\n"
        "  rad 5, Seats: ”många” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100.\n"
        "\n"
    )
    assert everything(site.output) | everything(site.root / "var") == before


def test_what_is_taken_away_is_gone_after_the_next_build(site):
    file = site.lecture("vald.md")
    site.build()
    file.unlink()

    site.build()

    assert "forelasningar/vald/index.html" not in site.files()
    assert site.catalogue().lectures == {}


def test_faults_between_lectures_stop_the_build_too(site, report):
    site.lecture("2026-vald.md", Start="2026-02-10 12:00")
    site.lecture("2027-vald.md", f"Länk: {JOIN}", Join=JOIN, Rerun_of="ekonomi")

    assert report() == (
        "Webbplatsen byggdes inte: 5 fel att rätta.\n"
        "\n"
        "content/lectures/2026-vald.md\n"
        "  Samma adress, /forelasningar/vald/, får också content/lectures/2027-vald.md. Byt namn på en av filerna.\n"
        "\n"
        "content/lectures/2027-vald.md\n"
        "  Samma adress, /forelasningar/vald/, får också content/lectures/2026-vald.md. Byt namn på en av filerna.\n"
        "  rad 7, Rerun of: Det finns ingen föreläsning ”ekonomi”. Skriv filens namn utan datum och utan .md.\n"
        "  rad 9: Här står en möteslänk som bara anmälda ska få. "
        "Ta bort den: den skickas i brevet till dem som fått plats.\n"
        "  rad 9: Adressen ”https://meet.example/j/987654321?pwd=Hemlig” blir ingen länk. "
        "Skriv med ord vart den leder: [ord](adress).\n"
        "\n"
    )


@pytest.mark.parametrize("arguments", [(), ("--fatal", "warnings"), ("-q", "--fatal", "warnings")])
def test_the_communicator_reads_the_report_alone_however_pelican_is_called(site, arguments):
    site.lecture("vald.md", Seats="många")

    done = pelican(site, *arguments)

    assert done.returncode == 1
    assert done.stdout.strip() == ""
    assert done.stderr.startswith(
        "Webbplatsen byggdes inte: 1 fel att rätta.\n\ncontent/lectures/vald.md\n  rad 5, Seats:"
    )
    assert "Traceback" not in done.stderr


def test_a_warning_of_pelicans_own_ends_the_build_before_the_collector_is_told(site):
    site.write(
        "pelicanconf.py", (site.root / "pelicanconf.py").read_text("utf-8") + 'PLUGINS = [*PLUGINS, "finns.inte"]\n'
    )

    done = pelican(site, "--fatal", "warnings")

    assert done.returncode == 1
    assert not site.catalogue_path.exists()


def test_the_catalogue_is_refused_among_the_published_files(site):
    path = site.output / "catalogue.json"

    done = pelican(site, REGISTRATIONS_CATALOGUE=str(path))

    assert done.returncode == 1
    assert done.stderr == (
        f"REGISTRATIONS_CATALOGUE='{path}': välj en plats utanför {site.output}, som publiceras. "
        "Katalogen innehåller möteslänkarna.\n"
    )


def test_a_siteurl_that_is_none_is_refused(site):
    done = pelican(site, SITEURL="qjouren.se")

    assert done.returncode == 1
    assert done.stderr == "SITEURL='qjouren.se': skriv adressen, till exempel https://www.qjouren.se\n"


def test_the_public_site_has_the_organisations_own_address(site):
    site.lecture("vald.md")

    done = subprocess.run(
        [sys.executable, "-m", "pelican", "-s", "publishconf.py", "--fatal", "warnings"],
        cwd=site.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert done.returncode == 0
    assert json.loads(site.catalogue_path.read_text("utf-8"))["site"]["url"] == "https://www.qjouren.se"


def test_a_template_that_the_theme_lacks_is_missed_and_not_replaced(site):
    (site.root / "theme/templates/page.html").unlink()
    site.page("stod.md")

    done = pelican(site)

    assert done.returncode == 1
    assert not (site.output / "stod/index.html").exists()
