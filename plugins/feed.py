"""Atom feeds, for those who follow the site in a reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed
from markupsafe import escape

NOTHING_YET = datetime(2024, 1, 1, tzinfo=UTC)
SINCE = 2024  # tag addresses name a year in which their maker had the domain; it must never change


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to follow."""

    title: str
    path: str  # from the root of the site
    key: str  # the same for ever, for this thing alone in its feed
    text: str
    published: datetime
    updated: datetime


class _Feed(Atom1Feed):
    """Without items it isn't as new as the build."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NOTHING_YET


def atom(items: Iterable[Item], *, title: str, folder: str, name: str, url: str, home: str) -> str:
    """The feed at ``/<folder>/atom.xml`` of the site at ``url``, by ``name``.

    Its ids are made of ``home``, the organisation's own address, wherever the site is built.
    """
    tag = f"tag:{urlsplit(home).hostname},{SINCE}:{folder}"
    feed = _Feed(
        title=f"{title} – {name}",
        link=f"{url}/{folder}/",
        description=None,
        feed_url=f"{url}/{folder}/atom.xml",
        feed_guid=tag,
        author_name=name,
        language="sv",
    )
    for item in items:
        feed.add_item(
            title=item.title,
            link=f"{url}{item.path}",
            unique_id=f"{tag}/{item.key}",
            description=str(escape(item.text)),  # the feed says that it is HTML
            pubdate=item.published,
            updateddate=max(item.published, item.updated),
        )
    return feed.writeString("utf-8")
