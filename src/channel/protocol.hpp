// The requests and answers that messages of a lane carry: one struct per request, which names its
// Answer. Fields have the same width whatever the worker is built for; text travels beside them.
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "channel/layout.hpp"

namespace instdrv::channel {

enum class What : std::uint16_t {
    nothing,
    // calls of the supervisor
    start,
    load_module,
    unload_module,
    call_driver,
    map_memory,
    // requests of the worker
    open_driver,
    close_driver,
    send_message,
    module_handle,
    driver_callback,
    direct_callback,
};

// Functions of a client's that drivers call by their address: messages::FunctionKind.
constexpr std::size_t direct_callback_kinds = 3;

// A token that stands for a client's callback. Only the client and the drivers that it gave the
// token to know it, so no other program can have a driver call the callback. A token differs from
// small numbers and contains the number of its channel. It fits the driver's pointers: 63 bits, of
// which 51 are secret, or 31 bits, of which 20 are. As 20 bits can be guessed, a 32-bit worker lets
// a client's call reach only that client's callbacks, and delays drivers' threads after a wrong
// token.
struct CallbackToken {
    static constexpr std::uint64_t mark = 0x4000'0000;
    static constexpr unsigned channel_shift = 20;
    static constexpr std::uint32_t most_channels = 1024;

