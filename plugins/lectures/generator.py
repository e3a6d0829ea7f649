"""Pelican's part of the lectures: reads their files, and writes their pages, lists and feeds."""

import os
from datetime import UTC, datetime
from pathlib import Path

from pelican.contents import Content
from pelican.generators import Generator
from pelican.utils import sanitised_join
from pelican.writers import Writer

from plugins import facts, images, links, prose
from plugins.faults import Fault, collected
from plugins.files import markdown_files
from plugins.images import share
from plugins.images.cache import Job
from plugins.lectures import feeds, together
from plugins.lectures.headers import Reading, read
from plugins.lectures.page import LecturePage, in_order, tie_reruns
from plugins.lectures.private import Handover
from plugins.own import Colours
from plugins.source import Source, below_content, name
from registrations.catalogue import Lecture, Site

FOLDER = "lectures"


class LecturesGenerator(Generator):
    """Reads ``content/lectures``; publishes what stands under ``/forelasningar/``; leaves the rest for the collector."""

    def generate_context(self) -> None:
        """Read every lecture, so that all templates can list them and all pages link to them."""
        self.now: datetime = self.settings["NOW"]
        self.site = _site(self.settings)
        files, others = markdown_files(self.path, FOLDER)
        readings = [self._read(path) for path in files]
        self._note(others + together.same_slug(readings))
        self._note(together.reruns(readings))
        joins = [reading.join for reading in readings if reading.join]
        self._note(together.exposed(self.settings.get("SOURCES", ()), joins))

        entries = [reading.entry for reading in readings if reading.entry]
        told = {"site": self.site, "now": self.now, "html": self._html, "preview": self.settings["PREVIEW"]}
        pages = [LecturePage(entry, **told) for entry in entries]
        tie_reruns(pages)
        self.lectures = [entry.when for entry in entries if isinstance(entry.when, Lecture)]
        self.upcoming, self.past = in_order(pages)
        self.context.update(upcoming=self.upcoming, past=self.past)
        linkable = self.context["generated_content"]
        linkable |= dict.fromkeys(below_content(reading.source.file) for reading in readings)
        linkable |= {below_content(page.source.file): page for page in pages}

    def generate_output(self, writer: Writer) -> None:
        """Write all that is public, and have ready what is not."""
        for page in self.upcoming + self.past:
            self._write_page(writer, page.url, "lecture", page=page)
            if page.form:
                self.settings["PICTURES"].jobs += _shared(page, self.site, self.settings["OWN"].colours)
        for address, calendar in self._calendars().items():
            self._write(address, calendar)
        home = self.settings["org"]["url"]
        feed = feeds.atom(self.upcoming, site=self.site, home=home, updated=self._changed)
        self._write(feeds.ATOM, feed.encode())
        self.settings["HANDOVER"] = Handover(
            path=Path(self.settings["LECTURES_CATALOGUE"]),
            site=self.site,
            lectures=self.lectures,
            frame=self.get_template("frame").render(self.context),
        )

    def _read(self, path: str) -> Reading:
        reading, faults = read(name(path, self.path), Path(path).read_bytes(), now=self.now)
        self._note(faults)
        if not reading.draft:
            self._note(facts.check(reading.source, self.settings["DATA"]))
            self._note(images.check(reading.source, self.settings))
            links.remember(reading.source, self.settings)
        return reading

    def _note(self, faults: list[Fault]) -> None:
        collected(self.settings).extend(faults)

    def _html(self, source: Source) -> str:
        html = prose.of(self.settings).html(source.body)
        if "filename" not in html:
            return html
        path = os.path.join(self.path, below_content(source.file))
        return Content(html, settings=self.settings, source_path=path, context=self.context).content

    def _calendars(self) -> dict[str, bytes]:
        return feeds.calendars(self.upcoming, site=self.site, stamp=self.now, kept=self.settings["KEPT"])

    def _changed(self, page: LecturePage) -> datetime:
        return datetime.fromtimestamp(os.stat(os.path.join(self.path, below_content(page.source.file))).st_mtime, UTC)

    def _write_page(self, writer: Writer, address: str, template: str, **values: object) -> None:
        path = f"{address.lstrip('/')}index.html"
        writer.write_file(path, self.get_template(template), self.context, url=address, **values)

    def _write(self, address: str, data: bytes) -> None:
        path = Path(sanitised_join(self.output_path, address.lstrip("/")))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _shared(page: LecturePage, site: Site, colours: Colours) -> list[Job]:
    """The pictures that a link to it shows."""
    mark = "Inställd" if page.cancelled else "Exempel" if page.example else "Repris" if page.original else ""
    when = page.when[:1].upper() + page.when[1:]
    speaker = f"Föreläsare: {page.speaker}"
    words = {"name": site.name, "title": page.title, "when": when, "speaker": speaker, "mark": mark}
    return share.jobs(page.url.lstrip("/"), **words, colours=colours)


def _site(settings: dict) -> Site:
    org, phones = settings["org"], settings["phones"]
    return Site(name=org["name"], url=settings["SITEURL"], email=org["email"], phone=phones["jouren"]["number"])
