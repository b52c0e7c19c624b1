#include "stress/simulated_instances.hpp"

#include <algorithm>

namespace instdrv::stress {
namespace {

using TimePoint = SimulatedInstances::TimePoint;

TimePoint after(TimePoint begin, std::optional<Duration> time) {
    return time ? begin + *time : TimePoint::max();
}

}  // namespace

SimulatedInstances::SimulatedInstances(const SimulatedWorld& world, TimePoint begin)
    : world_(world), begin_(begin) {
    for (const auto& holder : world.holders)
        instances_.push_back({.free = after(begin, holder.inside)});
}

bool SimulatedInstances::is_entered(std::size_t instance, TimePoint now) const {
    return instances_[instance].free > now;
}

std::optional<TimePoint> SimulatedInstances::leaves(std::size_t instance) const {
    const auto& holder = world_.holders[instance];
    if (!holder.leaves || !instances_[instance].open) return std::nullopt;
    return begin_ + *holder.leaves;
}

std::optional<TimePoint> SimulatedInstances::next_leave() const {
    std::optional<TimePoint> first;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        const auto time = leaves(i);
        if (time && (!first || *time < *first)) first = time;
    }
    return first;
}

std::vector<std::size_t> SimulatedInstances::leave(TimePoint now) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        const auto time = leaves(i);
        if (!time || *time > now) continue;
        auto& instance = instances_[i];
        instance.open = false;
        // The close waits for the call, if there is one, and takes its own time.
        if (instance.free != TimePoint::max()) {
            instance.free = after(std::max(instance.free, *time), world_.holders[i].closing);
        }
        out.push_back(i);
    }
    return out;
}

std::optional<Duration> SimulatedInstances::wait(const std::vector<std::size_t>& instances,
                                                 TimePoint now) {
    TimePoint free = now;
    for (const auto i : instances) {
        instances_[i].open = false;
        free = std::max(free, instances_[i].free);
    }
    if (free == TimePoint::max()) return std::nullopt;
    return std::chrono::ceil<Duration>(free - now);
}

std::optional<Duration> SimulatedInstances::shut(std::size_t instance, TimePoint now) {
    return wait({instance}, now);
}

std::optional<Duration> SimulatedInstances::shut_module(std::size_t module, TimePoint now) {
    std::vector<std::size_t> its;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        if (world_.world.instances[i].module == module) its.push_back(i);
    }
    return wait(its, now);
}

}  // namespace instdrv::stress
