"""A fresh Debian with systemd in a container of its own, made of Debian's packages. Needs root on Debian or Ubuntu.

It shares the network of the machine it runs on, so the ports 22, 80, 443 and 8000 must be free here.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.stores.running import install, listens
from tests.support import ROOT

PORTS = (22, 80, 443, 8000)
PACKAGES = "systemd,systemd-sysv,dbus,ca-certificates,git,make,python3,python3-venv,sudo,openssh-client,curl"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PROJECT = "/srv/project.git"  # this project, in the machine
NAMES = "jour.localhost www.jour.localhost prova.jour.localhost"


class Machine:
    """Runs below ``folder`` until ``stop``."""

    def __init__(self, folder: Path):
        taken = [port for port in PORTS if listens(port)]
        assert not taken, f"The ports {taken} are used by other programs here. Stop them first."
        install("mmdebstrap", program="mmdebstrap")
        install("systemd-container", program="systemd-nspawn")
        self.root = folder / "debian"
        self._log = folder / "boot.log"
        options = ("--variant=minbase", f"--include={PACKAGES}", "--aptopt=Acquire::Languages none")
        subprocess.run(["mmdebstrap", "-q", *options, "bookworm", self.root], check=True)
        self._prepare(folder)
        with self._log.open("wb") as log:
            self._nspawn = subprocess.Popen(
                ["systemd-nspawn", "-q", "-D", self.root, "--boot", "--register=no", "--keep-unit", "--console=pipe"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        try:
            self._init = self._started()
        except BaseException:  # nobody else will stop it
            self.stop()
            raise

    def stop(self) -> None:
        """Shut it down and delete it."""
        self._nspawn.terminate()
        try:
            self._nspawn.wait(30)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()
        subprocess.run(["rm", "-rf", "--one-file-system", self.root], check=False)

    def run(self, script: str, *, user: str = "root", check: bool = True, seconds: float = 300) -> str:
        """What ``script`` says, run by bash in the machine; all of it in the failure when it fails."""
        home = "/root" if user == "root" else f"/home/{user}"
        become = [] if user == "root" else ["runuser", "-u", user, "--"]
        command = ["nsenter", "-t", str(self._init), "-m", "-u", "-i", "-p", "-C", "-n", "-r", "-w"]
        clean = ["env", "-i", f"PATH={PATH}", f"HOME={home}", f"USER={user}", "LANG=C.UTF-8"]
        done = subprocess.run(
            [*command, *become, *clean, "bash", "-euo", "pipefail", "-c", f"cd {home}\n{script}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=seconds,
            check=False,
        )
        self.status = done.returncode
        assert done.returncode == 0 or not check, f"{script}\nended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def _prepare(self, folder: Path) -> None:
        """What the machine around it knows of the network, and the project as it stands here."""
        with (self.root / "etc/hosts").open("a") as hosts:
            hosts.write(f"127.0.0.1 localhost {NAMES} {socket.gethostname()}\n")
        certificates = Path("/usr/local/share/ca-certificates")
        if certificates.is_dir():
            shutil.copytree(certificates, self.root / certificates.relative_to("/"), dirs_exist_ok=True)
            subprocess.run(["chroot", self.root, "update-ca-certificates"], check=True, capture_output=True)
        asked = [sys.executable, "-m", "pip", "config", "list"]
        lines = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
        known = {line.partition("=")[0].rpartition(".")[2]: line.partition("=")[2].strip("'") for line in lines}
        chosen = "".join(f"{name} = {known[name]}\n" for name in ("cert", "index-url", "timeout") if name in known)
        (self.root / "etc/pip.conf").write_text(f"[global]\n{chosen}")
        (self.root / "etc/gitconfig").write_text(f"[safe]\n\tdirectory = {PROJECT}\n")
        self._project(self.root / PROJECT.lstrip("/"))

    def _project(self, repository: Path) -> None:
        """The files of this project in a repository, whether they are committed here or not."""
        git = ["git", "-c", "user.name=Test", "-c", "user.email=t@example.org", "--git-dir", repository]
        environment = {**os.environ, "GIT_WORK_TREE": str(ROOT)}
        subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
        for command in (["add", "-A"], ["commit", "-q", "-m", "Projektet"]):
            subprocess.run([*git, *command], cwd=ROOT, env=environment, check=True)
        (repository / "index").unlink()
        subprocess.run([*git, "config", "core.bare", "true"], check=True)

    def _started(self) -> int:
        """The process that is number 1 inside, once all is up."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._nspawn.poll() is None:
            children = Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
            if children:
                self._init = int(children[0])
                said = self.run("systemctl is-system-running", check=False)
                if said.strip() in ("running", "degraded"):
                    return self._init
            time.sleep(0.2)
        raise AssertionError(f"Debian did not start:\n{self._log.read_text(errors='replace')[-3000:]}")
