"""What a container left behind: its journal, as facts with times in seconds.

An entry's time is when it was sent where the journal knows that (entries of its own protocol), else when the
journal received it, which is later. So a line of the watcher of the bus can make logind look later than it
was by a moment, and never earlier; instdrv's entries are exact.
"""
import json
import subprocess

MANAGER = "org.freedesktop.login1.Manager"


class Journal:
    """The journal of one boot of a container; `text` is all of it, as `journalctl -o json` has it."""

    def __init__(self, folder):
        ran = subprocess.run(["journalctl", f"--directory={folder}", "--output=json", "--all", "--no-pager", "--quiet"],
                             check=True, capture_output=True, text=True)
        self.text = ran.stdout
        self.entries = [json.loads(line) for line in ran.stdout.splitlines()]

    @staticmethod
    def time(entry):
        return int(entry.get("_SOURCE_REALTIME_TIMESTAMP", entry["__REALTIME_TIMESTAMP"])) / 1e6

    def said(self, identifier, words=""):
        """What a program said with `words` in it."""
        return [entry for entry in self.entries
                if entry.get("SYSLOG_IDENTIFIER") == identifier and words in str(entry.get("MESSAGE"))]

    def first(self, identifier, words=""):
        """When that was said first; None: never."""
        return next(map(self.time, self.said(identifier, words)), None)

    def document(self, identifier):
        """The JSON that a scenario wrote down; None where it did not get that far."""
        text = "".join(entry["MESSAGE"] for entry in self.said(identifier))
        return json.loads(text) if text else None

    def told(self, message):
        """Of each driver, the session's entry of how it took `message`."""
        return {entry["INSTDRV_DRIVER"]: entry for entry in self.entries if entry.get("INSTDRV_MESSAGE") == message}

    def signals(self, member):
        """(time, payload) of logind's signals of that name."""
        for entry in self.said("busctl", f'"member":"{member}"'):
            message = json.loads(entry["MESSAGE"])
            if message["type"] == "signal":
                yield self.time(entry), message["payload"]["data"]

    def shutdown_delayed(self):
        """(time, whether delay locks hold shutdowns back from now on), at every change."""
        for at, data in self.signals("PropertiesChanged"):
            if data[0] == MANAGER and "DelayInhibited" in data[1]:
                yield at, "shutdown" in data[1]["DelayInhibited"]["data"].split(":")
