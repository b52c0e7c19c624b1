# A driver that was given up during a step of the exit was given back by nobody.
set(source life_cycle_exit.cpp)
set(from [==[    if (module.given_up) return give_back_given_up(lock, std::move(end));
]==])
set(to "    static_cast<void>(lock);\n")
