# A driver was disabled while a thread was inside of it.
set(source core/life_cycle_exit.cpp)
set(test exit_storm)
set(filter */0)
set(from [==[
        if (module->users == used_here && !is_entered(*module, Whose::others)) {
]==])
set(to [==[
        if (module->users == used_here) {
]==])
