"""The settings for the public site: as in pelicanconf.py, at the organisation's own address."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pelicanconf import *  # noqa: F403
from pelicanconf import ORGANISATION, siteurl

SITEURL = siteurl(ORGANISATION["url"])
