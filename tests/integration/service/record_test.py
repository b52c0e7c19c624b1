"""The session's record, against a service that is killed."""
import json
import os
import random
import time
import unittest

from harness import (DRIVERS, DRV_CLOSE, DRV_EXITSESSION, DRV_FREE, DRV_LOAD, DRV_OPEN, RUNS_I386, Session,
                     ServiceTest, wait_for, workers_of)

KILLS = 200
DRIVER_NAMES = ("a.so", "b.so", "c.so")  # the last one is for i386
# Which message a driver has had when it is at a stage.
MESSAGE_OF_STAGE = {"open": DRV_OPEN, "told": DRV_EXITSESSION, "closed": DRV_CLOSE, "ended": DRV_FREE}
STAGES = ("opening", "open", "told", "closed", "ended")


class RecordTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.record_folder = self.folder / "state" / "instdrv" / "session"
        self.record_file = self.record_folder / "session.json"

    def record(self):
        return json.loads(self.record_file.read_text()) if self.record_file.exists() else None

    def check_truth(self, process):
        """The record is readable, and promises nothing that the drivers' diary does not bear out."""
        record = self.record()
        called = {name for name in DRIVER_NAMES if self.diary(name)}
        if record is None or record["process"] != process:
            self.assertEqual(called, set(), "a driver was called before the record said so")
            return
        recorded = {os.path.basename(driver["name"]): driver for driver in record["drivers"]}
        for name in called:
            self.assertIn(name, recorded)
        for name, driver in recorded.items():
            messages = [number for number, _ in self.diary(name)]
            self.assertIn(driver["stage"], STAGES)
            if driver["stage"] != "opening":
                self.assertIn(MESSAGE_OF_STAGE[driver["stage"]], messages, (name, record))
            if record["complete"]:
                self.assertIn(DRV_FREE, messages, (name, record))

    def measure(self, drivers):
        """How long this machine, as busy as it is, takes to start a session and to end one."""
        begun = time.monotonic()
        session = Session(self.folder, drivers, self.environment)
        session.wait_ready()
        ready = time.monotonic()
        session.end()
        return ready - begun, time.monotonic() - ready

    def kill_at_a_random_moment(self, drivers, chance, start, exit):
        for name in DRIVER_NAMES:
            self.diary_file(name).unlink(missing_ok=True)
        session = Session(self.folder, drivers, self.environment)
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0, start))
        else:
            session.wait_ready()
            session.process.terminate()
            time.sleep(chance.uniform(0, exit * 1.2))
        session.stop()
        # What is left of it may not even write on.
        wait_for(lambda: not workers_of(session.process.pid), "the workers to end")
        return session.process.pid

    def test_is_readable_and_true_after_any_kill(self):
        seed = int(os.environ.get("INSTDRV_SEED", time.time_ns() % 1_000_000))
        chance = random.Random(seed)
        drivers = [self.driver("a.so"), self.driver("b.so"), self.driver("c.so", folder="i386" if RUNS_I386 else ".")]
        stages = set()
        start, exit = self.measure(drivers)
        with self.subTest(INSTDRV_SEED=seed):
            for _ in range(KILLS):
                process = self.kill_at_a_random_moment(drivers, chance, start, exit)
                self.check_truth(process)
                stages |= {driver["stage"] for driver in (self.record() or {"drivers": []})["drivers"]}
            # Otherwise the kills came all too early or too late to mean anything.
            self.assertLessEqual({"opening", "open", "ended"}, stages)
            # What killed writers left behind is gone after the next start.
            session = self.run_session(*drivers)
            session.wait_ready()
            self.assertEqual({entry.name for entry in self.record_folder.iterdir()}, {"lock", "session.json"})
            self.assertEqual(session.end(), 0)

    def test_the_next_session_says_who_did_not_end(self):
        first = self.run_session(self.driver("a.so"))
        first.wait_ready()
        first.stop()
        second = self.run_session(self.driver("a.so"), DRIVERS / "hangs_in_exit.so", "--notify-timeout", "100ms",
                                  "--close-timeout", "100ms")
        second.wait_ready()
        self.assertIn("a.so did not end properly last time: it was open and was not told of the end when the "
                      "service was killed", second.err())
        self.assertEqual(second.end(), 3)
        third = self.run_session(self.driver("a.so"))
        third.wait_ready()
        self.assertIn("hangs_in_exit.so did not end properly last time: timed out", third.err())
        self.assertNotIn("a.so did not", third.err())
        self.assertEqual(third.end(), 0)
        fourth = self.run_session(self.driver("a.so"))
        fourth.wait_ready()
        self.assertNotIn("last time", fourth.err())
        self.assertEqual(fourth.end(), 0)

    def test_drivers_that_were_only_loaded_are_in_it(self):
        configuration = self.folder / "system.ini"
        configuration.write_text(f"[boot]\ndrivers={DRIVERS / 'loads_with_two.dll'}\n")
        first = self.run_session("--config", configuration)
        first.wait_ready()
        first.stop()
        second = self.run_session("--config", configuration)
        second.wait_ready()
        self.assertIn("loads_with_two.dll did not end properly last time", second.err())
        self.assertEqual(second.end(), 0)
        third = self.run_session("--config", configuration)
        third.wait_ready()
        self.assertNotIn("last time", third.err())
        self.assertEqual(third.end(), 0)

    def test_two_sessions_do_not_write_one_record(self):
        first = self.run_session(self.driver("a.so"))
        first.wait_ready()
        other = self.folder / "other"
        other.mkdir()
        second = Session(other, [self.driver("b.so")], self.environment)
        self.addCleanup(second.stop)
        second.wait_ready()
        self.assertIn("another session does", second.err())
        self.assertEqual(second.end(), 0)
        self.assertEqual(self.record()["process"], first.process.pid)
        self.assertEqual(first.end(), 0)

    def test_a_record_that_cannot_be_read_keeps_no_driver_from_its_session(self):
        self.record_folder.mkdir(parents=True)
        for content in ("", "{", "[]", '{"version": 7}', '{"version": 1, "drivers": 3}', "\0" * 100):
            self.record_file.write_text(content)
            session = self.run_session(self.driver("a.so"))
            session.wait_ready()
            self.assertIn("read the record of a session", session.err(), content)
            self.assertEqual(session.end(), 0)
            self.assertTrue(self.record()["complete"])

    def test_a_record_of_any_size_is_no_burden(self):
        """Nothing of it is read that could take long, and the next session has a record of its own."""
        self.record_folder.mkdir(parents=True)
        driver = self.driver("a.so")
        drivers = [{"name": f"{i}.acm", "file": "", "stage": "open", "trouble": ""} for i in range(8000)]
        whole = json.dumps({"version": 1, "boot": "", "process": 7, "ended_by": "", "complete": False,
                            "drivers": drivers}).encode()
        for content, size in ((b"", 1 << 30), (os.urandom(1 << 20), 1 << 20), (whole, len(whole)),
                              (b"[" * (1 << 20), 1 << 20), (whole * 40, 40 * len(whole))):
            self.record_file.write_bytes(content)
            os.truncate(self.record_file, size)
            session = self.run_session(driver)
            session.wait_ready()
            self.assertIn("last time" if content == whole else "record", session.err())
            self.assertLess(len(session.err().splitlines()), 110)
            self.assertEqual(session.end(), 0)
            self.assertLess(self.record_file.stat().st_size, 1 << 20)

    def test_drivers_that_cannot_be_opened_are_owed_nothing(self):
        session = self.run_session(DRIVERS / "refuses_load.so", self.driver("a.so"))
        session.wait_ready()
        wait_for(lambda: len(self.record()["drivers"]) == 1, "the record")
        self.assertEqual(session.end(), 1)


if __name__ == "__main__":
    unittest.main()
