# Observers of an exit were called by its own thread: a slow disk made drivers time out.
set(source host/exit_executor.cpp)
set(test host_integration_test)
set(filter *ExitPromises.AreKeptBesideASlowObserver/Native)
set(from [==[
        showing.show(ended);
]==])
set(to [==[
        if (observer && !ended.error && !ended.call.hidden && !ended.call.waits) {
            observer({.file = snapshot->world.modules[ended.call.module].file,
                      .instance = ended.call.handle,
                      .message = ended.call.message});
        }
]==])
