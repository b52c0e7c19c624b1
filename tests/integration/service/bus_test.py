"""The session as a D-Bus object, on a private bus."""
import json
import os
import shutil
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree as ElementTree

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

from harness import (DRIVER_FOLDERS, DRIVERS, DRV_CLOSE, DRV_EXITAPPLICATION, DRV_EXITSESSION, DRV_FREE, DRV_LOAD,
                     DRV_OPEN, DRV_QUERYCONFIGURE, PROGRAM, ServiceTest, wait_for)

NAME, PATH = "org.instdrv.Host1", "/org/instdrv/Host1"
NORMAL, ABNORMAL = 1, 2
NOBODY = "65534"


class BusTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.bus = self.start_bus("user")
        self.connection = self.connect()

    def connect(self):
        connection = self.bus.connect()
        self.addCleanup(connection.close)
        return connection

    def start(self, *drivers, **options):
        session = self.run_session(*drivers, **options)
        session.wait_ready()
        self.host = self.host_of(self.connection)
        return session

    @staticmethod
    def host_of(connection):
        return dbus.Interface(connection.get_object(NAME, PATH, introspect=False), NAME)

    def property(self, name):
        return self.connection.get_object(NAME, PATH, introspect=False).Get(
            NAME, name, dbus_interface=dbus.PROPERTIES_IFACE)

    def open(self, name, host=None):
        return (host or self.host).Open(str(name), "", signature="ss")

    def assert_error(self, code, call, *arguments):
        with self.assertRaises(dbus.DBusException) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.get_dbus_name(), "org.instdrv.Error." + code)

    def command(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=30, check=False)

    # ---- calls ----------------------------------------------------------------------------------

    def test_opens_sends_and_closes(self):
        session = self.start(self.driver("a.so"))
        plain = self.open(DRIVERS / "plain.dll")
        self.assertEqual(self.host.Send(plain, 0x4000, 1, 2, signature="tuxx"), 42)
        self.assertEqual([str(one[1]) for one in self.property("Instances")],
                         [str(self.folder / "a.so"), str(DRIVERS / "plain.dll")])
        self.assertEqual(self.host.Close(plain, signature="t"), 1)
        self.assertEqual(len(self.property("Instances")), 1)
        self.assertEqual(session.end(), 0)

    def test_says_what_went_wrong(self):
        session = self.start(self.driver("a.so"))
        self.assert_error("not_found", self.open, "no_such_driver.dll")
        self.assert_error("refused_load", self.open, DRIVERS / "refuses_load.dll")
        self.assert_error("bad_handle", lambda: self.host.Send(12345, 0x4000, 0, 0, signature="tuxx"))
        plain = self.open(DRIVERS / "plain.dll")
        self.assert_error("reserved_message", lambda: self.host.Send(plain, DRV_FREE, 0, 0, signature="tuxx"))
        self.host.Close(plain, signature="t")
        self.assert_error("bad_handle", lambda: self.host.Close(plain, signature="t"))
        refusing = self.open(DRIVERS / "refuses_close.dll")
        self.assert_error("refused_close", lambda: self.host.Close(refusing, signature="t"))
        self.assertEqual(session.end(), 3)

    def test_a_driver_that_hangs_keeps_nobody_else_waiting(self):
        session = self.start(self.driver("a.so"), "--notify-timeout", "200ms", "--close-timeout", "200ms")
        hanging = self.connect()
        hanging.get_object(NAME, PATH, introspect=False).Open(
            str(DRIVERS / "hangs_in_open.so"), "", dbus_interface=NAME, signature="ss", ignore_reply=True)
        hanging.flush()
        begun = time.monotonic()
        self.host.Close(self.open(DRIVERS / "plain.dll"), signature="t")
        self.assertEqual(self.property("State"), "running")
        self.assertLess(time.monotonic() - begun, 5)
        session.end()
        self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)

    def test_shows_drivers_and_their_state(self):
        session = self.start(self.driver("a.so"), DRIVERS / "refuses_load.dll")
        drivers = [(os.path.basename(name), str(state)) for name, state, _ in self.property("Drivers")]
        self.assertEqual(drivers, [("a.so", "open"), ("refuses_load.dll", "failed")])
        self.assertEqual(self.property("Process"), session.process.pid)
        self.assertEqual(session.end(), 1)

    def test_names_that_are_no_text_are_shown_all_the_same(self):
        shutil.copy(DRIVERS / "diary.so", os.fsencode(self.folder) + b"/odd\xff.so")
        session = self.start(os.fsdecode(os.fsencode(self.folder) + b"/odd\xff.so"))
        self.assertIn("odd\ufffd.so", str(self.property("Instances")[0][1]))
        self.assertEqual(self.command("status").returncode, 0)
        self.assertEqual(session.end(), 0)

    def test_introspection_is_complete(self):
        session = self.start(self.driver("a.so"))
        text = self.connection.get_object(NAME, PATH, introspect=False).Introspect(
            dbus_interface=dbus.INTROSPECTABLE_IFACE)
        interface = ElementTree.fromstring(text).find(f"interface[@name='{NAME}']")
        shape = {}
        for member in interface:
            if member.tag == "property":
                shape[member.get("name")] = member.get("type")
                continue
            arguments = [argument for argument in member.findall("arg")]
            for argument in arguments:
                self.assertTrue(argument.get("name"), f"{member.get('name')} has an argument without a name")
            shape[member.get("name")] = "".join(
                ("" if member.tag == "signal" or a.get("direction") == "in" else ">") + a.get("type") for a in arguments)
        self.assertEqual(shape, {
            "Open": "ss>t", "Close": "t>x", "Send": "tuxx>x", "Drill": ">s", "ExitSession": ">s", "Leave": "",
            "Share": "ss>t>s>s>h>h>h>b", "OpenShared": "txx>t>t>t", "CloseShared": "txxb>x", "EndShare": "t",
            "TraceCalls": "a(sutusttxss)u",
            "State": "s", "Process": "u", "Drivers": "a(sss)", "Instances": "a(tssstb)",
            "DriverOpened": "ts", "DriverClosed": "t", "DriverDied": "sats", "SessionEnding": "s"})
        self.assertEqual(session.end(), 0)

    def listen(self, *signals):
        """A list that the signals of the session come into, for wait_heard."""
        loop = dbus.mainloop.glib.DBusGMainLoop()
        listener = dbus.bus.BusConnection(self.bus.address, mainloop=loop)
        self.addCleanup(listener.close)
        heard = []
        for name in signals:
            listener.add_signal_receiver(lambda *values, name=name: heard.append((name, *values)), name, NAME)
        listener.get_object("org.freedesktop.DBus", "/org/freedesktop/DBus").GetId()  # the matches are in place
        return heard

    @staticmethod
    def wait_heard(heard, count):
        def all_heard():
            GLib.MainContext.default().iteration(False)
            return len(heard) >= count
        wait_for(all_heard, "the signals")

    def test_signals_what_happens(self):
        session = self.start(self.driver("a.so"))
        heard = self.listen("DriverOpened", "DriverClosed", "SessionEnding")
        plain = self.open(DRIVERS / "plain.dll")
        self.host.Close(plain, signature="t")
        self.assertEqual(session.end(), 0)
        self.wait_heard(heard, 3)
        self.assertEqual([name for name, *_ in heard], ["DriverOpened", "DriverClosed", "SessionEnding"])
        self.assertEqual(heard[0][1:], (plain, str(DRIVERS / "plain.dll")))
        self.assertTrue(json.loads(heard[2][1])["ended_well"])

    def test_tells_of_a_driver_that_dies_between_two_calls(self):
        for folder in DRIVER_FOLDERS:
            with self.subTest(folder):
                driver = folder / "plain.dll"
                session = self.start(driver)
                heard = self.listen("DriverDied")
                (mine,) = session.workers()
                other = self.open(DRIVERS / "plain.so")
                first, second = (self.open(driver) for _ in range(2))
                os.kill(mine, signal.SIGKILL)
                self.wait_heard(heard, 1)
                file, ids, outcome = heard[0][1:]
                self.assertEqual(file, str(driver))
                opened_by_the_session = int(self.property("Instances")[0][0])
                self.assertEqual(sorted(map(int, ids)), sorted([opened_by_the_session, first, second]))
                self.assertIn("SIGKILL", outcome)
                self.assertIn(outcome, session.err())
                dead = {int(one[0]): bool(one[5]) for one in self.property("Instances")}
                self.assertEqual(dead, {opened_by_the_session: True, first: True, second: True, other: False})
                shown = json.loads(self.command("status", "--json").stdout)
                self.assertEqual(shown["drivers"], [{"name": str(driver), "state": "died", "error": outcome}])
                self.assertEqual(len(heard), 1)
                session.end()

    def test_an_orderly_close_is_no_death(self):
        session = self.start(DRIVERS / "plain.so")
        heard = self.listen("DriverDied", "DriverClosed")
        self.host.Close(self.open(DRIVERS / "plain.dll"), signature="t")
        wait_for(lambda: len(session.workers()) == 1, "the end of the worker")
        self.assertEqual(session.end(), 0)
        self.wait_heard(heard, 1)
        self.assertEqual([name for name, *_ in heard], ["DriverClosed"])

    # ---- clients --------------------------------------------------------------------------------

    def test_a_client_that_vanishes_ends_abnormally(self):
        session = self.start(self.driver("a.so"))
        client = self.bus.connect()
        kept = self.open(self.driver("kept.so"))
        self.open(self.driver("lost.so"), self.host_of(client))
        self.open(self.folder / "lost.so", self.host_of(client))
        client.close()
        wait_for(lambda: self.diary("lost.so", DRV_FREE), "the closing of what it had open")
        self.assertEqual(self.diary("lost.so", DRV_EXITAPPLICATION), [ABNORMAL, ABNORMAL])
        self.assertEqual(len(self.diary("lost.so", DRV_CLOSE)), 2)
        self.assertEqual(self.diary("kept.so", DRV_EXITAPPLICATION), [])
        self.assertEqual(self.host.Close(kept, signature="t"), 1)
        self.assertEqual(session.end(), 0)

    def test_a_client_that_takes_its_leave_ends_normally(self):
        session = self.start(self.driver("a.so"))
        client = self.bus.connect()
        self.open(self.driver("left.so"), self.host_of(client))
        self.host_of(client).Leave()
        client.close()
        wait_for(lambda: self.diary("left.so", DRV_FREE), "the closing of what it had open")
        self.assertEqual(self.diary("left.so", DRV_EXITAPPLICATION), [NORMAL])
        self.assertEqual(session.end(), 0)

    def test_two_clients_share_one_module(self):
        session = self.start(self.driver("a.so"))
        first, second = self.connect(), self.connect()
        shared = self.driver("shared.so")
        one = self.open(shared, self.host_of(first))
        two = self.open(shared, self.host_of(second))
        self.assertNotEqual(one, two)
        self.assertEqual(len(self.diary("shared.so", DRV_LOAD)), 1)
        self.assertEqual(len(self.diary("shared.so", DRV_OPEN)), 2)
        self.assertEqual(session.end(), 0)
        self.assertEqual(len(self.diary("shared.so", DRV_EXITSESSION)), 2)

    def test_another_user_is_kept_out(self):
        session = self.start(self.driver("a.so"))
        os.chmod(self.folder, 0o755)
        os.chmod(self.folder / "user", 0o777)  # the socket
        calls = [[NAME + ".Open", str(DRIVERS / "plain.dll"), ""], [NAME + ".ExitSession"],
                 ["org.freedesktop.DBus.Properties.Get", NAME, "State"],
                 ["org.freedesktop.DBus.Introspectable.Introspect"]]

        def call(user, member, *arguments):
            send = ["setpriv", "--reuid", user, "--clear-groups", "dbus-send", f"--bus={self.bus.address}",
                    "--print-reply", f"--dest={NAME}", PATH, member]
            return subprocess.run([*send, *(f"string:{argument}" for argument in arguments)], capture_output=True,
                                  text=True, timeout=30, check=False)

        for member, *arguments in calls:
            refused = call(NOBODY, member, *arguments)
            self.assertNotEqual(refused.returncode, 0, member)
            self.assertIn("org.freedesktop.DBus.Error.AccessDenied: only the user", refused.stderr)
        admitted = call(str(os.geteuid()), *calls[2])
        self.assertIn("running", admitted.stdout)
        self.assertEqual(session.end(), 0)

    # ---- the program's commands -----------------------------------------------------------------

    def test_status_shows_the_session(self):
        session = self.start(self.driver("a.so"), DRIVERS / "refuses_load.dll")
        shown = self.command("status", "--json")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        status = json.loads(shown.stdout)
        self.assertEqual(status["state"], "running")
        self.assertEqual([driver["state"] for driver in status["drivers"]], ["open", "failed"])
        self.assertEqual(status["instances"][0]["kind"], "ELF x86-64")
        self.assertIn("refuses_load.dll", self.command("status").stdout)
        self.assertEqual(session.end(), 1)

    def test_drill_says_who_would_be_late(self):
        session = self.start(self.driver("a.so"), "--notify-timeout", "2s")  # a busy machine, too, answers in it
        good = self.command("drill")
        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertIn("would be left", good.stdout)
        self.assertEqual(len(self.diary("a.so", DRV_QUERYCONFIGURE)), 1)
        self.open(DRIVERS / "hangs_in_query.so")
        late = self.command("drill", "--json")
        self.assertEqual(late.returncode, 3, late.stderr)
        report = json.loads(late.stdout)
        self.assertEqual([one["result"]["outcome"] for one in report["drivers"]], ["timed_out", "answered"])
        self.assertEqual(report["left_ms"], 0)
        self.assertEqual(self.diary("a.so", DRV_EXITSESSION), [])
        session.end()

    def test_exit_session_ends_it_and_says_how(self):
        session = self.start(self.driver("a.so"))
        ended = self.command("exit-session", "--json")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(json.loads(ended.stdout)["reason"], "requested")
        self.assertEqual(session.wait(), 0)
        self.assertEqual(len(self.diary("a.so", DRV_FREE)), 1)
        again = self.command("exit-session")
        self.assertEqual(again.returncode, 1)
        self.assertIn("none is held", again.stderr)

    def test_exit_session_says_three_when_a_driver_hangs(self):
        session = self.start(DRIVERS / "hangs_in_exit.so", "--notify-timeout", "100ms", "--close-timeout", "100ms")
        ended = self.command("exit-session")
        self.assertEqual(ended.returncode, 3)
        self.assertIn("timed out", ended.stdout)
        self.assertEqual(session.wait(), 3)

    def test_a_second_session_goes_without_the_name(self):
        session = self.start(self.driver("a.so"))
        second = self.run_session(self.driver("b.so"))
        second.wait_ready()
        self.assertIn("another session is org.instdrv.Host1 already", second.err())
        self.assertEqual(second.end(), 0)
        self.assertEqual(self.property("Process"), session.process.pid)
        session.end()

    def test_goes_on_when_the_bus_dies(self):
        session = self.start(self.driver("a.so"))
        self.bus.stop()
        wait_for(lambda: "the bus has gone" in session.err(), "the note")
        self.assertEqual(session.end(), 0)
        self.assertEqual(len(self.diary("a.so", DRV_EXITSESSION)), 1)


if __name__ == "__main__":
    unittest.main()
