# An open that found no memory lost its handle, and left its driver half loaded.
set(source core/life_cycle.cpp)
set(test exit_memory_test)
set(filter *OpensOrFails*)
set(from [==[
    auto opened = or_no_memory([&] { return finish_open(lock, *opening, request); });
]==])
set(to [==[
    auto opened = finish_open(lock, *opening, request);
]==])
