# What a driver does while it is unloaded had no deadline.
set(source supervisor/worker_module.cpp)
set(test host_integration_test)
set(filter WorkersOfDrivers.ThatDoNotUnloadAreEnded)
set(seconds 10)
set(from [==[
            worker_->call(channel::UnloadModule{.module = facts_.module}, deadline_of(DRV_FREE));
]==])
set(to [==[
            worker_->call(channel::UnloadModule{.module = facts_.module}, std::chrono::hours(1));
]==])
