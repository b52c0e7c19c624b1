"""Hundreds of programs on one driver of a session."""
import os
import random
import resource
import shutil
import subprocess
import unittest

from harness import (Client, DRIVERS, DRV_CLOSE, DRV_EXITAPPLICATION, DRV_LOAD, DRV_OPEN, Session, ServiceTest, wait_for)

PROGRAMS = 300
DRV_USER = 0x4000
COUNT, LAST_END, ANSWER = DRV_USER, DRV_USER + 1, DRV_USER + 2


class CrowdTest(ServiceTest):
    """The limits are an ordinary user's."""

    kinds = (DRIVERS / "counts.so", DRIVERS / "counts.dll", DRIVERS / "i386" / "counts.dll")

    def setUp(self):
        super().setUp()
        self.start_bus("user", limits={"max_connections_per_user": 1000})
        self.environment["INSTDRV_PATH"] = str(DRIVERS)
        files = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 4096)
        self.session = self.run_session(
            DRIVERS / "plain.so",
            before_exec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, 1024), files)))
        self.session.wait_ready()

    def client(self):
        client = Client(self.environment)
        self.addCleanup(client.stop)
        return client

    def copy(self, driver):
        copy = self.folder / f"{random.getrandbits(32):08x}-{driver.name}"
        shutil.copy(driver, copy)
        return copy

    def crowd(self, driver, way="leave", programs=PROGRAMS):
        done = subprocess.run([os.environ["INSTDRV_CROWD"], driver, str(programs), way], env=self.environment,
                              capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    def test_hundreds_of_programs_share_a_driver(self):
        for kind in self.kinds:
            with self.subTest(kind=kind):
                driver = self.copy(kind)
                neighbour = self.client()
                mine = neighbour.ask("open", driver)
                neighbour.begin("storm", mine)
                self.assertEqual(neighbour.answer(), "ok storming")
                said = self.crowd(driver)
                self.assertEqual(said[0], f"served {PROGRAMS} refused 0 failed 0", said)
                self.assertIsNone(neighbour.process.poll())
                neighbour.stop()


if __name__ == "__main__":
    unittest.main()
