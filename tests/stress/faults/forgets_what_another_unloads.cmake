# The exit knew nothing of drivers that another call was loading or unloading.
set(source life_cycle_exit.cpp)
set(from [==[    out.modules = modules_;
]==])
set(to [==[
    std::copy_if(modules_.begin(), modules_.end(), std::back_inserter(out.modules),
                 [](const auto& module) { return module->state == ModuleState::ready; });
]==])
