#include "hostile_side.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include "sandbox/report.hpp"

namespace instdrv::fuzz {
namespace {

// As the supervisor hands them out, so that guesses are often right.
constexpr std::uint64_t first_name = 0x1000;

std::string_view text_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

HostileSide::HostileSide(const channel::Region& region, Fd control, Script script)
    : region_(region),
      lane_(region.lane(0)),
      socket_(std::move(control)),
      script_(script),
      thread_([this] { run(); }) {}

HostileSide::~HostileSide() {
    over_ = true;
    channel::ring(lane_.to_worker.bell);
    thread_.join();
}

void HostileSide::run() {
    channel::Listener listener(1024);
    for (;;) {
        // Nobody rings where the supervisor has read half of a message that it was not rung for.
        channel::Deadline patience(std::chrono::milliseconds(100));
        static_cast<void>(listener.wait(lane_.to_worker.bell, patience));
        if (over_) return;
        if (lane_.to_worker.turn == static_cast<std::uint8_t>(channel::Turn::call)) {
            asked_ = static_cast<channel::What>(lane_.to_worker.what);
        }
        play();
        // A ring without a message stands still, too.
        lane_.to_supervisor.sequence = ++told_;
        channel::ring(lane_.to_supervisor.bell);
    }
}

void HostileSide::play() {
    for (;;) {
        if (script_.empty())
            return channel::send(lane_.to_supervisor, channel::Turn::none, asked_, {});
        switch (static_cast<Move>(script_.choice(static_cast<std::size_t>(Move::count)))) {
            case Move::answer: return answer();
            case Move::request: return request(lane_.to_supervisor);
            case Move::fail: return fail();
            case Move::overwrite: return overwrite();
            case Move::scribble: scribble(); break;
            case Move::ring_for_nothing: ring_for_nothing(); break;
            case Move::talk: socket_.act(script_); break;
            case Move::begin_a_lane: begin_a_lane(); break;
            default: ask_as_a_thread();
        }
    }
}

void HostileSide::answer() {
    if (asked_ == channel::What::start) return answer_start();
    channel::Words words{};
    words[0] = word();
    words[1] = word();
    words[2] = script_.number(1);
    channel::send(lane_.to_supervisor, channel::Turn::answer, asked_, words);
}

void HostileSide::answer_start() {
    sandbox::ConfinementReport report;
    report.confined = 1;
    const std::string_view text(reinterpret_cast<const char*>(&report), sizeof report);
    const auto base = reinterpret_cast<std::uintptr_t>(region_.base());
    const std::uint64_t pointer_size = script_.number(1) % 2 == 0 ? 8 : 4;
    channel::send(lane_.to_supervisor, channel::Turn::answer, asked_,
                  channel::words_of(channel::Start::Answer{pointer_size, base}), text);
}

void HostileSide::request(channel::Message& out) {
    constexpr auto first = static_cast<std::uint64_t>(channel::What::open_driver);
    const auto what = static_cast<channel::What>(first + script_.number(1) % 7);
    channel::Words words{};
    for (auto& each : words)
        each = word();
    const std::array<std::string_view, 2> parts{"other", script_.number(1) % 2 == 0 ? "" : "mci32"};
    channel::send(out, channel::Turn::request, what, words, channel::pack(parts));
}

void HostileSide::fail() {
    channel::Words words{};
    words[0] = script_.number(1);
    words[1] = script_.number(8);
    const auto text = script_.take(script_.number(1));
    channel::send(lane_.to_supervisor, channel::Turn::answer, channel::failed, words,
                  text_of(text));
}

void HostileSide::overwrite() {
    const auto bytes = script_.take(script_.number(1));
    std::memcpy(&lane_.to_supervisor.turn, bytes.data(), bytes.size());
}

void HostileSide::scribble() {
    // Lanes and the supervisor's arena; or the worker's, where a driver's own structures lie.
    const auto own = static_cast<std::uint64_t>(region_.worker_arena().data() - region_.base());
    const auto offset = script_.number(1) % 2 == 0 ? script_.number(2) * 16 % region_.size()
                                                   : own + 8 * script_.number(1);
    const auto bytes = script_.take(script_.number(1));
    const auto size = std::min(bytes.size(), region_.size() - offset);
    // All but its own lane's bells: without them it only stands still, which a deadline ends.
    const auto behind_bells = static_cast<std::size_t>(
        reinterpret_cast<std::byte*>(&lane_.to_supervisor.turn) - region_.base());
    if (offset < behind_bells) return;
    std::memcpy(region_.base() + offset, bytes.data(), size);
}

void HostileSide::ring_for_nothing() {
    auto& bell = script_.number(1) % 2 == 0 ? lane_.to_supervisor.bell
                                            : region_.lane(own_lane()).to_supervisor.bell;
    for (auto rings = script_.number(1) % 4; rings > 0; --rings)
        channel::ring(bell);
}

std::size_t HostileSide::own_lane() {
    constexpr std::size_t count = channel::lane_count - channel::first_worker_lane;
    return channel::first_worker_lane + script_.choice(count);
}

// As a worker does when a thread of a driver's first asks for something.
void HostileSide::begin_a_lane() {
    socket_.tell(channel::Notice::Kind::lane_used, static_cast<std::uint32_t>(own_lane()));
}

// It waits for no reply, and may ask again before there is one.
void HostileSide::ask_as_a_thread() {
    auto& out = region_.lane(own_lane()).to_supervisor;
    request(out);
    channel::ring(out.bell);
}

std::uint64_t HostileSide::given() {
    std::uint64_t value = 0;
    const auto offset = 8 * script_.number(1);
    std::memcpy(&value, region_.supervisor_arena().data() + offset, sizeof value);
    return value;
}

std::uint64_t HostileSide::word() {
    const auto base = reinterpret_cast<std::uintptr_t>(region_.base());
    switch (script_.number(1) % 8) {
        case 0: return 0;
        case 1: return script_.number(1);
        case 2: return given();
        case 3: return first_name + 4 * (script_.number(1) % 16);
        case 4: {
            const auto offset = region_.worker_arena().data() - region_.base();
            return base + static_cast<std::uint64_t>(offset) + 8 * script_.number(1);
        }
        case 5: return base + script_.number(3) % region_.size();
        case 6: return DRV_RESERVED + script_.number(2);
        default: return script_.number(8);
    }
}

}  // namespace instdrv::fuzz
