# A worker that rang without end outran its deadline.
set(source supervisor/worker_calls.cpp)
set(test supervisor_test)
set(filter Worker.IsEndedForRingingWithoutAMessage)
set(seconds 20)
set(from [==[
    if (++state.rings_for_nothing > most_rings_for_nothing) kill(rule_breaker());
]==])
set(to [==[
    ++state.rings_for_nothing;
]==])
