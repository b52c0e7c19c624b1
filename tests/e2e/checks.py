"""What is asked of the journal of each scenario."""
from dataclasses import dataclass, field

TICK = 0.02  # seconds; the times of files are those of the kernel's last tick
LAST_MESSAGES = ("DRV_CLOSE", "DRV_DISABLE", "DRV_FREE")


@dataclass
class Drivers:
    """Aliases. All but `hung` are healthy; `saving` are those that save a file when they are told."""
    healthy: list
    saving: list
    hung: str
    machine_sizes: int


@dataclass
class End:
    """How a session ended: asked for at a time, over when whoever waited went on, at the latest `budget` later.
    In seconds; None for what never came."""
    asked: float
    went_on: float
    budget: float


@dataclass
class Verdicts:
    rows: list = field(default_factory=list)  # (passed, what, detail)

    def add(self, passed, what, detail=""):
        self.rows.append((bool(passed), what, str(detail)))

    def good(self):
        return all(passed for passed, _, _ in self.rows)


def milliseconds(seconds):
    return f"{seconds * 1000:.0f} ms"


def check_beginning(verdicts, journal, drivers):
    status = journal.document("e2e-status") or {"drivers": [], "instances": []}
    opened = {driver["name"] for driver in status["drivers"] if driver["state"] == "open"}
    kinds = {instance["kind"] for instance in status["instances"]}
    verdicts.add(opened == {*drivers.healthy, drivers.hung} and len(kinds) == drivers.machine_sizes,
                 "all drivers are open, of each machine size", f"{len(opened)} of {', '.join(sorted(kinds))}")


def check_lock(verdicts, journal, end):
    listed = (journal.document("e2e-inhibitors") or {"data": [[]]})["data"][0]
    ours = sorted((what, mode) for what, who, _, mode, _, _ in listed if who == "instdrv")
    verdicts.add(ours == [("shutdown", "delay"), ("sleep", "delay")], "delay locks were held, and no others", ours)
    changes = list(journal.shutdown_delayed())
    before = [delayed for at, delayed in changes if at <= end.asked]
    verdicts.add(before and before[-1], "shutdowns were held back when the end was asked for")
    released = next((at for at, delayed in changes if at > end.asked and not delayed), None)
    last = max(map(journal.time, journal.told("DRV_FREE").values()), default=None)
    verdicts.add(released and last and last <= released, "the lock was released after the last driver",
                 released and last and f"{milliseconds(released - last)} after it")


def check_healthy(verdicts, journal, drivers, end):
    told = journal.told("DRV_EXITSESSION")
    outcomes = {name: told[name]["INSTDRV_OUTCOME"] if name in told else "not told" for name in drivers.healthy}
    in_time = all(end.asked <= journal.time(told[name]) <= end.went_on for name in drivers.healthy if name in told)
    slowest = max((float(told[name]["INSTDRV_MS"]) for name in drivers.healthy if name in told), default=0.0)
    verdicts.add(set(outcomes.values()) == {"answered"} and in_time,
                 "every healthy driver was told while it was waited for", f"the slowest took {slowest:.1f} ms")
    for message in LAST_MESSAGES:
        answers = journal.told(message)
        verdicts.add(all(name in answers and answers[name]["INSTDRV_OUTCOME"] in ("answered", "closed")
                         for name in drivers.healthy), f"every healthy driver got {message}")


def check_hung(verdicts, journal, drivers, end):
    told = journal.told("DRV_EXITSESSION").get(drivers.hung, {})
    took = float(told.get("INSTDRV_MS", "nan"))
    verdicts.add(told.get("INSTDRV_OUTCOME") == "timed_out" and took <= end.budget * 1000,
                 "the hung driver was cut off", f"after {took:.0f} ms")


def check_saved(verdicts, drivers, files, end):
    """files: of each saving driver, where what it saves lies."""
    for name in drivers.saving:
        file = files[name]
        at = file.stat().st_mtime if file.exists() else None
        verdicts.add(at and end.asked - TICK <= at <= end.went_on and file.read_bytes() == b"saved in DRV_EXITSESSION\r\n",
                     f"{name} saved, while it was waited for", at and f"{milliseconds(at - end.asked)} after the word")


def check_budget(verdicts, journal, end):
    took = end.went_on - end.asked
    verdicts.add(took <= end.budget, "the whole stayed inside its budget",
                 f"{milliseconds(took)} of {milliseconds(end.budget)}")
    forced = (journal.said("systemd-logind", "inhibitor timeout is reached")
              + journal.said("systemd", "instdrv.service: State 'stop-sig")
              + journal.said("systemd", "instdrv.service: Killing process")
              + journal.said("systemd", "instdrv.service: Failed with result 'timeout'")
              + journal.said("systemd", "instdrv.service: Failed with result 'signal'"))
    verdicts.add(not journal.said("instdrv", "bus has gone"), "its bus outlived it")
    verdicts.add(not forced, "nobody ran out of patience with it", [entry["MESSAGE"] for entry in forced] or "")


def check_cause(verdicts, journal, causes):
    said = [entry["MESSAGE"] for entry in journal.said("instdrv", " ended the session in ")]
    verdicts.add(len(said) == 1 and said[0].startswith(causes), "it ended once, of what ends such a session", said)


def check_session(verdicts, journal, drivers, files, end, causes, locks):
    check_beginning(verdicts, journal, drivers)
    if end.asked is None or end.went_on is None:
        verdicts.add(False, "the session's end was asked for and waited for")
        return
    check_cause(verdicts, journal, causes)
    if locks:
        check_lock(verdicts, journal, end)
    else:
        verdicts.add(journal.said("instdrv", "The machine does not wait for the drivers when it shuts down"),
                     "it said that it has no lock")
    check_healthy(verdicts, journal, drivers, end)
    check_saved(verdicts, drivers, files, end)
    check_hung(verdicts, journal, drivers, end)
    check_budget(verdicts, journal, end)
