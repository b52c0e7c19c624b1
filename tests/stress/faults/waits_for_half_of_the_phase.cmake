# Where a driver could not be told for want of memory, the others waited for half of the phase.
set(source host/exit_executor.cpp)
set(test exit_memory_test)
set(filter *ExitsOrSaysSo/NativeOnce)
set(seconds 30)
set(from [==[
            if (!posted) continue;  // what broke may have made way for others
]==])
set(to [==[
]==])
