# Writes a copy of a source with a fault that it once had. The file FAULT says which: `source` below src/core,
# and what stands in it exactly once, `from`, replaced by `to`.
#   cmake -DFAULT=... -DCORE=.../src/core -DOUT=... -P put_fault_back.cmake
include("${FAULT}")
file(READ "${CORE}/${source}" text)
string(REPLACE "${from}" "" without "${text}")
string(LENGTH "${text}" length)
string(LENGTH "${without}" length_without)
string(LENGTH "${from}" length_of_from)
math(EXPR length_without_once "${length} - ${length_of_from}")
if(NOT length_without EQUAL length_without_once)
  message(FATAL_ERROR "${FAULT}: this does not stand exactly once in ${source}:\n${from}")
endif()
string(REPLACE "${from}" "${to}" text "${text}")
file(WRITE "${OUT}" "${text}")
