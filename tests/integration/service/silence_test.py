"""A program that does not come back from a driver's callback costs nobody else that driver."""
import os
import select
import subprocess
import unittest

from harness import DEADLINE, DRIVERS, ServiceTest, Session, wait_for, workers_of

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
    kinds = (DRIVERS / "calls_back.so", DRIVERS / "calls_back.dll", DRIVERS / "i386" / "calls_back.dll")

    def begin(self, deadline):
        """A session with its drivers, which have that deadline, one of each kind."""
        self.start_bus("user")
        self.environment["INSTDRV_PATH"] = str(DRIVERS)
        drivers = [self.copy(kind) for kind in self.kinds]
        configuration = self.folder / "system.ini"
        configuration.write_text("".join(f"[instdrv.{driver}]\ndeadline={deadline}\n" for driver in drivers))
        self.session = Session(self.folder, [DRIVERS / "plain.so", "--config", configuration], self.environment)
        self.addCleanup(self.session.stop)
        self.session.wait_ready()
        return drivers

    def silent(self, driver, way):
        silent = Silent(self.environment, driver, way)
        self.addCleanup(silent.stop)
        self.assertEqual(silent.hears(), "called ok")
        return silent

    def check(self, driver, way, done, returned):
        """Somebody else uses the driver before and after, in the same process."""
        neighbour = self.client()
        mine = neighbour.ask("open", driver)
        workers = workers_of(self.session.process.pid)
        silent = self.silent(driver, way)
        self.assertEqual(silent.hears(), done)
        wait_for(lambda: neighbour.ask("send", mine, DEPTH, 0, 0) == 0, "the driver to go on")
        self.assertEqual(workers_of(self.session.process.pid), workers)
        self.assertEqual(silent.goes_on(), returned)
        self.assertEqual(neighbour.ask("call_back", mine, CALL_BACK), 1)
        neighbour.stop()

    def test_one_that_leaves_is_waited_for_no_longer(self):
        for driver in self.begin(LONG):
            for way in ("leave", "vanish"):
                with self.subTest(driver=driver, way=way):
                    self.check(driver, way, "done ok", "returned ok")

    def test_one_that_closes_its_instance_meanwhile_gets_it_closed(self):
        for driver in self.begin(LONG):
            with self.subTest(driver=driver):
                self.check(driver, "close", "done ok", "returned ok")

    def test_one_that_stays_is_given_up(self):
        for driver in self.begin("5s"):
            with self.subTest(driver=driver):
                self.check(driver, "stay", "done ok", "returned ok")
                self.assertIn("a program did not come back from a callback", self.session.err())

    def test_one_that_was_given_up_can_open_the_driver_again(self):
        for driver in self.begin("2s"):
            with self.subTest(driver=driver):
                client = self.client()
                lost = client.ask("open", driver)
                self.assertEqual(client.ask("linger", lost, CALL_BACK), 0)
                self.assertEqual(client.fails("send", lost, DEPTH, 0, 0), "broken")
                self.assertEqual(client.ask("call_back", client.ask("open", driver), CALL_BACK), 1)
                client.stop()

    def test_the_end_of_the_session_finds_every_driver_alive(self):
        drivers = self.begin(LONG)
        for driver in drivers:
            self.silent(driver, "stay")
        self.assertEqual(self.session.end(), 0, self.session.err())


if __name__ == "__main__":
    unittest.main()
