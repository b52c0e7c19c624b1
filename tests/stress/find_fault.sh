#!/bin/sh
# Passes where a storm over a fault that was put back finds it: by a failure, a crash or by not ending.
# usage: find_fault.sh STORM
INSTDRV_STORM_ROUNDS=2000 timeout 120 "$1" --gtest_filter='*/0' >/dev/null 2>&1 && {
    echo "2000 exits with the fault, and nothing was noticed" >&2
    exit 1
}
exit 0
