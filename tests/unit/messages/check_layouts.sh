#!/bin/sh
# usage: check_layouts.sh WRITE_LAYOUT_CHECK WHAT POINTER COMPILER INCLUDE_FOLDER WORK_FOLDER
# Compiles what write_layout_check writes, for a machine with pointers of that size.
set -eu
write=$1 what=$2 pointer=$3 compiler=$4 include=$5 work=$6/$2_$3

mkdir -p "$work"
if [ "$what" = natural ]; then
    # The same header, as a compiler sees it that was not told to pack.
    rm -rf "$work/instdrv"
    cp -r "$include/instdrv" "$work/instdrv"
    sed -i -e '/^#pragma pack/d' -e '/^INSTDRV_IS(/d' "$work/instdrv/acm.h"
    include=$work
fi
"$write" "$what" "$pointer" > "$work/check.c"
[ "$(grep -c offsetof "$work/check.c")" -ge 25 ] || { echo "nothing to check"; exit 1; }
"$compiler" -std=c11 -Wall -Werror -fsyntax-only -I "$include" "$work/check.c"
