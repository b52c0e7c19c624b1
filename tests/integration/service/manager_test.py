"""What the service manager and the journal hear of a session."""
import os
import socket
import subprocess
import sys
import unittest

from harness import DEADLINE, DRIVERS, PROGRAM, ServiceTest, wait_for

# Runs the program with standard error as the "journal": a socket that JOURNAL_STREAM names, and the
# journal's own socket where the program sends fields to, in a mount namespace of its own.
JOURNAL = r"""
import os, socket, subprocess, sys, threading
os.makedirs("/run/systemd/journal", exist_ok=True)
journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
journal.bind("/run/systemd/journal/socket")
stream, other = socket.socketpair()
seen = os.fstat(stream.fileno())
os.environ["JOURNAL_STREAM"] = f"{seen.st_dev}:{seen.st_ino}"
entries = []
def receive():
    while entry := journal.recv(65536):
        entries.append(entry)
receiver = threading.Thread(target=receive)
receiver.start()
program = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=stream, text=True)
for line in program.stdout:
    if "The session runs as process" in line:
        program.terminate()
program.wait()
end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
end.connect("/run/systemd/journal/socket")
end.send(b"")
receiver.join()
sys.stdout.buffer.write(b"\n\n".join(entries))
"""


class ManagerTest(ServiceTest):
    def listen(self):
        path = self.folder / "notify"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.notify.close)
        self.notify.bind(str(path))
        self.notify.settimeout(DEADLINE)
        self.environment["NOTIFY_SOCKET"] = str(path)
        self.told = []

    def wait_told(self, text):
        while not any(text in message for message in self.told):
            self.told.append(self.notify.recv(4096).decode())
        return next(message for message in self.told if text in message)

    def test_the_manager_hears_of_the_start_and_of_the_end(self):
        self.listen()
        session = self.run_session(self.driver("a.so"), DRIVERS / "refuses_load.so", "--notify-timeout", "3s",
                                   "--close-timeout", "4s")
        self.assertIn("STATUS=1 of 2 drivers open", self.wait_told("READY=1"))
        session.process.terminate()
        longest = int(self.wait_told("EXTEND_TIMEOUT_USEC=").split("=")[1])
        self.assertGreaterEqual(longest, 7_000_000)
        self.assertIn("SIGTERM ends the session", self.wait_told("STATUS=SIGTERM"))
        self.wait_told("STOPPING=1")
        session.wait()

    def test_the_watchdog_is_fed_while_a_driver_hangs(self):
        self.listen()
        self.environment["WATCHDOG_USEC"] = "200000"
        session = self.run_session(DRIVERS / "hangs_in_open.so", "--notify-timeout", "100ms", "--close-timeout", "100ms")
        for _ in range(3):
            self.wait_told("WATCHDOG=1")
            self.told.clear()
        session.end()

    @unittest.skipIf(os.geteuid() != 0, "needs root for a mount namespace")
    def test_the_journal_gets_fields(self):
        script = self.folder / "journal.py"
        script.write_text(JOURNAL)
        ran = subprocess.run(
            ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh", sys.executable, script,
             PROGRAM, "run", self.driver("a.so"), DRIVERS / "hangs_in_exit.so", "--notify-timeout", "500ms",
             "--close-timeout", "100ms"],
            env=self.environment, capture_output=True, timeout=60, check=False)
        entries = [dict(line.split("=", 1) for line in entry.splitlines() if "=" in line)
                   for entry in ran.stdout.decode().split("\n\n")]
        late = next(entry for entry in entries if entry.get("INSTDRV_OUTCOME") == "timed_out")
        self.assertEqual(late["INSTDRV_DRIVER"], str(DRIVERS / "hangs_in_exit.so"))
        self.assertEqual(late["INSTDRV_MESSAGE"], "DRV_EXITSESSION")
        # Of the time that all have together, what was left when it was told.
        self.assertGreater(float(late["INSTDRV_MS"]), 100)
        self.assertEqual(late["PRIORITY"], "4")
        told = [entry for entry in entries if entry.get("INSTDRV_DRIVER") == str(self.folder / "a.so")]
        self.assertEqual([entry["INSTDRV_MESSAGE"] for entry in told],
                         ["DRV_EXITSESSION", "DRV_CLOSE", "DRV_DISABLE", "DRV_FREE", "unload"])
        self.assertEqual({entry["INSTDRV_OUTCOME"] for entry in told}, {"answered"})
        self.assertEqual({entry["SYSLOG_IDENTIFIER"] for entry in entries if entry}, {"instdrv"})

    def test_lines_go_to_standard_error_elsewhere(self):
        self.environment["JOURNAL_STREAM"] = "1:2"  # of another stream
        session = self.run_session(DRIVERS / "hangs_in_exit.so", "--notify-timeout", "100ms", "--close-timeout", "100ms")
        session.wait_ready()
        self.assertEqual(session.end(), 3)
        wait_for(lambda: "hangs_in_exit.so: DRV_EXITSESSION timed_out after" in session.err(), "the line")


if __name__ == "__main__":
    unittest.main()
