"""A small Debian with instdrv in it, and containers that boot it.

The root is built by mmdebstrap and kept for as long as the list of packages stays the same. A container
sees it through an overlay in memory, so nothing that happens in one is seen by the next; what is to
outlast it, journals and the state of drivers, are folders of the host, bound into it.
"""
import errno
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
# nspawn's own filter of system calls is older than Landlock, which workers confine themselves with.
LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
REBOOTED = 133  # what nspawn ends with then, see systemd-nspawn(1), --keep-unit


class Unavailable(Exception):
    """No machine can be booted here, and why."""


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, **options)


def remove(tree):
    """As rm does, which stays on one file system: whatever is mounted in there is not ours to remove."""
    run("rm", "--recursive", "--force", "--one-file-system", tree)


def sources():
    """The lines of a sources.list with the suite's archives, from where this machine has them."""
    command = ["apt-get", "indextargets", "--format", "deb $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    targets = run(*command, capture_output=True).stdout
    if not targets:  # no lists were ever fetched
        run("apt-get", "update", "--quiet=2")
        targets = run(*command, capture_output=True).stdout
    lines = [line for line in targets.splitlines() if line.split()[2].startswith(SUITE)]
    if not lines:
        raise Unavailable(f"apt knows no archive of {SUITE}")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def base(cache):
    """The root without instdrv: built now, or found below `cache`."""
    key = hashlib.sha256(" ".join((SUITE, *PACKAGES)).encode()).hexdigest()[:16]
    root = cache / f"base-{key}"
    if root.exists():
        return root
    for outdated in cache.glob("base-*"):
        remove(outdated)
    unfinished = cache / f"base-{key}.new"
    run("mmdebstrap", "--mode=root", "--variant=essential", "--format=directory", "--quiet",
        "--include=" + ",".join(PACKAGES), SUITE, unfinished, "-", input=sources())
    return unfinished.rename(root)


def install(root, build):
    """Installs the build into `root`, and what the scenarios need."""
    run("cmake", "--install", build, "--prefix", "/usr", "--strip", env=dict(os.environ, DESTDIR=str(root)),
        stdout=subprocess.DEVNULL)
    shutil.copytree(FILES, root, dirs_exist_ok=True)
    for scope in ("--system", "--global"):
        run("systemctl", f"--root={root}", scope, "--quiet", "enable", "instdrv.service")


class ControlGroup:
    """A control group for one container, below the one we are in: nspawn makes its own beside itself, which
    would be in each other's way. Removed with whatever still runs in it."""

    def __init__(self, name):
        mounts = {}
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            fields, (kind, _, options) = line.split(" - ")[0].split(), line.split(" - ")[1].split(" ", 2)
            if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options.split(",")):
                mounts["" if kind == "cgroup2" else "name=systemd"] = Path(fields[4])
        ours = [line.split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines()]
        self.folders = [mounts[which] / path.lstrip("/") / name for which, path in ours if which in mounts]

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
            if (folder / "cgroup.kill").exists():  # of version 2, which every process is in
                (folder / "cgroup.kill").write_text("1")
        end = time.monotonic() + 10
        for folder in self.folders:
            for inner, _, _ in os.walk(folder, topdown=False):
                self.remove(inner, end)

    @staticmethod
    def remove(folder, end):
        while True:
            try:
                return os.rmdir(folder)
            except OSError as error:
                # What was killed is not gone yet.
                if error.errno != errno.EBUSY or time.monotonic() > end:
                    raise
                time.sleep(0.01)


def nspawn(root, arguments, seconds):
    """Runs a container without a network that sees `root` and changes nothing in it. It dies with us.

    Returns nspawn's exit code, None where the time was over and it was killed, and what was said.
    """
    name = f"instdrv-e2e-{os.getpid()}"
    command = ["setpriv", "--pdeathsig", "KILL", "systemd-nspawn", "--quiet", f"--directory={root}",
               f"--machine={name}", "--volatile=overlay", "--private-network", "--register=no", "--keep-unit",
               "--console=pipe", f"--system-call-filter={' '.join(LANDLOCK)}", *map(str, arguments)]
    try:
        with ControlGroup(name) as group:
            ran = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 text=True, errors="replace", preexec_fn=group.enter, timeout=seconds, check=False)
        return ran.returncode, ran.stdout
    except subprocess.TimeoutExpired as over:
        return None, str(over.stdout or "")
    finally:
        shutil.rmtree(f"/run/systemd/nspawn/propagate/{name}", ignore_errors=True)


def check_programs():
    if os.geteuid() != 0:
        raise Unavailable("it needs root")
    for program in ("mmdebstrap", "systemd-nspawn", "setpriv", "journalctl"):
        if shutil.which(program) is None:
            raise Unavailable(f"there is no {program}; scripts/setup installs it")


def check_containers(root):
    code, said = nspawn(root, ["/bin/true"], 60)
    if code != 0:
        raise Unavailable(f"systemd-nspawn ended with {code}: {said.strip()}")


def boot(root, arguments, binds, seconds):
    """Boots `root` until it ends. binds: host -> guest, writable. As nspawn()."""
    return nspawn(root, ["--boot", *(f"--bind={host}:{guest}" for host, guest in binds.items()), *arguments], seconds)
