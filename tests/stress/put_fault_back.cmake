# Writes a copy of a source with a fault that it once had.
#   cmake -DFAULT=... -DORIGINAL=... -DFAULTY=... -P put_fault_back.cmake
# The file FAULT says which it is:
#   source   below src/
#   test     the test program that has to find it
#   filter   by which of its tests
#   seconds  that it may take, 60 where it is not said: a test that does not end has found the fault
#   from     what stands in the source exactly once
#   to       what stands there instead
include("${FAULT}")
file(READ "${ORIGINAL}" text)
string(REPLACE "${from}" "" without "${text}")
string(LENGTH "${text}" length)
string(LENGTH "${without}" length_without)
string(LENGTH "${from}" length_of_from)
math(EXPR length_without_once "${length} - ${length_of_from}")
if(NOT length_without EQUAL length_without_once)
  message(FATAL_ERROR "${FAULT}: this does not stand exactly once in ${source}:\n${from}")
endif()
string(REPLACE "${from}" "${to}" text "${text}")
file(WRITE "${FAULTY}" "${text}")
