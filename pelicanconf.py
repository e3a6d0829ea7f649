"""The site's settings for Pelican. Paths begin at this file; what differs from machine to machine comes from the environment."""

import os
import re
import sys
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:  # Pelican loads this file by its path, and "plugins" must be found from any folder
    sys.path.insert(0, str(ROOT))

from plugins.data import load  # noqa: E402
from plugins.pages import Reader  # noqa: E402
from registrations.catalogue import ZONE  # noqa: E402
from registrations.errors import SettingError  # noqa: E402
from registrations.settings import PUBLISHED  # noqa: E402


def siteurl(default: str) -> str:
    """The address that the site will have. Stops the build when it can't be one."""
    value = os.environ.get("SITEURL") or default
    if not re.fullmatch(r"https?://[^/\s]+/?", value):
        raise SystemExit(str(SettingError("SITEURL", value, "skriv adressen, till exempel https://www.qjouren.se")))
    return value.rstrip("/")


ORGANISATION = load(ROOT / "content" / "data").org

SITENAME = ORGANISATION["name"]
SITEURL = siteurl("http://127.0.0.1:8000")
TIMEZONE = ZONE.key
DEFAULT_LANG = "sv"
LOCALE = ["C.UTF-8", "C"]  # always there; Swedish dates are words from Babel

# What "past", "closed" and "checked a year ago" are measured against, the same in the whole build.
NOW = datetime.now(ZONE)
_catalogue = os.environ.get("REGISTRATIONS_CATALOGUE", "")
LECTURES_CATALOGUE = _catalogue if _catalogue not in ("", PUBLISHED) else str(ROOT / "var" / "catalogue.json")

# A branch under a private address: no sign-ups, and nothing for search engines.
PREVIEW = os.environ.get("PREVIEW") == "on"

CACHE_PATH = str(ROOT / "var" / "cache")  # what a build made and the next one needs not make again

PATH = "content"
OUTPUT_PATH = "output"
DELETE_OUTPUT_DIRECTORY = False  # plugins.output does it when the build can succeed
PLUGINS = [
    "plugins.words",
    "plugins.kept",
    "plugins.facts",
    "plugins.images",
    "plugins.assets",
    "plugins.own",
    "plugins.headers",
    "plugins.templates",
    "plugins.pages",
    "plugins.news",
    "plugins.lectures",
    "plugins.files",
    "plugins.addresses",
    "plugins.links",
    "plugins.checks",
    "plugins.faults",  # after those that find them: stops the build when everything is read
    "plugins.search",  # after it: reads what the pages became
    "plugins.old",
    "plugins.output",  # only reached when there are none
]

# Files to read: Markdown only, by our own reader.
PAGE_PATHS = ["pages", "news"]
ARTICLE_PATHS = []  # news are pages with a date: Pelican's articles bring lists of authors, tags and months with them
STATIC_PATHS = []  # content/data and the lectures' files are never copied; pictures need their metadata taken away first
READERS = {"md": Reader, "markdown": None, "mkd": None, "mdown": None, "rst": None, "html": None, "htm": None}
IGNORE_FILES = [".*", "~$*", "#*", "*~"]  # as plugins/files.py does
FILENAME_METADATA = ""
FORMATTED_FIELDS = []  # headers are plain text, which the templates escape
TYPOGRIFY = False
MARKDOWN = {
    "extensions": ["attr_list", "def_list", "sane_lists", "tables"],
    "output_format": "html",
}

# Addresses.
PAGE_TRANSLATION_ID = "translates"
PAGE_URL = PAGE_LANG_URL = "{slug}/"
PAGE_SAVE_AS = PAGE_LANG_SAVE_AS = "{slug}/index.html"
EXTRA_PATH_METADATA = {"pages/index.md": {"url": "", "save_as": "index.html"}}
DIRECT_TEMPLATES = ["404"]
DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = ""
ARCHIVES_SAVE_AS = AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None

# The theme: its style and scripts stand in the pages, so nothing of it is copied.
THEME = "theme"
THEME_STATIC_PATHS = []
JINJA_ENVIRONMENT = {"autoescape": True, "auto_reload": False, "trim_blocks": True, "lstrip_blocks": True}
