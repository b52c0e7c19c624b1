// Copies messages between a client and a driver in another process, possibly of another pointer
// size.
//
// A declaration says what a message's parameters point at (declaration.hpp). A call copies that
// into memory shared with the driver, in the driver's layout and with the driver's addresses; what
// the driver changed is copied back when it has answered:
//
//     Conversation conversation(family, sides, shared, callbacks);      one per instance
//     auto call = conversation.begin(ACMDM_STREAM_CONVERT, {l1, l2}, client);
//     if (!call) return failure(call.error());
//     const auto answer = worker.send(ACMDM_STREAM_CONVERT, call->parameters());
//     Status done = call->finish(answer);       or let the Call die: nothing is copied back
//
// The driver's side is treated as hostile: its memory is read once, a length from it never exceeds
// the client's buffer, a pointer from it is neither followed nor handed to the client.
//
// Some structures stay where they are between messages, with the fields that are the driver's own:
// an ACM stream from ACMDM_STREAM_OPEN to _CLOSE, its header and buffers from _PREPARE to
// _UNPREPARE, what VFW's _BEGIN messages point at until _END. A Conversation holds them by the
// client's address, 1,024 at most: more are refused with busy, before the driver hears of them.
// They end with the message that ends them, with a DRV_CLOSE that the driver accepts, and with the
// Conversation.
//
// A message without a declaration, or one declared to carry numbers, travels as two numbers. Going
// from 8 bytes to 4 a number must be the same again when its lower half is extended, with its sign
// or with zeros; else the call is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "messages/callbacks.hpp"
#include "messages/catalog.hpp"
#include "messages/memory.hpp"

namespace instdrv::messages {

// How the two sides lay out structures. Pointer sizes are 4 or 8.
struct Sides {
    unsigned client_pointer = 8;
    unsigned driver_pointer = 8;
    // Bytes of one unit of the text in lParam1 of DRV_OPEN: 2 (UTF-16) for a Windows DLL, 1 (UTF-8)
    // for a native driver. The same for client and driver.
    unsigned open_text_unit = 2;
    // The driver expects the ACM structures of Wine's headers, not those of Windows' (see
    // codec/acm_layout.hpp). Asked for only where the client's structures cannot tell: the client
    // has 4-byte pointers and the driver 8-byte ones.
    bool natural_acm = false;
};

// lParam1 and lParam2 as numbers. One of a 32-bit side is sign- or zero-extended; either is
// understood on the way in. What goes to a 32-bit driver always fits in 32 bits.
struct Parameters {
    std::uint64_t lparam1 = 0;
    std::uint64_t lparam2 = 0;
};

class ConversationState;
class CallState;

// One message under way. Movable; not for two threads at once. The ClientMemory it began with, the
// SharedMemory and the Callbacks outlive it; the Conversation need not.
class Call {
public:
    explicit Call(const Parameters& numbers) noexcept;
    explicit Call(std::unique_ptr<CallState> state) noexcept;
    Call(Call&& other) noexcept;
    Call& operator=(Call&& other) noexcept;
    ~Call();  // gives back what the driver does not keep

    // For the driver.
    [[nodiscard]] Parameters parameters() const noexcept;

    // After the driver's answer (sign-extended from a 32-bit one): copies back what it changed,
    // keeps or ends what it holds between messages. Once. An Error says that the client's memory
    // cannot be written, or that a value does not fit the client's layout; as much as possible is
    // copied all the same.
    [[nodiscard]] Status finish(std::int64_t answer);

private:
    Parameters parameters_;
    std::unique_ptr<CallState> state_;  // null: two numbers, of which nothing comes back
};

// The messages of one instance. Every member may be called by several threads at once, and while
// calls are under way.
class Conversation {
public:
    Conversation(Family family, const Sides& sides, SharedMemory& shared, Callbacks& callbacks);
    Conversation(Conversation&&) noexcept;
    Conversation& operator=(Conversation&&) noexcept;
    ~Conversation();

    [[nodiscard]] Family family() const noexcept;
    // Is it known what this message carries?
    [[nodiscard]] bool declares(UINT message) const noexcept;

    // Errors: invalid_argument (memory that cannot be read, a structure that makes no sense),
    // unsupported (a number that a 32-bit driver cannot be given), out_of_memory (no room in the
    // shared memory). Nothing is kept then.
    [[nodiscard]] Result<Call> begin(UINT message, const Parameters& parameters,
                                     const ClientMemory& client);

    // For a callback that hands over an ACMDRVSTREAMHEADER which the driver holds between messages,
    // as an asynchronous conversion does when it is done: copies back what changed in it and its
    // buffers, and says where the client has it. not_found for any other address.
    [[nodiscard]] Result<std::uint64_t> collect(std::uint64_t driver_address,
                                                const ClientMemory& client);

private:
    std::shared_ptr<ConversationState> state_;
};

// Which family an instance speaks, from lParam2 of its DRV_OPEN: acm where that points at a size
// and 'audc', vfw at 'vidc', 'vids' or 'vcap', mci where the section is "mci" or "mci32" (in any
// case), else standard. lParam2 may be any number.
Family family_of_open(std::uint64_t lparam2, std::string_view section, const ClientMemory& client);

// For traces: "ACMDM_STREAM_CONVERT src=1024 dst=4096 flags=0x10". Memory that cannot be read is
// said so and is no Error. Nothing is written.
std::string describe_call(Family family, UINT message, const Parameters& parameters,
                          const Sides& sides, const ClientMemory& client);

}  // namespace instdrv::messages
