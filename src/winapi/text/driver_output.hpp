// Prints drivers' messages for people (standard output and error of the C runtimes, message boxes)
// on this process's standard error, in whole lines that begin with "driver: ". [any thread]
#pragma once

#include <string_view>

namespace instdrv::winapi {

// UTF-8 or whatever bytes the driver printed. A last line without a line feed gets one.
void print_for_driver(std::string_view text);
// Whole lines as they are, to the same place. Takes no memory.
void print_lines(std::string_view lines);

}  // namespace instdrv::winapi
