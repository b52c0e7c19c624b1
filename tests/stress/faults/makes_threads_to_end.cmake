# The exit made a thread for each driver: where there was none to be had it aborted.
set(source host/exit_executor.cpp)
set(test host_integration_test)
set(filter *ExitPromises.AreKeptWhereThereIsNoThreadToBeHad/Native)
set(from [==[
    Execution(run, carry, threads_of(*snapshot), [&](const Ended& ended) {
]==])
set(to [==[
    Execution(run, carry, threads_for(snapshot->world), [&](const Ended& ended) {
]==])
