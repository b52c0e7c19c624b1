# Whoever unloaded a driver had its image alone, so that nobody could kill it any more.
set(source life_cycle_end.cpp)
set(from [==[        const auto image = module.image;
        const bool was_dead]==])
set(to [==[        const auto image = std::move(module.image);
        const bool was_dead]==])
