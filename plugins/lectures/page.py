"""A lecture as the templates see it: what its file says, and where it stands in time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from markupsafe import Markup

from plugins.lectures.event import event
from plugins.lectures.headers import Entry
from plugins.lectures.moments import Season
from plugins.source import Source
from registrations import pages, wording
from registrations.catalogue import Lecture, Site


class LecturePage:
    """One published lecture. ``lecture`` is without the join link, so that no template can give it away."""

    status = "published"  # Pelican's word for a page that can be linked to

    def __init__(
        self, entry: Entry, *, site: Site, now: datetime, html: Callable[[Source], str], preview: bool = False
    ):
        self.source, self._entry, self._site, self._now, self._html = entry.source, entry, site, now, html
        self.slug, self.title, self.speaker = entry.slug, entry.title, entry.speaker
        self.summary, self.example, self.cancelled = entry.summary, entry.example, entry.cancelled
        self.rerun_of, self._preview = entry.rerun_of, preview
        self.lecture: Lecture | None = None if isinstance(entry.when, Season) else replace(entry.when, join=None)
        self.original: LecturePage | None = None
        self.reruns: list[LecturePage] = []

    @property
    def url(self) -> str:
        """The address, from the root of the site."""
        return f"/forelasningar/{self.slug}/"

    @property
    def ics(self) -> str | None:
        """The address of its calendar file; none when it is over."""
        return None if self.past else f"{self.url}kalender.ics"

    @property
    def past(self) -> bool:
        """Over at the moment of the build."""
        return self.lecture is None or self.lecture.is_past(self._now)

    @property
    def moment(self) -> datetime:
        """Its place among the others: the start, or the end of its season."""
        return self.lecture.start if self.lecture else self._entry.when.end

    @cached_property
    def when(self) -> str:
        """``onsdag 10 februari 2027 kl. 12.00–13.00`` or ``hösten 2022``."""
        return wording.when(self.lecture) if self.lecture else self._entry.when.words

    @property
    def heading(self) -> str:
        """The title, where nothing beside it tells that the lecture is called off or only an example."""
        return "".join([self.cancelled * "Inställd: ", self.example * "Exempel: ", self.title])

    @cached_property
    def content(self) -> Markup:
        """The body as HTML."""
        return Markup(self._html(self.source))

    @cached_property
    def form(self) -> Markup | None:
        """The sign-up form, while one can sign up."""
        open_now = self.lecture is not None and self.lecture.is_open(self._now) and not self._preview
        return Markup(pages.form(self.lecture, self._site)) if open_now else None

    @cached_property
    def event(self) -> Markup | None:
        """The lecture for search engines."""
        return event(self.lecture, self._site, heading=self.heading) if self.lecture else None


def in_order(lectures: list[LecturePage]) -> tuple[list[LecturePage], list[LecturePage]]:
    """Those to come, the soonest first; and the past ones, the latest first."""
    by_time = sorted(lectures, key=lambda page: (page.moment, page.slug))
    return [page for page in by_time if not page.past], [page for page in reversed(by_time) if page.past]


def tie_reruns(lectures: list[LecturePage]) -> None:
    """Let reruns and originals know each other."""
    by_slug = {page.slug: page for page in lectures}
    for page in sorted(lectures, key=lambda page: page.moment):
        page.original = by_slug.get(page.rerun_of)
        if page.original:
            page.original.reruns.append(page)
