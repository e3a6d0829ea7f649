"""What must never be published, and what must be though it looks like it, read from probes.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ALWAYS, WORDS, FORMATTED, MARKUP = range(4)  # where a probe is what it is, as probes.toml tells
_LEVELS = {"always": ALWAYS, "words": WORDS, "formatted": FORMATTED, "markup": MARKUP}


@dataclass(frozen=True)
class Probe:
    """Something to put into a text. ``tail``: a line for the end of the text, the definition that the probe refers to."""

    kind: str
    text: str
    level: int
    tail: str = ""

    @property
    def in_line(self) -> bool:
        """Whether it stands in one line."""
        return "\n" not in self.text


def _read(path: Path) -> list[Probe]:
    found = []
    for kind, spellings in tomllib.loads(path.read_text("utf-8")).items():
        found += [
            Probe(kind, text, _LEVELS[name]) for name, texts in spellings.items() if name in _LEVELS for text in texts
        ]
        found += [Probe(kind, text, MARKUP, tail) for text, tail in spellings.get("referred", ())]
    return found


_all = _read(Path(__file__).with_suffix(".toml"))
PROBES = [probe for probe in _all if probe.kind != "harmless"]
LEGITIMATE = [probe for probe in _all if probe.kind == "harmless"]
