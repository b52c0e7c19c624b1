"""A small Debian with instdrv in it, and containers that boot it.

The root is built by mmdebstrap and kept for as long as the list of packages stays the same. A container
sees it through an overlay in memory, so nothing that happens in one is seen by the next; what is to
outlast it, journals and the state of drivers, are folders of the host, bound into it.
"""
import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

SUITE = "bookworm"
PACKAGES = (
    # the machine
    "dbus", "dbus-user-session", "libpam-systemd", "login", "polkitd", "systemd-sysv", "util-linux",
    # what instdrv is linked with
    "libc6-i386", "lib32gcc-s1", "lib32stdc++6", "libseccomp2", "libstdc++6", "libsystemd0",
)
FILES = Path(__file__).parent / "root"
REBOOTED = 133  # what nspawn ends with then, see systemd-nspawn(1), --keep-unit


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, **options)


def sources():
    """The lines of a sources.list with the suite's archives, from where this machine has them."""
    command = ["apt-get", "indextargets", "--format", "deb $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    targets = run(*command, capture_output=True).stdout
    if not targets:  # no lists were ever fetched
        run("apt-get", "update", "--quiet=2")
        targets = run(*command, capture_output=True).stdout
    lines = [line for line in targets.splitlines() if line.split()[2].startswith(SUITE)]
    return "\n".join(dict.fromkeys(lines)) + "\n"


def base(cache):
    """The root without instdrv: built now, or found below `cache`."""
    key = hashlib.sha256(" ".join((SUITE, *PACKAGES)).encode()).hexdigest()[:16]
    root = cache / f"base-{key}"
    if root.exists():
        return root
    for outdated in cache.glob("base-*"):
        shutil.rmtree(outdated)
    unfinished = cache / f"base-{key}.new"
    run("mmdebstrap", "--mode=root", "--variant=essential", "--format=directory", "--quiet",
        "--include=" + ",".join(PACKAGES), SUITE, unfinished, "-", input=sources())
    return unfinished.rename(root)


def with_instdrv(root, build, folders):
    """Installs the build into `root`, and what the scenarios need; `folders`: of drivers, host -> guest."""
    run("cmake", "--install", build, "--prefix", "/usr", "--strip", env=dict(os.environ, DESTDIR=str(root)),
        stdout=subprocess.DEVNULL)
    shutil.copytree(FILES, root, dirs_exist_ok=True)
    for source, (guest, names) in folders.items():
        folder = root / guest.lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(source / name, folder)
    for scope in ("--system", "--global"):
        run("systemctl", f"--root={root}", scope, "--quiet", "enable", "instdrv.service")


class ControlGroup:
    """A control group of this run's own below ours, as nspawn makes two more below the one it runs in."""

    def __init__(self, name):
        self.folders = []
        mounts = {}
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            fields, kind = line.split(" - ")
            kind, _, options = kind.split(" ")
            if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options.split(",")):
                mounts[kind] = Path(fields.split()[4])
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            kind = {"": "cgroup2", "name=systemd": "cgroup"}.get(controllers)
            if kind in mounts:
                self.folders.append(mounts[kind] / path.lstrip("/") / name)

    def __enter__(self):
        for folder in self.folders:
            folder.mkdir()
        return self

    def enter(self):
        """Moves this process into it. [between fork and exec]"""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def __exit__(self, *_):
        for folder in self.folders:
            for inner, _, _ in os.walk(folder, topdown=False):
                os.rmdir(inner)


def boot(root, scenario, binds, seconds):
    """Boots `root` in a container until it ends; returns nspawn's exit code and what it said.

    binds: host -> guest, writable. The container has no network, and dies with this process.
    """
    name = f"instdrv-e2e-{os.getpid()}"
    command = [
        "setpriv", "--pdeathsig", "KILL",
        "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network",
        "--console=pipe", f"--machine={name}", f"--directory={root}", "--volatile=overlay", "--system-call-filter=landlock_create_ruleset landlock_add_rule landlock_restrict_self",
        *(f"--bind={host}:{guest}" for host, guest in binds.items()),
        f"systemd.unit=e2e@{scenario}.service",
    ]
    try:
        with ControlGroup(name) as group:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.STDOUT, text=True, preexec_fn=group.enter)
            try:
                said, _ = process.communicate(timeout=seconds)
            except BaseException:
                process.kill()
                process.communicate()
                raise
        return process.returncode, said
    finally:
        shutil.rmtree(f"/run/systemd/nspawn/propagate/{name}", ignore_errors=True)
