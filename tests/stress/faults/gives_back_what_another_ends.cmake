# The exit gave a driver up and gave back its instances, also one that a client was just closing.
set(source core/life_cycle_exit.cpp)
set(test exit_storm)
set(filter */0)
set(from [==[
    const auto image = module->image;
    notify_system();
]==])
set(to [==[
    const auto image = module->image;
    for (const auto& [sequence, instance] : open_) {
        if (instance->loaded != module || instance->state != InstanceState::closing) continue;
        module->closed(instance->target.hdrvr);
        release_instance(*instance);
    }
    notify_system();
]==])
