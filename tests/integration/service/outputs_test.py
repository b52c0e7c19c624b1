"""What a session and the program write: it holds up no driver and no end, and is not lost unnoticed."""
import json
import os
import subprocess
import unittest

from harness import DEADLINE, DRIVERS, DRV_EXITSESSION, DRV_FREE, PROGRAM, Session, ServiceTest, wait_for

SLOW_SYNC = os.environ["INSTDRV_SLOW_SYNC"]
CODEC = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/msg711.acm"


def full_pipe():
    """A pipe that nobody reads and that takes nothing more: (reader, writer)."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        pass
    os.set_blocking(writer, True)
    return reader, writer


def closed_pipe():
    """A pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


class OutputsTest(ServiceTest):
    def run_program(self, *arguments, **streams):
        return subprocess.run([PROGRAM, *map(str, arguments)], env=self.environment, timeout=DEADLINE, check=False,
                              text=True, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams})

    def start_session(self, *arguments, out, err):
        process = subprocess.Popen([PROGRAM, "run", "--report", str(self.report_file), *map(str, arguments)],
                                   env=self.environment, stdout=out, stderr=err)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def opened(self, name):
        """Waits until the driver has been opened."""
        wait_for(lambda: len(self.diary(name)) >= 3, f"{name} to be opened")

    def bad_streams(self):
        reader, unread = full_pipe()
        self.addCleanup(os.close, reader)
        return {"full disk": os.open("/dev/full", os.O_WRONLY), "closed pipe": closed_pipe(), "unread pipe": unread}

    # ---- standard error ------------------------------------------------------------------------

    def test_a_standard_error_that_takes_nothing_changes_no_outcome(self):
        for what, stream in self.bad_streams().items():
            with self.subTest(what):
                self.diary_file("a.so").unlink(missing_ok=True)
                healthy = self.driver("a.so")
                session = self.start_session(DRIVERS / "refuses_load.so", DRIVERS / "hangs_in_exit.so", healthy,
                                             "--notify-timeout", "200ms", "--close-timeout", "2s",
                                             out=subprocess.DEVNULL, err=stream)
                os.close(stream)
                self.opened("a.so")
                session.terminate()
                self.assertEqual(session.wait(DEADLINE), 3)
                outcomes = {os.path.basename(d["name"]): d["outcome"] for d in self.report()["drivers"]}
                self.assertEqual(outcomes, {"a.so": "ended", "hangs_in_exit.so": "timed out"})
                self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)

    def test_an_unread_standard_error_keeps_no_machine_waiting(self):
        logind = self.start_logind(self.start_bus())
        reader, unread = full_pipe()
        self.addCleanup(os.close, reader)
        session = self.start_session(DRIVERS / "refuses_power.dll", self.driver("a.so"), out=subprocess.DEVNULL,
                                     err=unread)
        os.close(unread)
        self.opened("a.so")
        logind.wait_held()
        logind.emit("PrepareForSleep", "b", True)  # PWR_FAIL is logged
        logind.wait_released()
        logind.emit("PrepareForSleep", "b", False)
        logind.wait_held()
        logind.emit("PrepareForShutdown", "b", True)
        logind.wait_released()
        self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)
        session.terminate()
        self.assertEqual(session.wait(DEADLINE), 0)

    def test_streams_that_are_closed_are_no_files_of_the_session(self):
        # Else the record's lock or a driver's file would be standard error.
        healthy = self.driver("a.so")
        session = subprocess.Popen(["sh", "-c", 'exec "$@" >&- 2>&- <&-', "sh", PROGRAM, "run", DRIVERS / "refuses_load.so",
                                    healthy], env=self.environment)
        self.addCleanup(session.kill)
        self.opened("a.so")
        for stream in range(3):
            self.assertEqual(os.readlink(f"/proc/{session.pid}/fd/{stream}"), "/dev/null")
        session.terminate()
        self.assertEqual(session.wait(DEADLINE), 1)
        self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)

    def test_a_standard_error_that_is_full_changes_no_exit_code_of_commands(self):
        for arguments, code in ((("inspect", "/no/such/file"), 1), (("fly",), 2), (("inspect", CODEC), 0)):
            for what, stream in self.bad_streams().items():
                if what == "unread pipe":
                    os.close(stream)  # commands wait for their readers
                    continue
                with self.subTest(what, arguments=arguments):
                    self.assertEqual(self.run_program(*arguments, stderr=stream).returncode, code)
                    os.close(stream)

    # ---- what was asked for --------------------------------------------------------------------

    def test_output_that_cannot_be_written_is_an_error(self):
        for arguments in (("inspect", CODEC), ("inspect", CODEC, "--json"), ("acm", "list", CODEC), ("--help",)):
            for what, stream in self.bad_streams().items():
                if what == "unread pipe":
                    os.close(stream)
                    continue
                with self.subTest(what, arguments=arguments):
                    ran = self.run_program(*arguments, stdout=stream)
                    os.close(stream)
                    self.assertEqual(ran.returncode, 1)
                    if what == "closed pipe":  # as `head` leaves it
                        self.assertEqual(ran.stderr, "")
                    else:
                        self.assertIn("instdrv: write the output: No space left on device", ran.stderr)

    def test_a_session_whose_output_is_lost_ends_its_drivers_and_fails(self):
        for what, stream in self.bad_streams().items():
            with self.subTest(what):
                self.diary_file("a.so").unlink(missing_ok=True)
                error = self.folder / "errors"
                with open(error, "wb") as err:
                    session = self.start_session(self.driver("a.so"), "--json", out=stream, err=err)
                os.close(stream)
                self.opened("a.so")
                session.terminate()
                self.assertEqual(session.wait(DEADLINE), 1)
                self.assertIn("write the output: ", error.read_text())
                self.assertTrue(self.report()["ended_well"])

    def test_a_report_that_cannot_be_written_fails_the_session(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        for report in ("/dev/full", fifo):  # nobody reads it
            with self.subTest(report):
                self.diary_file("a.so").unlink(missing_ok=True)
                session = Session(self.folder, [self.driver("a.so"), "--report", report], self.environment)
                self.addCleanup(session.stop)
                session.wait_ready()
                self.assertEqual(session.end(), 1)
                self.assertIn(str(report), session.err())
                self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)

    # ---- a slow disk ---------------------------------------------------------------------------

    def slow_disk(self, milliseconds):
        self.environment.update(LD_PRELOAD=SLOW_SYNC, SLOW_SYNC_MS=str(milliseconds), SLOW_SYNC_NAME="instdrv/session")
        # AddressSanitizer, where it is at work, wants to be loaded before anything else.
        options = self.environment.get("ASAN_OPTIONS", "")
        self.environment["ASAN_OPTIONS"] = f"{options}:verify_asan_link_order=0"

    def test_a_slow_record_costs_no_driver_its_time(self):
        record_file = self.folder / "state" / "instdrv" / "session" / "session.json"
        self.slow_disk(500)
        session = self.run_session(self.driver("a.so"), self.driver("b.so"), "--notify-timeout", "400ms",
                                   "--close-timeout", "400ms")
        session.wait_ready()
        self.assertEqual(session.end(), 0, session.err())
        self.assertEqual([d["outcome"] for d in self.report()["drivers"]], ["ended", "ended"])
        # The process waits for its record, after everything else.
        self.assertTrue(json.loads(record_file.read_text())["complete"])

    def test_a_slow_record_keeps_no_machine_waiting(self):
        logind = self.start_logind(self.start_bus(), delay_seconds=1.0)
        record = self.folder / "state" / "instdrv" / "session" / "session.json"
        self.slow_disk(1000)
        session = self.run_session(self.driver("a.so"))
        session.wait_ready()
        logind.wait_held()
        logind.emit("PrepareForShutdown", "b", True)
        logind.wait_released()
        # The two flushes of a record that says so have not been done yet.
        self.assertFalse(json.loads(record.read_text())["complete"])
        self.assertEqual(len(self.diary("a.so", DRV_EXITSESSION)), 1)
        self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)
        self.assertEqual(session.end(), 0)
        self.assertTrue(json.loads(record.read_text())["complete"])

    # ---- files that are there already ----------------------------------------------------------

    def run_with(self, option, file, *more):
        session = Session(self.folder, [DRIVERS / "plain.so", option, file, *more], self.environment)
        self.addCleanup(session.stop)
        wait_for(lambda: session.process.poll() is not None or "The session runs as process" in session.out(),
                 "the session to run or to fail")
        return session.end(), session.err()

    def test_a_report_and_a_trace_replace_only_their_like(self):
        for option, mark in (("--report", "ended_well"), ("--trace", "DRV_FREE")):
            with self.subTest(option):
                file = self.folder / option.strip("-")
                self.assertEqual(self.run_with(option, file)[0], 0)
                file.write_text("something else\n")
                code, error = self.run_with(option, file)
                self.assertEqual(code, 1)
                self.assertIn(f"{file}: it exists, and is no ", error)
                self.assertEqual(file.read_text(), "something else\n")
                self.assertEqual(self.run_with(option, file, "--force")[0], 0)
                self.assertIn(mark, file.read_text())
                self.assertEqual(self.run_with(option, file)[0], 0)  # an older one
                kept = file.read_text()
                file.chmod(0o444)
                for more in ((), ("--force",)):
                    self.assertEqual(self.run_with(option, file, *more)[0], 1)
                self.assertEqual(file.read_text(), kept)

    def test_a_report_goes_to_pipes_and_devices(self):
        self.assertEqual(self.run_with("--report", "/dev/null")[0], 0)
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))
        session = Session(self.folder, [DRIVERS / "plain.so", "--report", "/dev/stdout"], self.environment)
        self.addCleanup(session.stop)
        session.wait_ready()
        self.assertEqual(session.end(), 0)
        self.assertIn('"ended_well": true', session.out())


if __name__ == "__main__":
    unittest.main()
