"""`instdrv run --trace`: the file, as Perfetto and chrome://tracing read it."""
import json
import os
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from harness import Client, DRIVER_FOLDERS, DRIVERS, PROGRAM, ServiceTest, wait_for

DRV_USER = 0x4000
DRAW = Path(__file__).parents[3] / "scripts" / "draw-trace"
LIFE = ["DRV_LOAD", "DRV_ENABLE", "DRV_OPEN", "DRV_EXITSESSION", "DRV_CLOSE", "DRV_DISABLE", "DRV_FREE"]


class TraceTest(ServiceTest):
    def setUp(self):
        super().setUp()
        self.trace_file = self.folder / "trace.json"

    def start(self, *drivers):
        session = self.run_session(*drivers, "--trace", self.trace_file)
        session.wait_ready()
        return session

    def events(self):
        return json.loads(self.trace_file.read_text())

    @staticmethod
    def named(events, name):
        return [event for event in events if event["name"] == name and event["ph"] != "M"]

    def test_shows_workers_instances_and_their_lives(self):
        for folder in DRIVER_FOLDERS:
            with self.subTest(folder):
                session = self.start(folder / "plain.so")
                (worker,) = session.workers()
                self.assertEqual(session.end(), 0)
                events = self.events()
                names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["ph"] == "M" and
                         e["name"] == "thread_name"}
                calls = sorted((e for e in events if e.get("cat") == "message"), key=lambda e: e["ts"])
                self.assertEqual([e["name"] for e in calls], LIFE)
                self.assertEqual({e["pid"] for e in calls}, {worker})
                for call in calls:
                    self.assertEqual(call["ph"], "X")
                    self.assertEqual(call["args"]["outcome"], "answered")
                    self.assertIn((call["pid"], call["tid"]), names)
                (process,) = [e["args"]["name"] for e in events if e["name"] == "process_name" and
                              e["pid"] == worker]
                self.assertTrue(process.startswith("plain.so (ELF"), process)

    def test_shows_the_phases_of_the_end(self):
        session = self.start(DRIVERS / "plain.so")
        service = session.process.pid
        session.end()
        events = self.events()
        (whole,), (notify,), (close,) = (self.named(events, name) for name in ("exit", "notify", "close"))
        self.assertEqual(whole["args"]["announced_by"], "SIGTERM")
        self.assertEqual(whole["pid"], service)
        (told,), (closed,) = (self.named(events, name) for name in ("DRV_EXITSESSION", "DRV_CLOSE"))
        self.assertLessEqual(whole["ts"], told["ts"])
        self.assertLessEqual(told["ts"] + told["dur"], close["ts"])
        self.assertEqual(close["ts"], closed["ts"])
        self.assertAlmostEqual(notify["dur"] + close["dur"], whole["dur"], places=1)
        self.assertEqual(self.named(events, "the machine waits"), [], "without logind nobody waits")

    def test_shows_how_long_the_machine_waited(self):
        logind = self.start_logind(self.start_bus())
        session = self.start(DRIVERS / "plain.so")
        logind.wait_held()
        logind.emit("PrepareForShutdown", "b", True)
        logind.wait_released()
        self.assertEqual(session.end(), 0)
        events = self.events()
        (waited,), (whole,) = (self.named(events, name) for name in ("the machine waits", "exit"))
        self.assertLessEqual(waited["ts"], whole["ts"])
        self.assertGreaterEqual(waited["ts"] + waited["dur"], whole["ts"] + whole["dur"])

    def test_shows_a_driver_that_hangs_and_one_that_dies(self):
        session = self.start(DRIVERS / "plain.so", DRIVERS / "hangs_in_exit.so", "--notify-timeout", "200ms")
        victim = next(e["pid"] for e in self.events() if e["name"] == "process_name" and
                      e["args"]["name"].startswith("plain"))
        os.kill(victim, signal.SIGKILL)
        (death,) = wait_for(lambda: [e for e in self.events() if e["name"] == "died"], "the death")
        self.assertEqual((death["ph"], death["pid"]), ("i", victim))
        self.assertIn("SIGKILL", death["args"]["text"])
        self.assertEqual(session.end(), 3)
        hung = [e for e in self.named(self.events(), "DRV_EXITSESSION") if "hangs_in_exit" in e["args"]["driver"]]
        self.assertEqual(len(hung), 1)
        self.assertIn(hung[0]["args"]["outcome"], ("timed_out", "not returned"))
        self.assertGreater(hung[0]["dur"], 150_000)
        picture = subprocess.run([DRAW, self.trace_file], capture_output=True, text=True, timeout=30, check=True)
        texts = [text.text for text in ElementTree.fromstring(picture.stdout).iter() if text.tag.endswith("}text")]
        self.assertTrue(any("does not return" in text for text in texts), texts)

    def test_shows_what_programs_send_on_channels_of_their_own(self):
        self.start_bus("user")
        session = self.start(DRIVERS / "plain.so")
        client = Client(self.environment)
        self.addCleanup(client.stop)
        driver = DRIVER_FOLDERS[-1] / "counts.dll"
        index = client.ask("open", driver)
        for number in range(3):
            client.ask("send", index, DRV_USER, number, 0)
        client.fails("send_within", 100, index, DRV_USER + 2, 10_000, 0)
        client.ask("convert", "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/imaadp32.acm")
        client.ask("leave")
        self.assertEqual(session.end(), 0)
        (converted,) = self.named(self.events(), "ACMDM_STREAM_CONVERT")  # decoded where the buffers are
        self.assertRegex(converted["args"]["call"], r"ACMDM_STREAM_CONVERT .*=[1-9]")
        self.assertIn("client", converted["args"])
        calls = [e for e in self.events() if e.get("cat") == "message" and e["args"]["driver"] == str(driver)]
        (opened,) = [e for e in calls if e["name"] == "DRV_OPEN"]
        sent = sorted((e for e in calls if "client" in e["args"]), key=lambda e: e["ts"])
        self.assertEqual(len(sent), 4)
        for call in sent:
            self.assertEqual((call["pid"], call["tid"]), (opened["pid"], opened["tid"]))
            self.assertGreater(call["ts"], opened["ts"] + opened["dur"])
        self.assertEqual([e["args"]["call"] for e in sent[:3]], ["0x4000", "0x4000 lParam1=0x1", "0x4000 lParam1=0x2"])
        self.assertEqual([e["args"]["outcome"] for e in sent], ["answered"] * 3 + ["timed_out"])
        self.assertGreater(sent[3]["dur"], 90_000)

    def test_says_what_came_too_fast_for_it(self):
        self.start_bus("user")
        session = self.start(DRIVERS / "plain.so")
        client = Client(self.environment)
        self.addCleanup(client.stop)
        index = client.ask("open", DRIVERS / "counts.so")
        os.kill(session.process.pid, signal.SIGSTOP)
        try:
            client.begin("storm", index)
            self.assertEqual(client.answer(), "ok storming")
            time.sleep(2)
        finally:
            os.kill(session.process.pid, signal.SIGCONT)
        # In the middle of a write the file is not JSON.
        wait_for(lambda: "calls left out" in self.trace_file.read_text(), "calls that are left out")
        client.kill()
        self.assertEqual(session.end(), 0)
        events = self.events()
        self.assertGreater(self.named(events, "calls left out")[0]["args"]["calls"], 0)
        self.assertGreaterEqual(len([e for e in events if "client" in e["args"] and e["ph"] == "X"]), 4096)

    def test_is_json_when_the_service_is_killed(self):
        session = self.start(DRIVERS / "plain.so")
        wait_for(lambda: self.named(self.events(), "DRV_OPEN"), "the trace of the opening")
        session.stop()
        self.assertEqual([e["name"] for e in self.events() if e.get("cat") == "message"], LIFE[:3])

    def test_a_file_that_cannot_be_written_is_told_at_once(self):
        for file in (self.folder / "no_such_folder" / "trace.json", self.folder):
            run = subprocess.run([PROGRAM, "run", "--trace", file, DRIVERS / "plain.so"], env=self.environment,
                                 capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual(run.returncode, 1)
            self.assertIn(f"write the trace to {file}", run.stderr)
            self.assertEqual(run.stdout, "")


if __name__ == "__main__":
    unittest.main()
