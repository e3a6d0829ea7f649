"""``make function``: the collector and its locked packages as one zip, the same bytes from the same sources.

``python deploy/function/bundle.py OUT.zip [x86_64|arm64]``. Needs no compiler: wheels for Linux are fetched by their hashes.
What a function never uses is left out: other languages' dates, the server's command line, tests and type stubs.
"""

import compileall
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode

ROOT = Path(__file__).resolve().parent.parent.parent
PLATFORMS = {
    "x86_64": ("manylinux2014_x86_64", "manylinux_2_28_x86_64"),
    "arm64": ("manylinux2014_aarch64", "manylinux_2_28_aarch64"),
}
NOT_NEEDED = ("serve.py", "cli.py", "listening.py", "listing.py", "__main__.py")
LANGUAGES = ("root.dat", "sv.dat", "sv_SE.dat")
LEFT_OUT = re.compile(
    r"(^|/)(tests?|testing|__pycache__|include|bin|cyutil|bench)/|\.(pyi|pyx|pxd|c|h|tpl|typed|rst)$|/(RECORD|INSTALLER|REQUESTED|direct_url\.json)$"
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def main() -> None:
    """Make the zip and say how large it is."""
    target, arch = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "x86_64"
    with tempfile.TemporaryDirectory() as folder:
        collect(Path(folder), arch)
        pack(Path(folder), target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, Python {sys.version_info[0]}.{sys.version_info[1]}, {arch}")


def collect(folder: Path, arch: str) -> None:
    """Put the packages and our own code into ``folder``, compiled, as far as a function uses them."""
    platforms = [word for name in PLATFORMS[arch] for word in ("--platform", name)]
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile", "--no-deps"]
    wanted = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements" / "collector.txt")]
    subprocess.run([*command, *platforms, "--target", str(folder), *wanted], check=True)
    for path in sorted((ROOT / "registrations").rglob("*")):
        if path.is_file() and path.suffix in (".py", ".html", ".txt") and path.name not in NOT_NEEDED:
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        foreign = "babel/locale-data/" in name and path.name not in LANGUAGES
        if path.is_file() and (LEFT_OUT.search(name) or foreign):
            path.unlink()
    compiled = compileall.compile_dir(
        folder, quiet=1, stripdir=str(folder), invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )
    if not compiled:
        raise SystemExit("A package could not be compiled.")


def pack(folder: Path, target: Path) -> None:
    """Zip ``folder`` so that only its contents decide the bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o100755 if path.suffix == ".so" else 0o100644) << 16
                bundle.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    main()
