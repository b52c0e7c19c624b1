#include "supervisor/lane_claims.hpp"

namespace instdrv::supervisor {
namespace {

constexpr std::uint64_t in_call = 1;
constexpr std::uint64_t taken = 2;
constexpr std::uint64_t flags = in_call | taken;
constexpr std::uint64_t one_generation = 4;

constexpr std::size_t kept_for_ends = 2;
constexpr std::size_t for_drivers = channel::first_worker_lane / 2;

constexpr std::size_t end_of_lanes(LaneUser user) noexcept {
    switch (user) {
        case LaneUser::driver: return for_drivers;
        case LaneUser::program: return channel::first_worker_lane - kept_for_ends;
        case LaneUser::end: return channel::first_worker_lane;
    }
    return 0;
}

constexpr std::uint64_t idle(const LaneClaims::Claim& claim) noexcept {
    return claim.generation * one_generation | taken;
}

}  // namespace

bool LaneClaims::try_take(std::size_t lane, std::uint64_t state) noexcept {
    const auto wanted = ((state & ~flags) + one_generation) | flags;
    return states_[lane].compare_exchange_strong(state, wanted);
}

std::optional<LaneClaims::Claim> LaneClaims::take(LaneUser user) noexcept {
    // One that nobody has comes first: the thread behind another's has that one's data.
    for (const auto wanted : {std::uint64_t{0}, taken}) {
        for (std::size_t lane = 0; lane < end_of_lanes(user); ++lane) {
            const auto state = states_[lane].load();
            if ((state & flags) != wanted || !try_take(lane, state)) continue;
            return Claim{.lane = lane, .generation = state / one_generation + 1};
        }
    }
    return std::nullopt;
}

void LaneClaims::keep(std::size_t lane) noexcept { states_[lane].store(flags); }

void LaneClaims::give_back(const Claim& claim) noexcept {
    auto state = idle(claim);
    states_[claim.lane].compare_exchange_strong(state, state & ~flags);
}

LaneClaims::Begun LaneClaims::begin(const Claim& claim) noexcept {
    auto state = idle(claim);
    if (states_[claim.lane].compare_exchange_strong(state, state | in_call)) return Begun::yes;
    return state == (idle(claim) | in_call) ? Begun::nested : Begun::lost;
}

void LaneClaims::end(const Claim& claim) noexcept { states_[claim.lane].store(idle(claim)); }

}  // namespace instdrv::supervisor
