# A driver that closed itself was unloaded while its handler ran.
set(source core/life_cycle_end.cpp)
set(test core_test)
set(filter LifeCycleTest.UnloadsADriverThatClosesItselfWhenItsHandlerReturns)
set(from [==[
    if (!module.given_up && is_needed(module)) {
]==])
set(to [==[
    if (!module.given_up && module.users > 0) {
]==])
