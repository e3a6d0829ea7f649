"""What a build leaves for the collector: the catalogue, and the frame page beside it. Neither is ever published."""

from dataclasses import dataclass
from pathlib import Path

from registrations.catalogue import Catalogue, Lecture, Policy, Site, write, write_text
from registrations.errors import SettingError


@dataclass(frozen=True, kw_only=True)
class Handover:
    """Ready to be written when the whole build has succeeded."""

    path: Path
    site: Site
    lectures: list[Lecture]
    frame: str

    def write(self, policy: Policy) -> None:
        """The frame first: whoever reads the new catalogue finds the frame that belongs to it."""
        write_text(self.path.with_name("frame.html"), self.frame)
        write(Catalogue.of(self.lectures, site=self.site, policy=policy), self.path)


def check_path(path: Path, output: Path) -> None:
    """Raises SettingError when the catalogue would be among the published files."""
    if path.resolve().is_relative_to(output.resolve()):
        remedy = f"välj en plats utanför {output}, som publiceras. Katalogen innehåller möteslänkarna."
        raise SettingError("REGISTRATIONS_CATALOGUE", str(path), remedy)
