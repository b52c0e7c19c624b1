"""A program that does not come back from a driver's callback costs nobody else that driver."""
import os
import select
import subprocess
import unittest

from harness import DEADLINE, DRIVERS, ServiceTest, Session, that_run_here, wait_for

DRV_USER = 0x4000
CALL_BACK, DEPTH = DRV_USER, DRV_USER + 1  # of calls_back
LONG = "600s"  # a deadline that does not pass here, and neither does any part of it


class Silent:
    def __init__(self, environment, driver, way):
        self.process = subprocess.Popen([os.environ["INSTDRV_SILENT"], driver, way], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, bufsize=0, env=environment)

    def hears(self):
        if not select.select([self.process.stdout], [], [], DEADLINE)[0]:
            raise AssertionError("it says nothing")
        return self.process.stdout.readline().decode().rstrip("\n")

    def goes_on(self):
        """What became of its call."""
        self.process.stdin.close()
        return self.hears()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class SilenceTest(ServiceTest):
    kinds = that_run_here(DRIVERS / "calls_back.so", DRIVERS / "calls_back.dll", DRIVERS / "i386" / "calls_back.dll")

    def begin(self, deadline):
        """A session with its drivers, which have that deadline, one of each kind."""
        self.start_bus("user")
        self.environment["INSTDRV_PATH"] = str(DRIVERS)
        drivers = [self.copy(kind) for kind in self.kinds]
        configuration = self.folder / "system.ini"
        configuration.write_text("".join(f"[instdrv.{driver}]\ndeadline={deadline}\n" for driver in drivers))
        times = ["--notify-timeout", "15s", "--close-timeout", "15s"]
        self.session = Session(self.folder, [DRIVERS / "plain.so", "--config", configuration, *times],
                               self.environment)
        self.addCleanup(self.session.stop)
        self.session.wait_ready()
        return drivers

    def silent(self, driver, way):
        silent = Silent(self.environment, driver, way)
        self.addCleanup(silent.stop)
        self.assertEqual(silent.hears(), "called ok")
        return silent

    def begin_silence(self, driver, way):
        """Of a driver that somebody else has open, whose instance would die with its worker."""
        neighbour = self.client()
        mine = neighbour.ask("open", driver)
        return neighbour, mine, self.silent(driver, way)

    def end_silence(self, neighbour, mine, silent):
        self.assertEqual(silent.hears(), "done ok")
        wait_for(lambda: neighbour.ask("send", mine, DEPTH, 0, 0) == 0, "the driver to go on")
        self.assertEqual(silent.goes_on(), "returned broken")
        self.assertEqual(neighbour.ask("call_back", mine, CALL_BACK), 1)
        neighbour.stop()

    def test_one_that_leaves_is_waited_for_no_longer(self):
        for driver in self.begin(LONG):
            for way in ("leave", "vanish"):
                with self.subTest(driver=driver, way=way):
                    self.end_silence(*self.begin_silence(driver, way))

    def test_one_that_closes_its_instance_meanwhile_gets_it_closed(self):
        for driver in self.begin(LONG):
            with self.subTest(driver=driver):
                self.end_silence(*self.begin_silence(driver, "close"))

    def test_one_that_stays_is_given_up(self):
        drivers = self.begin("10s")
        silences = [self.begin_silence(driver, "stay") for driver in drivers]
        for driver, silence in zip(drivers, silences):
            with self.subTest(driver=driver):
                self.end_silence(*silence)
        self.assertIn("a program did not come back from a callback", self.session.err())

    def test_one_that_was_given_up_can_open_the_driver_again(self):
        drivers = self.begin("10s")
        clients = [self.client() for _ in drivers]
        lost = [client.ask("open", driver) for client, driver in zip(clients, drivers)]
        for client, instance in zip(clients, lost):
            client.begin("linger", instance, CALL_BACK)
        for client, instance, driver in zip(clients, lost, drivers):
            with self.subTest(driver=driver):
                self.assertTrue(client.answer().startswith("error broken: "))
                self.assertEqual(client.fails("send", instance, DEPTH, 0, 0), "broken")
                self.assertEqual(client.ask("call_back", client.ask("open", driver), CALL_BACK), 1)

    def test_the_end_of_the_session_finds_every_driver_alive(self):
        drivers = self.begin(LONG)
        for driver in drivers:
            self.silent(driver, "stay")
        self.assertEqual(self.session.end(), 0, self.session.err())


if __name__ == "__main__":
    unittest.main()
