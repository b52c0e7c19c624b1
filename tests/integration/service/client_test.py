"""Programs that share the drivers of a session, each with a channel of its own to the workers."""
import json
import os
import random
import shutil
import subprocess
import time
import unittest

from harness import (Client, DRIVER_FOLDERS, DRIVERS, DRV_CLOSE, DRV_ENABLE, DRV_EXITAPPLICATION, DRV_FREE, DRV_LOAD,
                     DRV_OPEN, ServiceTest, Session, that_run_here, wait_for, workers_of)

DRV_USER = 0x4000
COUNT, LAST_END, WAIT, DIE = DRV_USER, DRV_USER + 1, DRV_USER + 2, DRV_USER + 3
NORMAL, ABNORMAL = 1, 2
TOKEN, CHANNEL_OF_TOKEN, LOW_OF_TOKEN = 0x40000000, 0x3FF00000, 0xFFFFF  # channel::CallbackToken
WINDOWS_64 = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/"
WINDOWS_32 = "/usr/local/lib/instdrv/i386-windows/"


class ClientTest(ServiceTest):
    """A session with drivers in workers. The first driver keeps it running."""

    kinds = that_run_here(DRIVERS / "counts.so", DRIVERS / "counts.dll", DRIVERS / "i386" / "counts.dll")

    def setUp(self):
        super().setUp()
        self.start_bus("user")
        self.environment["INSTDRV_PATH"] = str(DRIVERS)
        self.session = Session(self.folder, [DRIVERS / "plain.so", "--report", self.report_file],
                               self.environment)
        self.addCleanup(self.session.stop)
        self.session.wait_ready()

    def workers(self):
        return len(workers_of(self.session.process.pid))

    def test_programs_share_one_module(self):
        for kind in self.kinds:
            with self.subTest(kind=kind):
                driver = self.copy(kind)
                first, second = self.client(), self.client()
                one, other = first.ask("open", driver), second.ask("open", driver)
                self.assertEqual(first.ask("send", one, COUNT, DRV_LOAD, 0), 1)
                self.assertEqual(first.ask("send", one, COUNT, DRV_ENABLE, 0), 1)
                opens = second.ask("send", other, COUNT, DRV_OPEN, 0)
                third = second.ask("open", driver)
                self.assertEqual(second.ask("send", third, COUNT, DRV_OPEN, 0), opens + 1)
                self.assertEqual(second.ask("close", third), 1)
                self.assertEqual(first.ask("send", one, COUNT, DRV_CLOSE, 0), 1)

    def test_c_programs_share_it_too(self):
        driver = self.copy(self.kinds[1])
        client = self.client()
        mine = client.ask("open", driver)
        said = subprocess.run([os.environ["INSTDRV_C_CLIENT"], driver], env=self.environment,
                              capture_output=True, text=True, check=False)
        self.assertEqual((said.stdout, said.returncode), ("loads 1\n", 0), said.stderr)
        self.assertEqual(client.ask("send", mine, LAST_END, 0, 0), NORMAL)

    def test_the_last_client_to_leave_unloads_the_driver(self):
        driver = self.copy(self.kinds[0])
        first, second = self.client(), self.client()
        first.ask("open", driver)
        other = second.ask("open", driver)
        self.assertEqual(self.workers(), 2)
        first.ask("leave")
        self.assertEqual(second.ask("send", other, COUNT, DRV_FREE, 0), 0)
        second.ask("leave")
        wait_for(lambda: self.workers() == 1, "the driver to be unloaded")

    def test_drivers_learn_how_a_client_ended(self):
        driver = self.copy(self.kinds[1])
        watcher = self.client()
        mine = watcher.ask("open", driver)
        self.assertEqual(watcher.ask("send", mine, LAST_END, 0, 0), -1)
        for end, how in ((lambda client: client.ask("leave"), NORMAL),
                         (lambda client: client.end(), ABNORMAL), (lambda client: client.kill(), ABNORMAL)):
            told = watcher.ask("send", mine, COUNT, DRV_EXITAPPLICATION, 0)
            closed = watcher.ask("send", mine, COUNT, DRV_CLOSE, 0)
            client = self.client()
            client.ask("open", driver)
            end(client)
            wait_for(lambda: watcher.ask("send", mine, COUNT, DRV_CLOSE, 0) == closed + 1, "the close")
            self.assertEqual(watcher.ask("send", mine, COUNT, DRV_EXITAPPLICATION, 0), told + 1)
            self.assertEqual(watcher.ask("send", mine, LAST_END, 0, 0), how)

    def test_codecs_convert_as_they_do_without_a_session(self):
        for driver in that_run_here(
                WINDOWS_64 + "imaadp32.acm", WINDOWS_64 + "msg711.acm", WINDOWS_64 + "msgsm32.acm",
                WINDOWS_32 + "imaadp32.acm", WINDOWS_32 + "msg711.acm", WINDOWS_32 + "msgsm32.acm"):
            with self.subTest(driver=driver):
                self.assertEqual(self.client().ask("convert", driver),
                                 self.client("local").ask("convert", driver))

    def test_drivers_call_clients_back(self):
        for folder in DRIVER_FOLDERS:
            for name in ("calls_back.so", "calls_back.dll", "calls_back_later.so", "calls_back_later.dll"):
                with self.subTest(driver=folder / name):
                    client, other = self.client(), self.client()
                    opened, others = client.ask("open", folder / name), other.ask("open", folder / name)
                    self.assertEqual(client.ask("call_back", opened, DRV_USER), 1)
                    self.assertEqual(other.ask("call_back", others, DRV_USER), 1)

    def test_no_client_has_a_driver_call_another_ones_function(self):
        for folder in DRIVER_FOLDERS:
            for name in ("calls_back.so", "calls_back.dll"):
                with self.subTest(driver=folder / name):
                    victim, intruder = self.client(), self.client()
                    theirs, own = victim.ask("open", folder / name), intruder.ask("open", folder / name)
                    token, mine = victim.ask("expose", theirs), intruder.ask("expose", own)
                    # What the intruder may know: the channel of the victim, and its own token.
                    known = token & (CHANNEL_OF_TOKEN | TOKEN)
                    guesses = [high << 32 | known | low for high in {0, mine >> 32} for low in range(256)]
                    guesses += [known | mine & LOW_OF_TOKEN, mine + 1, mine + 4]
                    if folder != DRIVERS:
                        guesses.append(token)  # of 31 bits, which could be tried out
                    for guess in guesses:
                        self.assertEqual(intruder.ask("send", own, DRV_USER, guess, 0x1234), 0)
                    self.assertEqual(victim.ask("called"), 0)
                    self.assertEqual(intruder.ask("send", own, DRV_USER, mine, 0x1234), 1)
                    self.assertEqual(victim.ask("send", theirs, DRV_USER, token, 0x1234), 1)
                    self.assertEqual((victim.ask("called"), intruder.ask("called")), (1, 1))

    def test_a_driver_that_opens_another_does_so_in_the_session(self):
        client = self.client()
        opened = client.ask("open", DRIVERS / "opens_another.dll")
        self.assertEqual(client.ask("send", opened, DRV_USER, 0, 0), 1)

    def test_a_deadline_ends_the_worker_and_nothing_else(self):
        hung, other = self.copy(self.kinds[1]), self.copy(self.kinds[1])
        client, neighbour = self.client(), self.client()
        one, two = client.ask("open", hung), client.ask("open", other)
        shared = neighbour.ask("open", hung)
        self.assertEqual(client.fails("send_within", 100, one, WAIT, 60000, 0), "timed_out")
        self.assertEqual(client.fails("send", one, WAIT, 0, 7), "timed_out")
        self.assertIn(neighbour.fails("send", shared, WAIT, 0, 7), ("broken", "exited", "crashed"))
        self.assertEqual(client.ask("send", two, WAIT, 0, 7), 7)

    def test_a_driver_that_ends_its_process_breaks_every_clients_call(self):
        driver = self.copy(self.kinds[0])
        client, neighbour = self.client(), self.client()
        one, other = client.ask("open", driver), neighbour.ask("open", driver)
        client.fails("send", one, DIE, 0, 0)
        neighbour.fails("send", other, WAIT, 0, 7)
        client.ask("open", self.copy(self.kinds[0]))

    def test_a_client_that_is_killed_in_a_call_harms_nobody(self):
        seed = random.randrange(1 << 30)
        chance = random.Random(seed)
        with self.subTest(seed=seed):
            for kind in self.kinds:
                driver = self.copy(kind)
                survivor = self.client()
                mine = survivor.ask("open", driver)
                survivor.begin("storm", mine)
                self.assertEqual(survivor.answer(), "ok storming")
                witness = self.client()
                watched = witness.ask("open", driver)
                for _ in range(20):
                    closed = witness.ask("send", watched, COUNT, DRV_CLOSE, 0)
                    victim = self.client()
                    its = victim.ask("open", driver)
                    victim.begin("send", its, WAIT, chance.randrange(20), 0)
                    time.sleep(chance.random() / 50)
                    victim.kill()
                    wait_for(lambda: witness.ask("send", watched, COUNT, DRV_CLOSE, 0) == closed + 1,
                             "the close of its instance")
                self.assertIsNone(survivor.process.poll())
                survivor.stop()

    def test_the_end_of_the_session_waits_for_clients_inside_of_a_driver(self):
        driver = self.copy(self.kinds[1])
        client = self.client()
        opened = client.ask("open", driver)
        # Longer than a driver waits for a client: this is the driver's own time.
        client.begin("send", opened, WAIT, 1200, 7)
        time.sleep(0.1)
        self.assertEqual(self.session.end(), 0)
        self.assertEqual(client.answer(), "ok 7")
        self.assertIn(client.fails("send", opened, WAIT, 0, 7), ("exiting", "broken"))
        self.assertTrue(self.report()["ended_well"], self.report())

    def test_the_session_is_not_a_clients_to_end(self):
        self.assertEqual(self.client().fails("exit_session"), "unsupported")

    def test_errors_are_the_sessions(self):
        client = self.client()
        self.assertEqual(client.fails("open", "no-such-driver.dll"), "not_found")
        self.assertEqual(client.fails("open", DRIVERS / "not_a_driver.dll"), "bad_image")
        self.assertEqual(client.fails("open", DRIVERS / "refuses_load.dll"), "refused_load")
        self.assertEqual(client.fails("open", DRIVERS / "refuses_open.dll"), "refused_open")
        refuses = client.ask("open", DRIVERS / "refuses_close.dll")
        self.assertEqual(client.fails("close", refuses), "refused_close")
        self.assertEqual(client.ask("send", refuses, DRV_USER, 0, 0), 0)

    def test_a_driver_that_is_loaded_for_a_client_is_in_the_record(self):
        driver = self.copy(self.kinds[0])
        record = self.folder / "state" / "instdrv" / "session" / "session.json"

        def recorded():
            drivers = json.loads(record.read_text())["drivers"]
            return [(one["stage"], one["count"]) for one in drivers if one["file"] == str(driver)]
        leaves, stays = self.client(), self.client()
        for client in (leaves, stays):
            client.ask("load", driver)
        wait_for(lambda: recorded() == [("open", 2)], "both in the record, which is written by the way")
        leaves.ask("leave")
        wait_for(lambda: recorded() == [("open", 1)], "one in the record")
        self.session.stop()
        again = Session(self.folder, [DRIVERS / "plain.so"], self.environment)
        self.addCleanup(again.stop)
        again.wait_ready()
        self.assertIn(f"{driver} did not end properly last time: it was open and was not told", again.err())
        self.assertEqual(again.end(), 0)

    def test_a_file_whose_name_the_bus_cannot_carry_is_refused_at_once(self):
        odd = os.fsencode(self.folder) + b"/caf\xe9.so"
        shutil.copy(self.kinds[0], odd)
        link = self.folder / "odd.so"
        os.symlink(odd, link)
        client = self.client()
        self.assertEqual(client.fails("open", link), "io")
        wait_for(lambda: self.workers() == 1, "the driver to be unloaded")


class WithoutSession(ServiceTest):
    def test_connecting_says_that_there_is_no_session(self):
        self.start_bus("user")
        client = Client(self.environment)
        self.addCleanup(client.stop)
        self.assertTrue(client.answer().startswith("error not_found: "))

    def test_a_driver_in_the_sessions_own_process_cannot_be_shared(self):
        self.start_bus("user")
        session = self.run_session(self.driver("a.so"), in_process=True)
        session.wait_ready()
        client = Client(self.environment)
        self.addCleanup(client.stop)
        self.assertEqual(client.fails("open", DRIVERS / "plain.so"), "unsupported")


if __name__ == "__main__":
    unittest.main()
