# The exit knew nothing of drivers that another call was loading or unloading.
set(source core/life_cycle_exit.cpp)
set(test exit_storm)
set(filter */0)
set(from [==[
    out.modules = modules_;
]==])
set(to [==[
    std::copy_if(modules_.begin(), modules_.end(), std::back_inserter(out.modules),
                 [](const auto& module) { return module->state == ModuleState::ready; });
]==])
