"""A Ceph cluster of one of each, with its S3 gateway: Debian's packages, everything below one folder."""

import subprocess
import uuid
from pathlib import Path

import requests

from tests.stores.running import Programs, free_port, install, listens

PACKAGES = ("radosgw", "ceph-osd", "ceph-mon", "ceph-mgr", "ceph-common")
KEY, SECRET = "testnyckel", "testhemlighet"
CONF = """[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{monitor}]
public addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
run dir = {folder}
pid file = {folder}/$name.pid
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
crash dir = {folder}
mon data = {folder}/mon
mgr data = {folder}/mgr
osd data = {folder}/osd
rgw data = {folder}/rgw
osd objectstore = bluestore
bluestore block size = 4294967296
osd memory target = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 1
"""


class Ceph:
    """Runs below ``folder`` until ``stop``. ``environment`` is what a client needs."""

    def __init__(self, folder: Path):
        install(*PACKAGES, program="radosgw")
        self._folder, self._programs = folder, Programs(folder)
        self._conf = folder / "ceph.conf"
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it."""
        self._programs.stop()

    def make_bucket(self, name: str) -> None:
        """A new bucket, by the gateway's own S3 call."""
        import boto3

        client = boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="default"
        )
        client.create_bucket(Bucket=name)

    def _start(self) -> None:
        fsid, monitor, gateway = str(uuid.uuid4()), free_port(), free_port()
        self._conf.write_text(CONF.format(fsid=fsid, monitor=monitor, folder=self._folder))
        for name in ("mgr", "osd", "rgw"):
            (self._folder / name).mkdir()
        map = self._folder / "monmap"
        self._run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{monitor}]", map)
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", map, "-c", self._conf)
        self._programs.start("ceph-mon", "-f", "-i", "a", "-c", self._conf)
        self._programs.wait(lambda: listens(monitor), "the monitor")
        self._programs.start("ceph-mgr", "-f", "-i", "a", "-c", self._conf)
        osd = str(uuid.uuid4())
        self._run("ceph", "-c", self._conf, "--connect-timeout", "60", "osd", "new", osd)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd, "-c", self._conf)
        self._programs.start("ceph-osd", "-f", "-i", "0", "-c", self._conf)
        self._programs.wait(self._has_disk, "the disk")
        self._programs.start(
            "radosgw",
            "-f",
            "-n",
            "client.gateway",
            "-c",
            self._conf,
            f"--rgw_frontends=beast endpoint=127.0.0.1:{gateway}",
        )
        self.url = f"http://127.0.0.1:{gateway}"
        self._programs.wait(self._answers, "the gateway")
        self._run(
            "radosgw-admin", "-n", "client.gateway", "-c", self._conf, "user", "create", "--uid=test",
            "--display-name=Test", f"--access-key={KEY}", f"--secret-key={SECRET}",
        )  # fmt: skip
        self.environment = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "default",
        }

    def _has_disk(self) -> bool:
        return b"1 up" in self._run("ceph", "-c", self._conf, "osd", "stat")

    def _answers(self) -> bool:
        try:
            return requests.get(self.url, timeout=5).ok
        except requests.RequestException:
            return False

    def _run(self, *command: str | Path) -> bytes:
        done = subprocess.run(command, capture_output=True, check=False, timeout=120)
        assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout
