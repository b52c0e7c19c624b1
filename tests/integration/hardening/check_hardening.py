"""Are these programs and libraries hardened, as cmake/hardening.cmake asks for? Looks at the files with
readelf.

    check_hardening.py READELF FILE...
"""
import re
import subprocess
import sys


class Binary:
    def __init__(self, readelf, file):
        self.file = file
        self.text = subprocess.run(
            [readelf, "--wide", "--file-header", "--segments", "--dynamic", "--dyn-syms", file],
            check=True, capture_output=True, text=True).stdout

    def has(self, pattern):
        return re.search(pattern, self.text, re.MULTILINE) is not None


WANTED = {
    "is position-independent": r"^\s*Type:\s+DYN ",
    "has relocations that are read-only after the start": r"^\s*GNU_RELRO\s",
    "is bound as a whole at the start": r"\(FLAGS_1\).*\bNOW\b",
    "has a stack that is not executable": r"^\s*GNU_STACK\s.*\sRW\s",
    "checks its stack frames": r"\bUND __stack_chk_fail(_local)?\b",
    "checks the room of what it copies": r"\bUND __\w+_chk(@|\s|$)",
}


def missing(binary):
    lacks = [what for what, pattern in WANTED.items() if not binary.has(pattern)]
    has_segment_of_both = binary.has(r"^\s*LOAD\s.*\sRWE\s")
    return lacks + ["has no memory that is writable and executable"] * has_segment_of_both


def main(readelf, *files):
    failures = [f"{file}: not so: {what}" for file in files for what in missing(Binary(readelf, file))]
    print("\n".join(failures) or f"{len(files)} files are hardened")
    return 1 if failures or not files else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
