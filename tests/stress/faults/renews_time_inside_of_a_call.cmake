# A driver had its whole deadline anew for each call of it that its client made from a callback.
set(source supervisor/worker_calls.cpp)
set(test supervisor_test)
set(filter NestedDeadlines.ADriversCallsInsideOfItsOwnHaveNoTimeAnew)
set(seconds 20)
set(from [==[
        state.conversation != nullptr ? state.conversation->latest() : std::nullopt);
]==])
set(to [==[
        std::nullopt);
]==])
