"""Each promise of SECURITY.md names tests that there are. usage: promises_test.py PAGE BUILD_FOLDER"""

import re
import subprocess
import sys

page, build = sys.argv[1:]
with open(page, encoding="utf-8") as file:
    text = file.read()

patterns = re.findall(r"`ctest -R '([^`]+)'`", text)
patterns += re.findall(r"`ctest -R (\w+)`", text)
for line in text.splitlines():
    cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    if line.startswith("|") and len(cells) > 1 and cells[-1].strip().startswith("`"):
        patterns.append(cells[-1].strip().strip("`"))

missing = []
for pattern in patterns:
    for part in pattern.replace("\\|", "|").split("|"):
        listed = subprocess.run(["ctest", "-N", "-R", part], cwd=build, check=True,
                                capture_output=True, text=True).stdout
        if "Total Tests: 0" in listed:
            missing.append(part)

print(f"{len(patterns)} promises")
if len(patterns) < 15:
    sys.exit("the page's table was not found")
if missing:
    sys.exit("no test is called " + ", ".join(missing))
