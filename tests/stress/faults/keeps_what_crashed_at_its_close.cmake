# An instance whose DRV_CLOSE crashed was given back by nobody, and the host waited for it at its end.
set(source core/life_cycle_exit.cpp)
set(test core_test)
set(filter LifeCycleTest.GivesBackWhatBreaksOffAtItsClose)
set(from [==[
    // The exit ends the module itself, or somebody who is not asked has given it up.
]==])
set(to [==[
    if (answer.broken != nullptr) {
        static_cast<void>(std::make_unique<InstanceEnd>(*std::move(end)).release());
        return answer;
    }
]==])
