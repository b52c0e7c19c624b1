"""What the tests of the session service share: private buses, a logind that is imitated, and
`instdrv run` as a process.

INSTDRV_PROGRAM and INSTDRV_TEST_DRIVERS name the program and the folder of test drivers, INSTDRV_RUNS_I386 is ON or
OFF.
"""
import contextlib
import json
import os
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import dbus
import dbusmock

PROGRAM = os.environ["INSTDRV_PROGRAM"]
DRIVERS = Path(os.environ["INSTDRV_TEST_DRIVERS"])
RUNS_I386 = os.environ["INSTDRV_RUNS_I386"] == "ON"  # otherwise the kernel has IA-32 emulation off
DRIVER_FOLDERS = (DRIVERS, DRIVERS / "i386") if RUNS_I386 else (DRIVERS,)
DEADLINE = 30  # seconds: far more than anything here takes, so that a failure ends

DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_CLOSE, DRV_DISABLE, DRV_FREE = 1, 2, 3, 4, 5, 6
DRV_QUERYCONFIGURE, DRV_EXITSESSION, DRV_EXITAPPLICATION, DRV_POWER = 8, 11, 12, 15
SUSPEND_REQUEST, SUSPEND_RESUME = 1, 2


def that_run_here(*drivers):
    """Those of the drivers that can run here; the ones for i386 are in a folder of that name."""
    return tuple(driver for driver in drivers if RUNS_I386 or "i386" not in str(driver))


def wait_for(condition, what):
    """Waits until `condition` gives something true, and returns that."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}")


class Bus:
    """A dbus-daemon of the test's own."""

    def __init__(self, folder, name="bus", policy="", limits=None):
        self.address = f"unix:path={folder}/{name}"
        config = folder / f"{name}.conf"
        limits = "".join(f'<limit name="{limit}">{value}</limit>' for limit, value in (limits or {}).items())
        config.write_text(
            "<busconfig><type>session</type>"
            f"<listen>{self.address}</listen><auth>EXTERNAL</auth>"
            '<policy context="default"><allow send_destination="*" eavesdrop="true"/>'
            f'<allow eavesdrop="true"/><allow own="*"/><allow user="*"/>{policy}</policy>{limits}</busconfig>')
        self.process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.process.stdout.readline()

    def connect(self):
        return dbus.bus.BusConnection(self.address)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def pipes_of(process):
    """By descriptor, what tells one pipe from another."""
    found = {}
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            found[descriptor.name] = os.readlink(descriptor)
    return {number: target for number, target in found.items() if target.startswith("pipe:")}


class Logind:
    """org.freedesktop.login1, imitated with the template of python-dbusmock."""

    NAME, PATH, MANAGER = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"

    def __init__(self, bus, delay_seconds=5.0):
        environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=bus.address,
                           DBUS_SESSION_BUS_ADDRESS=bus.address)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--session", "--template", "logind"], env=environment,
            stdout=subprocess.DEVNULL)
        self.connection = bus.connect()
        wait_for(lambda: self.connection.name_has_owner(self.NAME), "the imitated logind")
        self.object = self.connection.get_object(self.NAME, self.PATH)
        self.mock = dbus.Interface(self.object, dbusmock.MOCK_IFACE)
        self.mock.AddProperty(self.MANAGER, "InhibitDelayMaxUSec",
                              dbus.UInt64(int(delay_seconds * 1e6)))

    def inhibitors(self):
        return [tuple(map(str, entry[:4])) for entry in
                dbus.Interface(self.object, self.MANAGER).ListInhibitors()]

    def locks_of(self, process):
        """The descriptors of a process that are locks: pipes of which this has the other end."""
        here = pipes_of(self.process.pid).values()
        return [number for number, pipe in pipes_of(process).items() if pipe in here]

    def emit(self, signal, signature, *arguments):
        self.mock.EmitSignal(self.MANAGER, signal, signature, list(arguments))

    def refuse_inhibitors(self):
        self.mock.AddMethod(
            self.MANAGER, "Inhibit", "ssss", "h",
            'raise dbus.exceptions.DBusException("not for you", '
            'name="org.freedesktop.DBus.Error.AccessDenied")')

    def wait_held(self):
        wait_for(lambda: len(self.inhibitors()) == 2, "the delay locks")

    def wait_released(self):
        wait_for(lambda: not self.inhibitors(), "the release of the delay locks")

    def stop(self):
        self.connection.close()
        self.process.kill()
        self.process.wait()


