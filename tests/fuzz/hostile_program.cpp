#include "hostile_program.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "require.hpp"

namespace instdrv::fuzz {
namespace {

channel::Region mapped(const Fd& shared) {
    auto region = channel::Region::attach(shared);
    require(region.has_value());
    return *std::move(region);
}

}  // namespace

HostileProgram::HostileProgram(core::SharedChannel channel, std::uint64_t own, std::uint64_t others,
                               Script script)
    : region_(mapped(channel.region)),
      place_(std::move(channel.place)),
      socket_(std::move(channel.control)),
      number_(channel.name.number),
      own_(own),
      others_(others),
      script_(script) {
    for (std::size_t i = 0; i < channel::lane_count; ++i)
        listeners_.emplace_back(0);
}

void HostileProgram::play() {
    while (!script_.empty())
        make(static_cast<Move>(script_.choice(static_cast<std::size_t>(Move::count))));
}

void HostileProgram::leave() {
    socket_.hang_up();
    place_.reset();
}

void HostileProgram::make(Move move) {
    switch (move) {
        case Move::open_a_lane: return open_a_lane();
        case Move::call: return call();
        case Move::reply: return reply();
        case Move::overwrite: return overwrite();
        case Move::scribble: return scribble();
        case Move::ring: return channel::ring(lane().to_worker.bell);
        case Move::talk: return socket_.act(script_);
        case Move::listen: return listen();
        case Move::map_more: return map_more();
        case Move::nest: return nest();
        default: place_.reset();
    }
}

// Few of them, so that what an input does to one it does to one that is open.
channel::Lane& HostileProgram::lane() {
    constexpr std::array<std::size_t, 4> lanes{0, 1, channel::first_worker_lane - 1,
                                               channel::first_worker_lane};
    return region_.lane(lanes.at(script_.choice(lanes.size())));
}

void HostileProgram::open_a_lane() {
    const auto number = static_cast<std::uint32_t>(&lane() - &region_.lane(0));
    socket_.tell(channel::Notice::Kind::lane_opened, number);
}

void HostileProgram::call() {
    auto& out = lane().to_worker;
    const auto what = static_cast<channel::What>(script_.number(1) % 16);
    channel::Words words{};
    for (auto& each : words)
        each = word();
    const std::array<std::string_view, 2> places{INSTDRV_SHARED_DRIVER, ""};
    channel::send(out, channel::Turn::call, what, words, channel::pack(places));
    channel::ring(out.bell);
}

void HostileProgram::reply() {
    auto& out = lane().to_worker;
    constexpr auto first = static_cast<std::uint64_t>(channel::What::open_driver);
    const auto what = static_cast<channel::What>(first + script_.number(1) % 8);
    channel::send(out, channel::Turn::reply, what, channel::Words{word()});
    channel::ring(out.bell);
}

void HostileProgram::overwrite() {
    auto& out = lane().to_worker;
    const auto bytes = script_.take(script_.number(1));
    std::memcpy(&out.turn, bytes.data(), bytes.size());
    channel::ring(out.bell);
}

void HostileProgram::scribble() {
    const auto offset = script_.number(3) % region_.size();
    const auto bytes = script_.take(script_.number(1));
    std::memcpy(region_.base() + offset, bytes.data(),
                std::min<std::uint64_t>(bytes.size(), region_.size() - offset));
}

void HostileProgram::listen() {
    constexpr std::chrono::milliseconds moment{1};  // what was not rung does not ring
    static_cast<void>(rings(lane(), moment));
}

bool HostileProgram::rings(const channel::Lane& lane, std::chrono::milliseconds patience) {
    const auto number = static_cast<std::size_t>(&lane - &region_.lane(0));
    channel::Deadline deadline(patience);
    return listeners_.at(number).wait(region_.lane(number).to_supervisor.bell, deadline);
}

// Has the driver call back, and calls it in place of each reply, until it is refused.
void HostileProgram::nest() {
    constexpr std::chrono::milliseconds patience{20};
    auto& used = lane();
    const channel::CallDriver call{
        .hdrvr = own_,
        .message = DRV_USER + 1,
        .lparam1 = channel::CallbackToken::make(number_, 0, sizeof(void*))};
    for (auto depth = 4 * script_.number(1); depth > 0; --depth) {
        channel::send(used.to_worker, channel::Turn::call, channel::What::call_driver,
                      channel::words_of(call));
        channel::ring(used.to_worker.bell);
        if (!rings(used, patience)) return;
        if (channel::receive(used.to_supervisor).turn == channel::Turn::answer) return;
    }
}

void HostileProgram::map_more() {
    auto& out = lane().to_worker;
    const channel::MapMemory part{.offset = script_.number(2) * 4096,
                                  .size = script_.number(2) * 4096};
    channel::send(out, channel::Turn::call, channel::What::map_memory, channel::words_of(part));
    channel::ring(out.bell);
}

std::uint64_t HostileProgram::word() {
    switch (script_.number(1) % 8) {
        case 0: return 0;
        case 1: return own_;
        case 2: return others_;
        case 3: return script_.number(1);
        case 4: return DRV_USER + script_.number(1) % 4;
        case 5: return DRV_USER;
        // A token of the right form, of its own channel or of another.
        case 6:
            return channel::CallbackToken::make(number_ - script_.number(1) % 2, script_.number(3),
                                                4);
        default: return script_.number(8);
    }
}

}  // namespace instdrv::fuzz
