"""The session against a logind that is imitated on a private bus."""
import signal
import subprocess
import unittest

from harness import (Client, DRIVERS, DRV_EXITSESSION, DRV_FREE, DRV_POWER, SUSPEND_REQUEST, SUSPEND_RESUME,
                     ServiceTest, state_of, wait_for)


class LogindTest(ServiceTest):
    def start(self, *drivers, delay_seconds=5.0):
        self.bus = self.start_bus()
        self.logind = self.start_logind(self.bus, delay_seconds=delay_seconds)
        session = self.run_session(*drivers)
        session.wait_ready()
        self.logind.wait_held()
        return session

    def test_holds_a_delay_lock_for_each_and_never_blocks(self):
        # One lock for both is what logind gives to users at a desktop alone.
        session = self.start(self.driver("a.so"))
        self.assertEqual(sorted(self.logind.inhibitors()),
                         [(what, "instdrv", "Drivers are told that the session ends", "delay")
                          for what in ("shutdown", "sleep")])
        self.assertEqual(session.end(), 0)
        self.assertEqual(session.err(), "")

    def test_a_shutdown_ends_the_drivers_before_the_lock_is_released(self):
        session = self.start(self.driver("a.so"), self.driver("b.so"))
        self.logind.emit("PrepareForShutdown", "b", True)
        self.logind.wait_released()
        for name in ("a.so", "b.so"):
            self.assertEqual(len(self.diary(name, DRV_EXITSESSION)), 1)
            self.assertEqual(len(self.diary(name, DRV_FREE)), 1)
        wait_for(self.report_file.exists, "the report, for which nothing waits")
        self.assertEqual(self.report()["announced_by"], "logind: the machine shuts down")
        self.assertEqual(self.report()["reason"], "session_end")
        # The shutdown may still be cancelled, so it waits for the service manager's signal.
        self.assertIsNone(session.process.poll())
        self.assertEqual(session.end(), 0)

    def test_what_drivers_wrote_is_flushed_before_the_lock_is_released(self):
        hung = DRIVERS / "hangs_in_exit.so"
        left = state_of(self.folder / "state" / "instdrv", hung) / "diary"  # by a driver that is killed
        left.parent.mkdir(parents=True)
        left.write_text("left behind")
        self.start_bus("user")
        session = self.start(self.driver("a.so"), hung, "--notify-timeout", "200ms", "--close-timeout", "200ms")
        client = Client(self.environment)  # whose driver is closed before the end
        self.addCleanup(client.stop)
        client.ask("open", self.driver("b.so"))
        client.ask("leave")
        locks = self.logind.locks_of(session.process.pid)
        self.assertEqual(len(locks), 2)
        trace = self.folder / "trace"
        tracer = subprocess.Popen(["strace", "-f", "-y", "-e", "trace=fsync,close", "-e", "signal=none", "-o", trace,
                                   "-p", str(session.process.pid)], stderr=subprocess.PIPE, text=True)
        self.addCleanup(tracer.stderr.close)
        self.addCleanup(tracer.wait)
        tracer.stderr.readline()  # it says so once it has attached
        self.logind.emit("PrepareForShutdown", "b", True)
        self.logind.wait_released()
        self.assertEqual(session.end(), 3)
        calls = trace.read_text().splitlines()
        released = [i for i, call in enumerate(calls) if any(f"close({lock}<" in call for lock in locks)]
        self.assertTrue(released)
        for path in (self.diary_file("a.so"), self.diary_file("a.so").parent, self.diary_file("b.so"), left, left.parent):
            flushed = [i for i, call in enumerate(calls) if f"<{path}>" in call and "fsync(" in call]
            self.assertTrue(flushed, f"{path} was not flushed")
            self.assertLess(flushed[0], released[0], path)

    def test_a_cancelled_shutdown_opens_the_drivers_again_and_takes_the_lock_again(self):
        session = self.start(self.driver("a.so"))
        self.logind.emit("PrepareForShutdown", "b", True)
        self.logind.wait_released()
        self.logind.emit("PrepareForShutdown", "b", False)
        session.wait_ready(times=2)
        self.logind.wait_held()
        self.assertEqual(session.end(), 0)
        self.assertEqual(len(self.diary("a.so", DRV_EXITSESSION)), 2)

    def test_a_budget_of_half_a_second_holds_though_a_driver_hangs(self):
        session = self.start(self.driver("a.so"), DRIVERS / "hangs_in_exit.so", delay_seconds=0.5)
        self.logind.emit("PrepareForShutdown", "b", True)
        self.logind.wait_released()
        self.assertEqual(len(self.diary("a.so", DRV_EXITSESSION)), 1)
        self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)
        wait_for(self.report_file.exists, "the report")
        report = self.report()
        self.assertLessEqual(report["notify_timeout_ms"] + report["close_timeout_ms"], 400)
        # It would be 2 s for the first hang alone; what a busy machine adds is far less.
        self.assertLess(report["milliseconds"], 2000)
        self.assertEqual(session.end(), 3)

    def test_sleep_is_told_before_and_after(self):
        session = self.start(self.driver("a.so"), self.driver("b.so"))
        for _ in range(2):
            self.logind.emit("PrepareForSleep", "b", True)
            self.logind.wait_released()
            for name in ("a.so", "b.so"):
                self.assertEqual(self.diary(name, DRV_POWER)[-1:], [SUSPEND_REQUEST])
            self.logind.emit("PrepareForSleep", "b", False)
            self.logind.wait_held()
            for name in ("a.so", "b.so"):
                wait_for(lambda n=name: self.diary(n, DRV_POWER)[-1:] == [SUSPEND_RESUME], "the resume")
        self.assertEqual(self.diary("a.so", DRV_POWER), [SUSPEND_REQUEST, SUSPEND_RESUME] * 2)
        self.assertEqual(session.end(), 0)

    def test_drivers_that_refuse_or_hang_do_not_stop_the_sleep(self):
        session = self.start(DRIVERS / "refuses_power.dll", DRIVERS / "hangs_in_power.so",
                             self.driver("a.so"), delay_seconds=0.5)
        self.logind.emit("PrepareForSleep", "b", True)
        self.logind.wait_released()
        self.assertEqual(self.diary("a.so", DRV_POWER), [SUSPEND_REQUEST])
        wait_for(lambda: "refuses_power.dll: DRV_POWER refused" in session.err(), "the refusal")
        wait_for(lambda: "hangs_in_power.so: DRV_POWER timed_out" in session.err(), "the hang")
        # A later exit still reaches everybody, the hung one included.
        session.end()
        self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)

    def test_its_own_login_session_ends_it(self):
        self.environment["XDG_SESSION_ID"] = "c7"
        session = self.start(self.driver("a.so"))
        self.logind.emit("SessionRemoved", "so", "c8", "/org/freedesktop/login1/session/c8")
        self.logind.emit("SessionRemoved", "so", "c7", "/org/freedesktop/login1/session/c7")
        self.assertEqual(session.wait(), 0)
        self.assertEqual(self.report()["announced_by"], "logind: session c7 is removed")

    def test_goes_on_with_signals_when_the_bus_dies(self):
        session = self.start(self.driver("a.so"))
        self.bus.stop()
        wait_for(lambda: "the system bus has gone" in session.err(), "the note")
        self.assertEqual(session.end(), 0)
        self.assertEqual(session.err().count("\n"), 1, session.err())
        self.assertEqual(len(self.diary("a.so", DRV_EXITSESSION)), 1)

    def test_drivers_wake_though_the_bus_died_while_the_machine_slept(self):
        session = self.start(self.driver("a.so"))
        self.logind.emit("PrepareForSleep", "b", True)
        self.logind.wait_released()
        self.bus.stop()
        wait_for(lambda: self.diary("a.so", DRV_POWER) == [SUSPEND_REQUEST, SUSPEND_RESUME], "the resume")
        self.assertEqual(session.end(), 0)

    def test_says_once_that_a_lock_was_refused(self):
        bus = self.start_bus()
        self.logind = self.start_logind(bus)
        self.logind.refuse_inhibitors()
        session = self.run_session(self.driver("a.so"))
        session.wait_ready()
        wait_for(lambda: session.err().count("not for you") == 2, "the notes")
        self.logind.emit("PrepareForSleep", "b", True)
        self.logind.emit("PrepareForSleep", "b", False)
        wait_for(lambda: self.diary("a.so", DRV_POWER) == [SUSPEND_REQUEST, SUSPEND_RESUME], "the resume")
        # Told of the shutdown all the same, though nobody waits.
        self.logind.emit("PrepareForShutdown", "b", True)
        wait_for(lambda: self.diary("a.so", DRV_FREE), "the exit")
        self.assertEqual(session.end(), 0)
        for what in ("shuts down", "sleeps"):
            self.assertEqual(session.err().count("does not wait for the drivers when it " + what), 1)

    def test_without_a_bus_it_says_so_once(self):
        session = self.run_session(self.driver("a.so"))
        session.wait_ready()
        session.process.send_signal(signal.SIGHUP)
        self.assertEqual(session.wait(), 0)
        self.assertEqual(session.err().count("signals alone"), 1)


if __name__ == "__main__":
    unittest.main()
