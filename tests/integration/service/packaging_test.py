"""The unit files, as systemd reads them, and the bus policy, as a dbus-daemon does."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PACKAGING = Path(os.environ["INSTDRV_PACKAGING"])
SOURCES = Path(__file__).resolve().parents[3] / "packaging"


class PackagingTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="instdrv-packaging-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def unit(self, manager):
        """The unit with the program that was built instead of the one that is installed."""
        text = (PACKAGING / manager / "instdrv.service").read_text()
        self.assertNotIn("@", text)
        text = re.sub("^ExecStart=[^ ]*", "ExecStart=" + os.environ["INSTDRV_PROGRAM"], text, flags=re.M)
        unit = self.folder / "instdrv.service"
        unit.write_text(text)
        return unit

    def complaints(self, manager, unit):
        ran = subprocess.run(["systemd-analyze", "verify", "--man=no", f"--{manager}", unit], capture_output=True,
                             text=True, timeout=60, check=False,
                             env=dict(os.environ, XDG_RUNTIME_DIR=str(self.folder)))
        return [line for line in ran.stderr.splitlines() if "instdrv" in line]

    def test_units_are_free_of_mistakes(self):
        for manager in ("user", "system"):
            with self.subTest(manager=manager):
                unit = self.unit(manager)
                self.assertEqual(self.complaints(manager, unit), [])
                unit.write_text(unit.read_text().replace("KillMode=mixed", "KillMod=mixed"))
                self.assertNotEqual(self.complaints(manager, unit), [], "nothing is checked")

    def test_the_system_unit_is_hardened(self):
        ran = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=40", self.unit("system")],
                             capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout[-400:] + ran.stderr)

    def test_a_bus_takes_the_policy(self):
        config = self.folder / "bus.conf"
        config.write_text(f"<busconfig><type>system</type><listen>unix:path={self.folder}/bus</listen>"
                          f"<include>{SOURCES}/org.instdrv.Host1.conf</include></busconfig>")
        daemon = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(daemon.stdout.close)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        self.assertIn("unix:path", daemon.stdout.readline())


if __name__ == "__main__":
    unittest.main()
