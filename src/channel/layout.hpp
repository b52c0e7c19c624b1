// The layout of the memory that a supervisor and a worker share. Both sides are built from this
// header, in 64 or in 32 bits, so every field has a fixed width and place. `version` changes
// with any of them, and with the requests of protocol.hpp.
//
//     RegionHeader | Lane x 64 | CrashArea | arena
//
// A lane carries one conversation: a thread of the supervisor and the thread of the worker that
// serves it. They take turns. Each direction has one message, whose fixed part shares a cache line
// with the bell that announces it: so a message costs the two processors no more than a bare bell.
//
//     supervisor  call ----------------> worker     do something for me
//                 <--------------- answer           done
//                 <-------------- request           (inside a call) do something for me first
//                 reply ---------------->           done
//
// Calls nest: a supervisor that is asked something may call again before it replies, and is served
// by the same thread of the worker. So a driver that opens, messages or calls back its own host
// from inside a call finds every thread where it expects it, and no deadlock arises. The lanes from
// `first_worker_lane` on are for threads that drivers started: there the worker begins, with
// requests.
//
// The worker may be hostile. The supervisor copies a message out once (receive), checks every
// number in it, and never follows an address that came from there.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "channel/bell.hpp"

namespace instdrv::channel {

constexpr std::uint32_t magic = 0x56'52'44'49;  // "IDRV"
constexpr std::uint32_t version = 5;

constexpr std::size_t lane_count = 64;
constexpr std::size_t first_worker_lane = 48;
constexpr std::size_t word_count = 6;
constexpr std::size_t text_capacity = 4032;

enum class Turn : std::uint8_t { none, call, answer, request, reply };

// One direction of a lane. What the words and the text mean is said by `what` in protocol.hpp.
struct alignas(4096) Message {
    Bell bell;
    std::uint8_t turn = 0;      // a Turn
    std::uint8_t sequence = 0;  // of the direction's messages: another one than the last
    std::uint16_t what = 0;
    std::uint32_t text_size = 0;  // bytes of `text` in use
    alignas(8) std::array<std::uint64_t, word_count> words{};
    std::array<char, text_capacity> text;  // uninitialised beyond text_size
};

struct Lane {
    Message to_worker;
    Message to_supervisor;
};

struct alignas(4096) RegionHeader {
    std::uint32_t magic;
    std::uint32_t version;
    alignas(8) std::uint64_t size;       // of the region, bytes
    alignas(8) std::uint64_t address;    // where the supervisor has it, and the worker should
    std::uint32_t spin_limit;            // of the worker's listeners
    std::uint32_t start_size;            // bytes of the sandbox plan, which begins the arena
    std::atomic<std::uint32_t> crashed;  // not 0 once the crash area is written
};

struct alignas(4096) CrashArea {
    std::array<std::byte, 32768> bytes;  // a CrashRecord, see crash_record.hpp
};

constexpr std::size_t lanes_offset = sizeof(RegionHeader);
constexpr std::size_t crash_offset = lanes_offset + lane_count * sizeof(Lane);
constexpr std::size_t arena_offset = crash_offset + sizeof(CrashArea);

// The region of a client's channel, of which the worker maps no more than what a client needs that
// sends structures: lanes, and an arena for small things. The rest of the arena is mapped piece by
// piece, as the client asks for it (MapMemory), and the worker's part when a driver first needs it.
// So hundreds of clients fit into a worker of 32 bits.
constexpr std::size_t client_region_size = std::size_t{32} << 20;
constexpr std::size_t client_region_reach = std::size_t{1} << 20;
// Where that part of the worker's begins in what it tells the client: the worker has it anywhere.
constexpr std::uint64_t client_worker_arena = 0x1000'0000;

static_assert(client_region_reach > arena_offset);
static_assert(sizeof(RegionHeader) == 4096 && sizeof(Lane) == 8192 && sizeof(CrashArea) == 32768);
static_assert(offsetof(Message, words) == 16 && offsetof(Message, text) == 64);
static_assert(offsetof(Lane, to_supervisor) == 4096 && offsetof(RegionHeader, spin_limit) == 24);

}  // namespace instdrv::channel
