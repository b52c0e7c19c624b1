"""Hundreds of programs on one driver of a session."""
import os
import resource
import subprocess
import unittest

import dbus

from harness import (DRIVERS, DRV_CLOSE, DRV_EXITAPPLICATION, DRV_OPEN, RUNS_I386, ServiceTest, that_run_here,
                     wait_for)

PROGRAMS = 300
DRV_USER = 0x4000
COUNT, ANSWER = DRV_USER, DRV_USER + 2


class CrowdTest(ServiceTest):
    """The limits are an ordinary user's."""

    kinds = that_run_here(DRIVERS / "counts.so", DRIVERS / "counts.dll", DRIVERS / "i386" / "counts.dll")

    def setUp(self):
        super().setUp()
        self.bus = self.start_bus("user", limits={"max_connections_per_user": 1000})
        self.environment["INSTDRV_PATH"] = str(DRIVERS)
        self.configuration = self.folder / "system.ini"
        self.few = self.copy(DRIVERS / "counts.so")
        self.configuration.write_text(f"[instdrv.{self.few}]\nmost_clients=20\n")
        files = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 4096)
        self.session = self.run_session(
            DRIVERS / "plain.so", "--config", self.configuration,
            before_exec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, 1024), files)))
        self.session.wait_ready()

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

    def test_who_comes_when_there_are_enough_is_refused_alone(self):
        neighbour = self.client()
        mine = neighbour.ask("open", self.few)
        said = self.crowd(self.few, programs=40)
        self.assertEqual(said[0], "served 19 refused 21 failed 0", said)
        self.assertIn("most_clients=", said[1])
        self.assertEqual(neighbour.ask("send", mine, ANSWER, 0, 7), 7)
        # Those that have left have left their places.
        wait_for(lambda: neighbour.ask("send", mine, COUNT, DRV_CLOSE, 0) == 19, "the others to be closed")
        again = self.crowd(self.few, programs=10)
        self.assertEqual(again[0], "served 10 refused 0 failed 0", again)

    def test_hundreds_that_are_killed_at_once_are_all_closed(self):
        for kind in self.kinds:
            with self.subTest(kind=kind):
                driver = self.copy(kind)
                neighbour = self.client()
                mine = neighbour.ask("open", driver)
                before = neighbour.ask("send", mine, COUNT, DRV_OPEN, 0)
                said = self.crowd(driver, "kill", 200)
                self.assertEqual(said[0], "served 200 refused 0 failed 0", said)
                # Somebody else comes and goes while they are closed, who are many.
                other = self.client()
                self.assertEqual(other.ask("close", other.ask("open", driver)), 1)
                self.assertEqual(neighbour.ask("send", mine, COUNT, DRV_OPEN, 0), before + 201)
                wait_for(lambda: neighbour.ask("send", mine, COUNT, DRV_CLOSE, 0) == 201, "all to be closed")
                self.assertEqual(neighbour.ask("send", mine, COUNT, DRV_EXITAPPLICATION, 0), 200)
                neighbour.stop()

    def test_a_client_reaches_its_own_instances_alone(self):
        for kind in self.kinds:
            with self.subTest(kind=kind):
                driver = self.copy(kind)
                victim = self.client()
                mine = victim.ask("open", driver)
                counted = (DRV_OPEN, DRV_CLOSE, DRV_EXITAPPLICATION)
                before = [victim.ask("send", mine, COUNT, message, 0) for message in counted]
                said = subprocess.run([os.environ["INSTDRV_INTRUDER"], driver], env=self.environment,
                                      capture_output=True, text=True, check=False).stdout
                self.assertEqual(said, "reached 0 honest 1\n")
                # The intruder's own instance was opened by the session, and is closed by it.
                after = [number + 1 for number in before]
                wait_for(lambda: [victim.ask("send", mine, COUNT, message, 0) for message in counted] == after,
                         "the session to close the intruder's instance, and no other")

    def test_on_the_bus_others_instances_are_out_of_reach_too(self):
        driver = self.copy(self.kinds[0])
        victim = self.client()
        mine = victim.ask("open", driver)
        connection = self.bus.connect()
        self.addCleanup(connection.close)
        session = connection.get_object("org.instdrv.Host1", "/org/instdrv/Host1")
        host = dbus.Interface(session, "org.instdrv.Host1")
        properties = dbus.Interface(session, "org.freedesktop.DBus.Properties")
        ids = [int(one[0]) for one in properties.Get("org.instdrv.Host1", "Instances") if str(driver) in one[2]]
        self.assertEqual(len(ids), 1)
        for attempt in (lambda: host.Close(ids[0], signature="t"),
                        lambda: host.CloseShared(ids[0], 0, 0, True, signature="txxb"),
                        lambda: host.Send(ids[0], ANSWER, 0, 7, signature="tuxx")):
            with self.assertRaises(dbus.DBusException) as refused:
                attempt()
            self.assertEqual(refused.exception.get_dbus_name(), "org.instdrv.Error.bad_handle")
        self.assertEqual(victim.ask("send", mine, ANSWER, 0, 7), 7)

    @unittest.skipUnless(RUNS_I386, "this kernel runs no programs for i386, whose tokens are short enough to be guessed")
    def test_on_the_bus_others_callbacks_are_out_of_reach_too(self):
        driver = self.copy(DRIVERS / "i386" / "calls_back.dll")
        victim = self.client()
        mine = victim.ask("open", driver)
        token = victim.ask("expose", mine)
        connection = self.bus.connect()
        self.addCleanup(connection.close)
        host = dbus.Interface(connection.get_object("org.instdrv.Host1", "/org/instdrv/Host1"), "org.instdrv.Host1")
        opened = host.Open(str(driver), "")
        self.assertEqual(host.Send(opened, DRV_USER, token, 0x1234, signature="tuxx"), 0)
        self.assertEqual(victim.ask("called"), 0)
        self.assertEqual(victim.ask("send", mine, DRV_USER, token, 0x1234), 1)


if __name__ == "__main__":
    unittest.main()
