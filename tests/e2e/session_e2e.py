"""instdrv as a service of real machines that end in real ways: small Debians in containers.

    session_e2e.py BUILD_FOLDER CACHE_FOLDER TEST_DRIVERS WINE_DLLS WINE_DLLS_32 [SCENARIO...]

Each scenario boots a machine whose instdrv.service opens real drivers of each machine size that runs here and
one that hangs in DRV_EXITSESSION, ends the machine or the login, and reads the journal afterwards; see checks.py
for what is asked. Prints a table. Exit codes: 0 all as it should be, 1 something was not, 77 no such container can be
started here (a line says why). Journals are kept in CACHE_FOLDER/journals until the next run.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import checks
import machine
from evidence import Journal

SKIPPED = 77
RUNS_I386 = os.environ.get("INSTDRV_RUNS_I386") != "OFF"  # otherwise the kernel has IA-32 emulation off
REAL_DRIVERS = ("msadp32.acm", "imaadp32.acm", "msg711.acm", "iccvid.dll", "msvidc32.dll")
SECONDS_TO_END = 60  # for a boot and its end, which take about three
GUEST_DRIVERS = "/usr/lib/e2e/drivers"
GUEST_DRIVERS_32 = "/usr/lib/e2e/drivers32"
# Of who holds the session: the configuration that makes it begin, and the state.
GUEST_FOLDERS = {
    "system service": ("/etc/instdrv", "/var/lib/instdrv"),
    "user service": ("/home/tester/.config/instdrv", "/home/tester/.local/state/instdrv"),
    "program": ("/etc/e2e", "/home/tester/.local/state/instdrv"),
}
TESTER = 1000  # see root/usr/lib/sysusers.d/e2e.conf


@dataclass
class Scenario:
    name: str
    script: str  # of root/usr/lib/e2e
    holder: str  # of GUEST_FOLDERS
    causes: tuple  # what the session may say has ended it
    waited: tuple  # who says what when it waits no longer
    delay: float = 5.0  # seconds that logind waits at most; 5 is its own choice
    ends_with: int = 0  # nspawn's exit code
    arguments: tuple = ()  # of the machine's init
    locks: bool = True
    unfinished: bool = False  # the next session says whose drivers did not end


EXIT = 4.0  # seconds that `instdrv run` gives drivers to be told and closed, where nobody has less
SHUTDOWN = ("logind: the machine shuts down",)
POWERED_DOWN = ("systemd-logind", "System is powering down")
SERVICE_STOPPED = ("systemd", "Stopped instdrv.service")
SCENARIOS = (
    Scenario("poweroff", "poweroff", "system service", SHUTDOWN, POWERED_DOWN),
    Scenario("poweroff-in-a-second", "poweroff", "system service", SHUTDOWN, POWERED_DOWN, delay=1.0),
    Scenario("poweroff-logged-in", "poweroff-logged-in", "user service", SHUTDOWN, POWERED_DOWN),
    Scenario("reboot", "reboot", "system service", SHUTDOWN, ("systemd-logind", "System is rebooting"),
             ends_with=machine.REBOOTED, unfinished=True),
    Scenario("terminate-user", "terminate-user", "user service", ("SIGTERM",), SERVICE_STOPPED),
    Scenario("logout", "logout", "user service", ("SIGTERM",), SERVICE_STOPPED),
    # All of a session's processes get both signals, and logind says so: whichever is seen first.
    Scenario("terminate-session", "terminate-session", "program", ("SIGTERM", "SIGHUP", "logind: session"),
             ("systemd", "Stopped session-")),
    # Nobody gives a service locks then, and logind does not wait. The service manager does.
    Scenario("poweroff-without-polkit", "poweroff", "system service", (*SHUTDOWN, "SIGTERM"), SERVICE_STOPPED,
             arguments=("systemd.mask=polkit.service",), locks=False),
)


class Setting:
    """The machine's files: the root with instdrv and its drivers, and what names them."""

    def __init__(self, root, base, build, test_drivers, wine, wine_32):
        self.root = root
        machine.remove(root)  # a run that was killed leaves it
        machine.run("cp", "--archive", base, root)
        machine.install(root, build)
        self.entries = {}
        sizes = {"64": wine, "32": wine_32} if RUNS_I386 else {"64": wine}
        for size, folder in sizes.items():
            for name in REAL_DRIVERS:
                self.add(f"{Path(name).stem}-{size}", folder / name, str(folder), name)
        self.add("saves-64", test_drivers / "saves_in_exit.dll", GUEST_DRIVERS, "saves_64.dll")
        if RUNS_I386:
            self.add("saves-32", test_drivers / "i386/saves_in_exit.dll", GUEST_DRIVERS_32, "saves_32.dll")
        self.add("hangs", test_drivers / "hangs_in_exit.dll", GUEST_DRIVERS, "hangs.dll")
        self.drivers = checks.Drivers(healthy=[name for name in self.entries if name != "hangs"],
                                      saving=[f"saves-{size}" for size in sizes], hung="hangs",
                                      machine_sizes=len(sizes))

    def add(self, alias, file, guest_folder, name):
        folder = self.root / guest_folder.lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / name)
        self.entries[alias] = f"{guest_folder}/{name}"

    def system_ini(self):
        return "\n".join(["[drivers32]", *(f"{alias}={file}" for alias, file in self.entries.items())]) + "\n"


