"""What a container left behind: its journal, as facts with times.

A fact's time is when it was sent where the journal knows that (entries of its own protocol), else when the
journal received it, which is later: a line of the bus's watcher can only make logind look slower to let the
machine go, never the drivers quicker.
"""
import json
import subprocess

MANAGER = "org.freedesktop.login1.Manager"


class Journal:
    """The journal of one boot of a container."""

    def __init__(self, folder):
        ran = subprocess.run(["journalctl", f"--directory={folder}", "--output=json", "--no-pager", "--quiet"],
                             check=True, capture_output=True, text=True)
        self.text = ran.stdout
        self.entries = [json.loads(line) for line in ran.stdout.splitlines()]

    @staticmethod
    def time(entry):
        """Seconds since the epoch."""
        return int(entry.get("_SOURCE_REALTIME_TIMESTAMP", entry["__REALTIME_TIMESTAMP"])) / 1e6

    def said(self, identifier, words=""):
        """What a program said that has `words` in it."""
        return [entry for entry in self.entries
                if entry.get("SYSLOG_IDENTIFIER") == identifier and words in str(entry.get("MESSAGE"))]

    def document(self, identifier):
        """The JSON that a scenario wrote down; None where it did not get so far."""
        text = "".join(entry["MESSAGE"] for entry in self.said(identifier))
        return json.loads(text) if text else None

    def driver_messages(self, message):
        """Of each driver: the session's entry of how it took `message`."""
        return {entry["INSTDRV_DRIVER"]: entry for entry in self.entries
                if entry.get("INSTDRV_MESSAGE") == message}

    def signals(self):
        """(time, name, payload) of what logind said on the bus."""
        for entry in self.said("busctl"):
            try:
                message = json.loads(entry["MESSAGE"])
            except ValueError:
                continue
            if message.get("type") == "signal":
                yield self.time(entry), message["member"], message["payload"].get("data", [])

    def shutdown_announced(self):
        return next((at for at, name, data in self.signals() if name == "PrepareForShutdown" and data == [True]), None)

    def delay_locks(self):
        """(time, what they hold back), at every change: "shutdown:sleep", or "" when there are none left."""
        return [(at, data[1]["DelayInhibited"]["data"]) for at, name, data in self.signals()
                if name == "PropertiesChanged" and data[0] == MANAGER and "DelayInhibited" in data[1]]

    def delay_released(self, after):
        return next((at for at, held in self.delay_locks() if at >= after and "shutdown" not in held), None)

    def delay_held(self, at):
        """Whether the last change before then was to hold shutdowns back."""
        changes = [held for when, held in self.delay_locks() if when <= at]
        return bool(changes) and "shutdown" in changes[-1]
