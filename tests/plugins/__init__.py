"""Tests of the site's build."""
