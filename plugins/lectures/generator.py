"""Pelican's part of the lectures: reads their files, and writes their pages, lists and feeds."""

import os
from datetime import datetime
from pathlib import Path

from pelican.contents import Content
from pelican.generators import Generator
from pelican.utils import sanitised_join
from pelican.writers import Writer

from plugins import addresses, history, prose
from plugins.faults import Fault, collected, unforeseen
from plugins.files import markdown_files
from plugins.history import Span
from plugins.images import share
from plugins.images.cache import Job
from plugins.lectures import feeds, together
from plugins.lectures.headers import Reading, read
from plugins.lectures.page import LecturePage, in_order, tie_reruns
from plugins.lectures.private import Handover
from plugins.own import Colours
from plugins.prose import Read
from plugins.source import Source, below_content, name
from registrations.catalogue import Lecture, Site

FOLDER = "lectures"


class LecturesGenerator(Generator):
    """Reads ``content/lectures``; publishes what stands under ``/forelasningar/``; leaves the rest for the collector."""

    def generate_context(self) -> None:
        """Read every lecture, so that all templates can list them and all pages link to them."""
        self.now: datetime = self.settings["NOW"]
        self.site = _site(self.settings)
        readings = [reading for path in markdown_files(self.path, FOLDER) if (reading := self._read(path))]
        self._note(together.reruns(readings))
        joins = [reading.join for reading in readings if reading.join]
        self._note(together.exposed(self.settings.get("READ", ()), joins))

        entries = [reading.entry for reading in readings if reading.entry]
        told = {"site": self.site, "now": self.now, "html": self._html, "preview": self.settings["PREVIEW"]}
        pages = [LecturePage(entry, **told) for entry in entries]
        tie_reruns(pages)
        self.lectures = [entry.when for entry in entries if isinstance(entry.when, Lecture)]
        self.upcoming, self.past = in_order(pages)
        self.context.update(upcoming=self.upcoming, past=self.past)
        self.settings["DRAFTS"] = {below_content(reading.source.file) for reading in readings if reading.draft}
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
        feed = feeds.atom(self.upcoming, site=self.site, home=home, changed=self._changed)
        self._write(feeds.ATOM, feed.encode())
        self.settings["HANDOVER"] = Handover(
            path=Path(self.settings["LECTURES_CATALOGUE"]),
            site=self.site,
            lectures=self.lectures,
            frame=self.get_template("frame").render(self.context),
        )

    def _read(self, path: str) -> Reading | None:
        file = name(path, self.path)
        try:
            reading, faults = read(file, Path(path).read_bytes(), now=self.now)
            self._note(faults)
            addresses.claim(f"forelasningar/{reading.slug}", file, self.settings)
            if not reading.draft:
                text = prose.of(self.settings).text(reading.source.body)
                prose.remember(Read(source=reading.source, text=text), self.settings)
        except Exception as error:  # one file's trouble hides nothing that is to be said of the others
            unforeseen(error, file, self.settings)
            return None
        return reading

    def _note(self, faults: list[Fault]) -> None:
        collected(self.settings).extend(faults)

    def _html(self, source: Source) -> str:
        html = prose.of(self.settings).text(source.body).html
        if "filename" not in html:
            return html
        path = os.path.join(self.path, below_content(source.file))
        return Content(html, settings=self.settings, source_path=path, context=self.context).content

    def _calendars(self) -> dict[str, bytes]:
        return feeds.calendars(self.upcoming, site=self.site, stamp=self.now, kept=self.settings["KEPT"])

    def _changed(self, page: LecturePage) -> Span:
        """Of a file that git doesn't know yet: today."""
        today = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return history.of(self.settings).get(page.source.file, Span(today, today))

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
