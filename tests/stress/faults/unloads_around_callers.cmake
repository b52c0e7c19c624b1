# A driver was unloaded while a thread was still inside of it.
set(source life_cycle_end.cpp)
set(from "if (!module.given_up && is_needed(module)) {")
set(to "if (false) {")
