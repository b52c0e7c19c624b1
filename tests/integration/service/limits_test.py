"""A session that may have no more processes and threads, as under systemd's TasksMax, or no more descriptors:
what needs one fails by itself, and the session's end needs none."""
import os
import resource
import unittest
from pathlib import Path

from harness import DRIVERS, DRV_EXITSESSION, DRV_FREE, Client, ServiceTest, that_run_here, wait_for

# UBSan asks a pipe whether an object's memory can be read, and calls the object invalid where there is none.
SPARE_DESCRIPTORS = 2 if os.environ.get("INSTDRV_SANITIZE") == "ON" else 0
HEALTHY = that_run_here("plain.so", "plain.dll", "i386/plain.dll", "i386/plain.so")


def pids_folder():
    """Of the control group that this process is in, where the number of tasks is limited."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "pids" in controllers.split(","):
            return Path("/sys/fs/cgroup/pids") / path.lstrip("/")
        if not controllers and Path("/sys/fs/cgroup/cgroup.controllers").exists():  # version 2 alone
            return Path("/sys/fs/cgroup") / path.lstrip("/")
    return None


class TaskGroup:
    """A control group below ours; `allow_no_more` lets it have no task more than it has."""

    def __init__(self):
        self.folder = pids_folder() / f"instdrv-limits-{os.getpid()}"
        self.folder.mkdir()

    def enter(self):
        """Moves this process into it. [between fork and exec]"""
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def allow(self, tasks="max"):
        (self.folder / "pids.max").write_text(tasks)

    def allow_no_more(self):
        self.allow((self.folder / "pids.current").read_text())

    def refused(self):
        """How many tasks it was not given."""
        return int((self.folder / "pids.events").read_text().split()[1])

    def remove(self):
        def removed():
            try:
                self.folder.rmdir()
            except OSError:  # what was killed is not gone yet
                return False
            return True
        wait_for(removed, "the control group's last process to end")


class LimitsTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.start_bus("user")

    def start_limited(self, **options):
        session = self.run_session(*(DRIVERS / name for name in HEALTHY), self.driver("saves.so"), **options)
        session.wait_ready()
        return session

    def check_end(self, session):
        """Every driver was told, and ended, and what it had to say is in the report."""
        self.assertEqual(session.end(), 0, session.err())
        outcomes = [driver["outcome"] for driver in self.report()["drivers"]]
        self.assertGreater(len(outcomes), len(HEALTHY))
        self.assertEqual(set(outcomes), {"ended"}, session.err())
        self.assertEqual(len(self.diary("saves.so", DRV_EXITSESSION)), 1)
        self.assertEqual(len(self.diary("saves.so", DRV_FREE)), 1)

    def test_ends_where_no_task_is_to_be_had(self):
        try:
            group = TaskGroup()
            self.addCleanup(group.remove)
            group.allow()
        except OSError as error:
            self.skipTest(f"no control group that limits tasks can be made here: {error}")
        session = self.start_limited(before_exec=group.enter)
        client = Client(self.environment)
        self.addCleanup(client.stop)
        group.allow_no_more()
        client.fails("open", DRIVERS / "counts.dll")  # needs a worker
        self.assertGreater(group.refused(), 0)
        self.check_end(session)

    def test_ends_where_no_descriptor_is_to_be_had(self):
        session = self.start_limited()
        client = Client(self.environment)
        self.addCleanup(client.stop)
        client.ask("open", DRIVERS / "plain.dll")
        limit = len(os.listdir(f"/proc/{session.process.pid}/fd")) + SPARE_DESCRIPTORS
        resource.prlimit(session.process.pid, resource.RLIMIT_NOFILE, (limit, limit))
        client.fails("open", DRIVERS / "counts.dll")
        self.check_end(session)


if __name__ == "__main__":
    unittest.main()
