"""Which files are content: Markdown. What lies among them and is something else would be passed over in silence."""

import os

from plugins.faults import Fault
from plugins.source import name


def markdown_files(content: str, folder: str) -> tuple[list[str], list[Fault]]:
    """The paths of the Markdown files in ``folder`` of ``content``, sorted, and a fault for each other file.

    Hidden files and the copies that editors leave (``x.md~``) are nothing to mention.
    """
    found, faults = [], []
    for place, folders, names in os.walk(os.path.join(content, folder)):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for path in (os.path.join(place, each) for each in names if not each.startswith(".") and each[-1] != "~"):
            if path.endswith(".md"):
                found.append(path)
            else:
                words = "Filens namn slutar inte på .md, så den blir ingen sida. Byt namn på den eller flytta den."
                faults.append(Fault(file=name(path, content), words=words))
    return sorted(found), faults