class Run:
    """One scenario in a folder of its own; what is below it outlasts the machine, not the run."""

    def __init__(self, scenario, setting, folder):
        self.scenario, self.setting, self.folder = scenario, setting, folder
        for name in ("config", "state", "logind.conf.d"):
            (folder / name).mkdir()
        # After the last logout, the user's services end at once.
        (folder / "logind.conf.d/e2e.conf").write_text(
            f"[Login]\nUserStopDelaySec=0\nInhibitDelayMaxSec={scenario.delay}\n")
        (folder / "config/system.ini").write_text(setting.system_ini())
        if scenario.holder != "system service":
            os.chown(folder / "state", TESTER, TESTER)

    def boot(self, script, journals):
        """Returns nspawn's exit code and the journal of this boot, which is kept as well."""
        with tempfile.TemporaryDirectory(dir=self.folder) as journal:
            config, state = GUEST_FOLDERS[self.scenario.holder]
            binds = {journal: "/var/log/journal", self.folder / "config": config, self.folder / "state": state,
                     self.folder / "logind.conf.d": "/etc/systemd/logind.conf.d"}
            code, said = machine.boot(self.setting.root, [f"systemd.unit=e2e@{script}.service",
                                                          *self.scenario.arguments], binds, SECONDS_TO_END)
            found = Journal(journal)
        self.kept = journals / f"{self.scenario.name}.json"
        with open(self.kept, "a", encoding="utf-8") as file:
            file.write(found.text)
        if not found.entries:
            raise RuntimeError(f"the machine left no journal; nspawn ended with {code}:\n{said}")
        return code, found

    def saved_by(self, name):
        folder, file = self.folder / "state/drivers", Path(self.setting.entries[name]).name
        return next(folder.glob(f"{file}-*/state/saved.txt"), folder / file / "saved.txt")

    def judge(self, journals):
        verdicts = checks.Verdicts()
        code, journal = self.boot(self.scenario.script, journals)
        verdicts.add(code == self.scenario.ends_with and not journal.said("systemd", "Failed to start e2e@"),
                     "the machine ended as it was asked to", f"nspawn ended with {code}")
        files = {name: self.saved_by(name) for name in self.setting.drivers.saving}
        # instdrv keeps a tenth of the time that logind gives.
        budget = min(EXIT, self.scenario.delay * 0.9)
        end = checks.End(journal.first("e2e-asks"), journal.first(*self.scenario.waited), budget)
        checks.check_session(verdicts, journal, self.setting.drivers, files, end, self.scenario.causes,
                             self.scenario.locks)
        if self.scenario.unfinished:
            _, next_journal = self.boot("poweroff", journals)
            said = next_journal.said("instdrv", self.setting.drivers.hung + " did not end")
            verdicts.add(said, "the next session says which driver did not end", said and said[0]["MESSAGE"])
        return verdicts


def print_table(name, verdicts):
    print(f"\n{name}")
    for passed, what, detail in verdicts.rows:
        print(f"  {'ok  ' if passed else 'FAIL'}  {what:55}  {detail}".rstrip())
    sys.stdout.flush()


def run_all(setting, journals, wanted):
    """The journals of the scenarios that did not go as they should."""
    bad = []
    for scenario in wanted:
        with tempfile.TemporaryDirectory(prefix="instdrv-e2e-") as folder:
            run = Run(scenario, setting, Path(folder))
            verdicts = run.judge(journals)
        print_table(scenario.name, verdicts)
        if not verdicts.good():
            bad.append(run.kept)
    return bad


def main(arguments):
    build, cache, test_drivers, wine, wine_32 = map(Path, arguments[:5])
    scenarios = {scenario.name: scenario for scenario in SCENARIOS}
    if unknown := set(arguments[5:]) - set(scenarios):
        sys.exit(f"no scenario is called {', '.join(unknown)}; there are {', '.join(scenarios)}")
    wanted = [scenarios[name] for name in arguments[5:] or scenarios]
    machine.check_programs()
    journals = cache / "journals"
    shutil.rmtree(journals, ignore_errors=True)
    journals.mkdir(parents=True)
    root = cache / "root"
    try:
        setting = Setting(root, machine.base(cache), build, test_drivers, wine, wine_32)
        machine.check_containers(root)
        bad = run_all(setting, journals, wanted)
    finally:
        machine.remove(root)
    for kept in bad:
        print(f"\nthe journal of what failed: {kept}, one JSON entry a line")
    return 1 if bad else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by way of what cleans up
    try:
        sys.exit(main(sys.argv[1:]))
    except machine.Unavailable as why:
        print(f"skipped: no machine can be booted in a container of systemd-nspawn here: {why}")
        sys.exit(SKIPPED)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error}\n{error.stderr or ''}")
