"""Find a Chromium for the tests, or install one. ``python -m tests.browser`` does both and fails if neither works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root the sandbox can't start; the rest keeps the browser from calling anybody but the test's own server.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def system_browser() -> str | None:
    """The path of a Chromium that the system has, or None: then Playwright's own is used."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def works() -> str | None:
    """Start the browser and give its version; None if it can't be started."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=system_browser(), args=ARGUMENTS)
        except Error:
            return None
        version = browser.version
        browser.close()
        return version


def install() -> None:
    """The system's Chromium on Debian and Ubuntu when we may install it; elsewhere Playwright's own download."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if Path("/etc/debian_version").exists() and shutil.which("apt-get") and (not sudo or shutil.which("sudo")):
        apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        subprocess.run([*apt, "update"], check=False)
        subprocess.run([*apt, "install", "-y", "--no-install-recommends", "chromium"], check=False)
    if not works():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> None:
    """Make sure that there is a browser."""
    if not works():
        install()
    version = works()
    if not version:
        sys.exit("No Chromium could be installed, and the tests need one: install chromium, then run make test again.")
    print(f"Chromium {version}")


if __name__ == "__main__":
    main()
