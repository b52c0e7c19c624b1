// The functions of a client that a driver can call: numbers stand in for the client's addresses.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>

namespace instdrv::messages {

// The target that a driver may notify with DriverCallback: the one that an open call named. Values
// are the client's.
struct CallbackTarget {
    std::uint32_t type = 0;      // CALLBACK_* under CALLBACK_TYPEMASK; CALLBACK_NULL is possible
    std::uint64_t callback = 0;  // function, event, thread or window
    std::uint64_t user = 0;      // dwInstance: what DriverCallback hands on as dwUser
    std::uint64_t device = 0;    // the client's handle, such as HACMSTREAM
};

// The functions of a client that a driver may call directly. The first argument of each is `user`.
enum class FunctionKind {
    icm_status,    // ICSETSTATUSPROC.Status(lParam, message, l)
    icm_get_data,  // ICCOMPRESSFRAMES.GetData(lInput, lFrame, lpBits, len)
    icm_put_data,  // ICCOMPRESSFRAMES.PutData(lOutput, lFrame, lpBits, len)
};

struct Function {
    FunctionKind kind;
    std::uint64_t address = 0;  // the client's; never 0
    std::uint64_t user = 0;
};

// The stand-in that a driver gets for a function: an address to call in its own process, and the
// number to call it with, which tells the functions apart.
struct Thunk {
    std::uint64_t address = 0;
    std::uint64_t token = 0;
};

// Turns what is the client's into numbers that mean nothing in the driver's process. Numbers fit
// the driver's pointers, are not 0, and stay valid until released. A driver may hand back any
// number, at any time. Called by several threads at once; outlives every Conversation and Call.
class Callbacks {
public:
    Callbacks() = default;
    Callbacks(const Callbacks&) = delete;
    Callbacks& operator=(const Callbacks&) = delete;
    virtual ~Callbacks() = default;

    // The driver finds the token in place of callback, user and device alike.
    virtual Result<std::uint64_t> token_for(const CallbackTarget& target) = 0;
    virtual Result<Thunk> thunk_for(const Function& function) = 0;
    virtual void release(std::uint64_t token) noexcept = 0;
};

}  // namespace instdrv::messages