class Session:
    """`instdrv run`. Everything it says is kept in files, so that nothing blocks it."""

    def __init__(self, folder, arguments, environment, in_process=False, before_exec=None):
        self.out_file, self.err_file = folder / "out", folder / "err"
        with open(self.out_file, "wb") as out, open(self.err_file, "wb") as err:
            placement = ["--in-process"] if in_process else []
            self.process = subprocess.Popen([PROGRAM, "run", *placement, *map(str, arguments)], stdout=out,
                                            stderr=err, env=environment, preexec_fn=before_exec)

    def out(self):
        return self.out_file.read_text(errors="replace")

    def err(self):
        return self.err_file.read_text(errors="replace")

    def wait_ready(self, times=1):
        wait_for(lambda: self.out().count("The session runs as process") >= times,
                 f"the session to run\n{self.out()}{self.err()}")

    def wait(self):
        return self.process.wait(DEADLINE)

    def end(self):
        """SIGTERM, and the exit code."""
        self.process.terminate()
        return self.wait()

    def workers(self):
        """The processes that it has started."""
        found = []
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # of a thread that has ended since
                found += map(int, children.read_text().split())
        return found

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Client:
    """The program that uses a session's drivers, a line at a time."""

    def __init__(self, environment, *arguments):
        self.process = subprocess.Popen([os.environ["INSTDRV_CLIENT"], *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, bufsize=1, env=environment)

    def begin(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")

    def answer(self):
        return self.process.stdout.readline().rstrip("\n")

    def ask(self, *words):
        """What it answers, without its "ok"."""
        self.begin(*words)
        answer = self.answer()
        if not answer.startswith("ok "):
            raise AssertionError(f"{words}: {answer}")
        return int(answer[3:])

    def fails(self, *words):
        """The code of the error."""
        self.begin(*words)
        answer = self.answer()
        if not answer.startswith("error "):
            raise AssertionError(f"{words} did not fail: {answer}")
        return answer[6:].split(":")[0]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        """Without a word to the session."""
        self.process.stdin.close()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            pipe.close()


def workers_of(process):
    """The workers of a session, whether it still lives or not: each has its number as argument."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if b"instdrv-worker" in words[0] and words[1:2] == [str(process).encode()]:
            found.append(int(folder.name))
    return found


def state_of(root, driver):
    """The folder that a driver is given for what it keeps: FNV-1a of its path tells it from others."""
    path = os.fsencode(os.path.realpath(driver))
    number = 0xcbf29ce484222325
    for byte in path:
        number = (number ^ byte) * 0x100000001b3 % 2**64
    return root / "drivers" / f"{os.path.basename(driver)}-{number:016x}" / "state"


class ServiceTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="instdrv-service-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.report_file = self.folder / "exit.json"
        self.environment = {
            "PATH": os.environ["PATH"],
            "XDG_STATE_HOME": str(self.folder / "state"),
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/system",
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/user",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def start_bus(self, name="system", **options):
        bus = Bus(self.folder, name, **options)
        self.addCleanup(bus.stop)
        variable = "DBUS_SYSTEM_BUS_ADDRESS" if name == "system" else "DBUS_SESSION_BUS_ADDRESS"
        self.environment[variable] = bus.address
        return bus

    def start_logind(self, bus, **options):
        logind = Logind(bus, **options)
        self.addCleanup(logind.stop)
        return logind

    def client(self, *arguments):
        client = Client(self.environment, *arguments)
        self.addCleanup(client.stop)
        return client

    def copy(self, driver):
        """A copy of its own, so that its counts are this test's."""
        copy = self.folder / f"{random.getrandbits(32):08x}-{driver.name}"
        shutil.copy(driver, copy)
        return copy

    def driver(self, name, folder="."):
        """A copy of the driver that keeps a diary, under a name of its own."""
        copy = self.folder / name
        shutil.copy(DRIVERS / folder / "diary.so", copy)
        self.diary_file(name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{name}.diary").write_text(str(self.diary_file(name)))
        return copy

    def diary_file(self, name):
        """In the driver's state folder, the only one that a worker lets it write to."""
        return state_of(self.folder / "state" / "instdrv", self.folder / name) / "diary"

    def run_session(self, *arguments, **options):
        session = Session(self.folder, [*arguments, "--report", self.report_file], self.environment, **options)
        self.addCleanup(session.stop)
        return session

    def diary(self, name, message=None):
        """What a driver was sent: (message, lParam1) in order; of one message: the lParam1s."""
        file = self.diary_file(name)
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        entries = [tuple(map(int, line.split())) for line in lines]
        return entries if message is None else [v for number, v in entries if number == message]

    def report(self):
        return json.loads(self.report_file.read_text(errors="replace"))
