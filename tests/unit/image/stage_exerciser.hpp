// Runs every stage over bytes that may be anything.
#pragma once

#include <string>

#include "image/bytes.hpp"

namespace instdrv::pe::test {

// Reads all that the stages hand out, so that sanitizers see a wrong span. Returns what was wrong
// with the way a stage failed (an error without cause, or of a code that says something else);
// empty: nothing.
std::string exercise_stages(image::Bytes file);

}  // namespace instdrv::pe::test
