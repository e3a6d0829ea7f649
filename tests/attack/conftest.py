"""The collector that the tests of ``registrations`` use."""

from tests.registrations.conftest import collector

__all__ = ["collector"]
