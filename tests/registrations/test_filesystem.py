"""A folder on a network file system is recognised and said loudly, a local one is not."""

import os
from pathlib import Path

import pytest

from registrations import filesystem, settings
from tests.support import Collector, coming, publish

MOUNTS = r"""
22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
23 22 0:21 / /proc rw shared:2 - proc proc rw
30 22 0:40 / /srv rw,relatime shared:3 master:1 - nfs4 nas:/export rw,vers=4.2
31 30 8:1 / /srv/local rw - xfs /dev/sda1 rw
32 31 0:41 / /srv/local/far rw - fuse.sshfs anna@host:/ rw
33 22 0:42 / /mnt/two\040words\134 rw - cifs //nas/share rw
34 22 0:43 / /over rw - ext4 /dev/sdb1 rw
35 22 0:44 / /over rw - 9p share rw
36 22 0:45 / /mnt/å rw - lustre mgs:/fs rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/registrations", "ext4"),
        ("/srv", "nfs4"),
        ("/srv/var/store", "nfs4"),
        ("/srv/locality", "nfs4"),
        ("/srv/local/store", "xfs"),
        ("/srv/local/far/store", "fuse.sshfs"),
        ("/mnt/two words\\/store", "cifs"),
        ("/mnt/two", "ext4"),
        ("/over/store", "9p"),
        ("/mnt/å/store", "lustre"),
    ],
)
def test_the_innermost_mount_tells_the_type(path, kind):
    assert filesystem.kind_of(MOUNTS, Path(path)) == kind


@pytest.mark.parametrize("text", ["", "\n\n", "nonsense - ext4", "22 1 253:0 / / rw,relatime shared:1"])
def test_lines_that_are_not_understood_tell_nothing(text):
    assert filesystem.kind_of(text, Path("/var")) is None


def read(store, mail):
    return settings.read({"REGISTRATIONS_STORE": store, "REGISTRATIONS_MAIL": mail})


@pytest.mark.parametrize(
    ("store", "mail", "named"),
    [
        ("file:/srv/store", "outbox:/var/outbox", ["REGISTRATIONS_STORE='file:/srv/store'"]),
        ("file:/var/store", "outbox:/srv/outbox", ["REGISTRATIONS_MAIL='outbox:/srv/outbox'"]),
        ("file:/srv/a", "outbox:/srv/local/far", ["REGISTRATIONS_STORE", "REGISTRATIONS_MAIL"]),
        ("file:/var/store", "smtp://localhost", []),
        ("file:/srv/local/store", "outbox:/var/outbox", []),
    ],
)
def test_each_folder_on_the_network_is_named(tmp_path, capfd, store, mail, named):
    (tmp_path / "mountinfo").write_text(MOUNTS, "utf-8")

    filesystem.warn(read(store, mail), mountinfo=tmp_path / "mountinfo")

    said = capfd.readouterr().err.splitlines()
    assert len(said) == len(named)
    for line, name in zip(said, named, strict=True):
        assert line.startswith(f"VARNING: {name}")
        assert "nätverksfilsystem" in line


def test_a_link_is_followed_to_where_it_leads(tmp_path, capfd):
    (tmp_path / "mountinfo").write_text(f"1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / {tmp_path}/far rw - nfs b rw\n")
    (tmp_path / "far").mkdir()
    os.symlink(tmp_path / "far", tmp_path / "near")

    filesystem.warn(read(f"file:{tmp_path}/near/store", "smtp://localhost"), mountinfo=tmp_path / "mountinfo")

    assert "nätverksfilsystem (nfs)" in capfd.readouterr().err


def test_a_machine_without_mountinfo_is_silent(tmp_path, capfd):
    filesystem.warn(read("file:/srv", "smtp://localhost"), mountinfo=tmp_path / "none")

    assert capfd.readouterr().err == ""


def test_a_start_on_a_local_disk_says_nothing_of_it(tmp_path):
    publish(tmp_path, coming())
    with Collector(tmp_path) as collector:
        assert "VARNING" not in collector.said()
