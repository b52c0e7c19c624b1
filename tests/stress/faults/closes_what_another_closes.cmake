# The exit closed an instance that a client was just closing.
set(source core/ending.cpp)
set(test exit_storm)
set(filter */0)
set(from [==[
    if (instance.state != InstanceState::open) return std::nullopt;
]==])
set(to [==[
    const bool closing = instance.state == InstanceState::closing;
    if (instance.state != InstanceState::open && !closing) return std::nullopt;
]==])
