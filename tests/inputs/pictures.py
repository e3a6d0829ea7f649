"""Other people's pictures: real ones through whole builds, damaged ones straight through what makes pictures of them."""

import io
import logging
import os
import re
import shutil
import signal
import tempfile
import traceback
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from plugins.images.picture import Pictures
from tests.inputs import sources
from tests.inputs.allowed import published, unchecked
from tests.inputs.building import amiss, build, foreign
from tests.inputs.damage import damaged
from tests.inputs.findings import Findings, Watch
from tests.inputs.site import Text, page
from tests.plugins.small_site import Site

PATIENCE = 60  # seconds for one damaged picture
SMALL = 400  # pixels: the damaged are made of those that are quickly tried
_KEPT_OUT = {"icc_profile", "xmp", "exif", "comment", "XML:com.adobe.xmp", "photoshop", "mp", "Software", "Comment"}
_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "MPO")


@dataclass(frozen=True)
class Real:
    """A picture of a package."""

    source: str
    path: Path


def real() -> list[Real]:
    """Every file among the packages' sample pictures, whatever it is. Raises ``sources.Unreachable``."""
    folders = {
        "Pillow": sources.pypi("pillow") / "Tests/images",
        "piexif": sources.pypi("piexif") / "tests/images",
        "imagesize": sources.pypi("imagesize") / "test/images",
        "exif-parser": sources.node("exif-parser") / "test",
        "jpeg-exif": sources.node("jpeg-exif") / "test",
    }
    return [
        Real(source, path)
        for source, folder in folders.items()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".js", ".json", ".txt", ".html", ".md", ".zip")
    ]


def check_real(folder: Path, pictures: Sequence[Real]) -> list[Findings]:
    """Build a site that shows them, a page each; what came of each source."""
    shown = {f"bild-{number}{each.path.suffix.lower()}": each for number, each in enumerate(pictures)}
    texts = {page(f"b{number}", f"![Bild {number}]({name})"): name for number, name in enumerate(shown)}
    rows = {source: Findings(f"pictures: {source}") for source in dict.fromkeys(each.source for each in pictures)}

    def prepare(site: Site, left: Sequence[Text]) -> None:
        for text in left:
            shutil.copyfile(shown[texts[text]].path, site.root / "content/images" / texts[text])

    whole = Findings("all")
    with Watch(whole):
        result = build(folder, list(texts), prepare=prepare)
        files = published(result.site.output)
        for text, name in texts.items():
            each = shown[name]
            row, label = rows[each.source], each.path.name
            row.tried += 1
            if text.file in result.crashed:
                row.crashed.append((result.crashed[text.file], label))
            elif told := result.refused.get(text.file):
                row.refused += 1
                row.untold += [(words, label) for words in [amiss(text, told)] if words]
            else:
                row.published += 1
                html = (result.site.output / text.output).read_text("utf-8")
                row.unchecked += [
                    (words, label) for words in [*unchecked(html, files), *_pictures_of(html, result.site)]
                ]
    row.untold += [(words, "the good build") for words in foreign(result.said)]
    for row in rows.values():
        row.seconds = whole.seconds * row.tried / len(texts)
    return list(rows.values())


def check_damaged(count: int, *, seed: int = 0, workers: int | None = None) -> Findings:
    """Damage small real pictures in ``count`` ways and try to publish each. What goes wrong is left in ``var/inputs/wrong``."""
    findings = Findings("damaged pictures", tried=count)
    originals = _originals()
    numbers = [seed * 1_000_000 + number for number in range(count)]
    with Watch(findings), ProcessPoolExecutor(workers, get_context("spawn"), _start, (originals,)) as pool:
        for number, (outcome, words) in zip(numbers, pool.map(_try, numbers, chunksize=20), strict=True):
            if outcome in ("refused", "published"):
                findings.refused += outcome == "refused"
                findings.published += outcome == "published"
            else:
                getattr(findings, outcome).append((words, _kept_for_a_look(originals, number)))
    return findings


def traces(data: bytes) -> list[str]:
    """What a published picture tells beside its pixels, or that it can't be opened."""
    try:
        with _quiet(), Image.open(io.BytesIO(data)) as image:
            image.load()
            found = sorted(_KEPT_OUT & set(map(str, image.info)))
            return [f"published with {name}" for name in found] + (["published with EXIF"] if image.getexif() else [])
    except Exception as error:
        return [f"published and can't be opened: {type(error).__name__}"]


def _kept_for_a_look(originals: list[Path], number: int) -> str:
    """Write the damaged picture where a developer can open it; its name."""
    with _quiet():
        name, data = _damaged(originals, number)
    path = sources.KEPT / "wrong" / f"{number}-{name}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path.name


def _pictures_of(html: str, site: Site) -> list[str]:
    names = set(re.findall(r"/(bilder/[^\s\",]+)", html))
    return [
        words for name in names if (site.output / name).is_file() for words in traces((site.output / name).read_bytes())
    ]


def _originals() -> list[Path]:
    found = []
    for each in real():
        try:
            with _quiet(), Image.open(each.path) as image:
                small = image.format in _FORMATS and max(image.size) <= SMALL and each.path.stat().st_size < 60_000
        except Exception:
            continue
        found += [each.path] if small else []
    return found


_here: dict[str, object] = {}


def _start(originals: list[Path]) -> None:
    """In each process: a folder of its own."""
    _here.update(originals=originals, folder=tempfile.TemporaryDirectory(prefix="inputs-"))


def _damaged(originals: list[Path], number: int) -> tuple[str, bytes]:
    first, other = originals[number * 7919 % len(originals)], originals[number * 104_729 % len(originals)]
    return f"bild{first.suffix.lower()}", damaged(first.read_bytes(), other.read_bytes(), number)


def _try(number: int) -> tuple[str, str]:
    """What becomes of a damaged picture, and in which words."""
    folder = Path(_here["folder"].name)
    with _quiet():
        name, data = _damaged(_here["originals"], number)
    (folder / name).write_bytes(data)
    try:
        with _quiet(), _limited():
            return _published(folder, name)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return "crashed", f"{type(error).__name__} in {os.path.basename(last.filename)} {last.name}: {error}"[:200]
    finally:
        (folder / name).unlink()


def _published(folder: Path, name: str) -> tuple[str, str]:
    pictures = Pictures(folder)
    if words := pictures.unfit(name, "En bild"):
        english = foreign(words)
        return ("untold", english[0]) if english else ("refused", words)
    found = [words for job in pictures.use(name).jobs() for words in traces(job.run())]
    return ("unchecked", found[0]) if found else ("published", "")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Pillow warns of and logs about files that nobody has promised to be well."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("PIL").setLevel(logging.CRITICAL)
        yield


@contextmanager
def _limited() -> Iterator[None]:
    def late(*_: object) -> None:
        raise TimeoutError(f"no end after {PATIENCE} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
