#!/bin/sh
# Passes where a test finds a fault that was put back: by a failure, a crash or by not ending.
# usage: find_fault.sh PROGRAM FILTER SECONDS
found=$(INSTDRV_STORM_ROUNDS=2000 timeout "$3" "$1" --gtest_filter="$2" --gtest_brief=1 2>&1) || exit 0
echo "nothing was noticed of the fault: $found" >&2
exit 1