    // secret: a random number, of which as much is used as there is room for.
    static constexpr std::uint64_t make(std::uint32_t channel, std::uint64_t secret,
                                        unsigned pointer_size) noexcept {
        constexpr std::uint64_t low_bits = (std::uint64_t{1} << channel_shift) - 1;
        constexpr std::uint64_t high_bits = 0x7FFF'FFFF'0000'0000;
        return mark | (std::uint64_t{channel} << channel_shift) | (secret & low_bits) |
               (pointer_size == 8 ? secret & high_bits : 0);
    }
    // The supervisor's for what is no token.
    static constexpr std::uint32_t channel_of(std::uint64_t token) noexcept {
        return ((token >> 30) & 3) == 1 ? (token >> channel_shift) & (most_channels - 1) : 0;
    }
};

// ---- calls --------------------------------------------------------------------------------------

// The first call, on lane 0: confine yourself as the start document (StartDocument) says. On a
// client's channel it only tells the worker's facts.
struct Start {
    static constexpr What what = What::start;
    struct Answer {
        std::uint64_t pointer_size;  // of the worker's machine, bytes
        std::uint64_t base;          // where it has the region
        std::uint64_t channel;       // the channel's number in this worker; the supervisor's is 0
    };                               // text: a sandbox::ConfinementReport
};

// On a client's channel: of a file that the supervisor has loaded.
// Text, of three parts: the file, and the driver's state folder, which clients leave empty, as
// absolute paths; the calls of Windows' functions to write down (HostOptions::traced_calls).
struct LoadModule {
    static constexpr std::size_t parts = 3;
    static constexpr What what = What::load_module;
    // Unused by clients.
    std::uint64_t state_limit;    // most bytes the driver's state folder may hold
    std::uint64_t callback_time;  // most milliseconds that a client may take over a callback
    std::uint64_t code_page;      // TextSettings
    std::uint64_t oem_code_page;
    std::uint64_t locale;
    struct Answer {
        std::uint64_t module;      // its number in this worker
        std::uint64_t handle;      // HMODULE
        std::uint64_t is_windows;  // 0 or 1
        // Functions for the driver to call, in its own convention, which make a DirectCallback.
        std::uint64_t functions[direct_callback_kinds];  // NOLINT(*-avoid-c-arrays)
    };                                                   // text: its kind
};

struct UnloadModule {
    static constexpr What what = What::unload_module;
    std::uint64_t module;
    struct Answer {
        std::uint64_t unused;
    };
};

// Calls DriverProc. On a client's channel module and driver_id are known from hdrvr, which the
// supervisor has open for that client. With the supervisor's DRV_OPEN driver_id is the number of
// the channel that the instance is opened for; 0: the supervisor itself.
struct CallDriver {
    static constexpr What what = What::call_driver;
    std::uint64_t module;
    std::uint64_t driver_id;
    std::uint64_t hdrvr;
    std::uint64_t message;
    std::uint64_t lparam1;
    std::uint64_t lparam2;
    struct Answer {
        std::uint64_t value;  // LRESULT, sign-extended
    };
};

// On a client's channel: more of the region's supervisor_arena.
struct MapMemory {
    static constexpr What what = What::map_memory;
    std::uint64_t offset;  // in the region; whole pages
    std::uint64_t size;    // bytes, whole pages
    struct Answer {
        std::uint64_t base;  // where the worker has it
    };
};

// ---- requests: what drivers ask of the system ---------------------------------------------------

struct OpenDriver {  // text: pack({name, section})
    static constexpr What what = What::open_driver;
    std::uint64_t lparam2;
    struct Answer {
        std::uint64_t hdrvr;
    };
};

struct CloseDriver {
    static constexpr What what = What::close_driver;
    std::uint64_t hdrvr;
    std::uint64_t lparam1;
    std::uint64_t lparam2;
    struct Answer {
        std::uint64_t value;
    };
};

struct SendMessage {
    static constexpr What what = What::send_message;
    std::uint64_t hdrvr;
    std::uint64_t message;
    std::uint64_t lparam1;
    std::uint64_t lparam2;
    struct Answer {
        std::uint64_t value;
    };
};

struct ModuleHandle {
    static constexpr What what = What::module_handle;
    std::uint64_t hdrvr;
    struct Answer {
        std::uint64_t handle;
    };
};

struct DriverCallback {
    static constexpr What what = What::driver_callback;
    std::uint64_t callback;
    std::uint32_t flags;
    std::uint32_t message;
    std::uint64_t device;
    std::uint64_t user;
    std::uint64_t param1;
    std::uint64_t param2;
    struct Answer {
        std::uint64_t delivered;  // BOOL
    };
};

// A function of the client's that the driver was given as an address and called itself.
struct DirectCallback {
    static constexpr What what = What::direct_callback;
    std::uint64_t kind;
    std::uint64_t token;         // what it was called with first
    std::uint64_t arguments[3];  // NOLINT(*-avoid-c-arrays)
    struct Answer {
        std::uint64_t value;
    };
};

// ---- on and off the lane ------------------------------------------------------------------------

using Words = std::array<std::uint64_t, word_count>;

// A message taken off a lane. What the other side writes afterwards does not change it.
struct Received {
    Turn turn = Turn::none;
    std::uint8_t sequence = 0;
    What what = What::nothing;
    Words words{};
    std::string text;
};
Received receive(const Message& shared);

// Writes a message; text beyond text_capacity is cut.
void send(Message& shared, Turn turn, What what, const Words& words, std::string_view text = {});

template <class T>
Words words_of(const T& value) noexcept {
    Words words{};
    if constexpr (!std::is_empty_v<T>) {
        static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 8 == 0 &&
                      sizeof(T) <= sizeof(Words));
        using Exact = std::array<std::uint64_t, sizeof(T) / 8>;
        const auto exact = std::bit_cast<Exact>(value);
        std::copy(exact.begin(), exact.end(), words.begin());
    }
    return words;
}

template <class T>
T value_of(const Words& words) noexcept {
    if constexpr (std::is_empty_v<T>) {
        return {};
    } else {
        using Exact = std::array<std::uint64_t, sizeof(T) / 8>;
        Exact exact{};
        std::copy_n(words.begin(), exact.size(), exact.begin());
        return std::bit_cast<T>(exact);
    }
}

// An answer or reply of `failed` carries an Error in place of its value.
constexpr What failed = What{0xFFFF};
// On a client's channel, the same as the first answer on a lane that the worker has no thread for:
// the call was not carried out, and the lane is as before it was opened.
constexpr What unserved = What{0xFFFE};
void send_error(Message& shared, Turn turn, const Error& error, What what = failed);
// The Error of such a message. Its code is one of ErrorCode's, `broken` for any other number.
Error error_of(const Received& received);

// ---- texts of several parts ---------------------------------------------------------------------

std::string pack(std::span<const std::string_view> parts);
// Nothing where `text` is not exactly `count` parts.
std::optional<std::vector<std::string>> unpack(std::string_view text, std::size_t count);

}  // namespace instdrv::channel
