// The sender of the message that the calling thread is about to send: this process, or a driver in
// a worker, whose addresses belong to another process.
#pragma once

#include <cstdint>

#include "core/module_process.hpp"
#include "messages/memory.hpp"

namespace instdrv::supervisor {

struct Client {
    const messages::ClientMemory& memory;
    unsigned pointer_size;
    // Of the driver's worker: it is hostile, and its addresses mean nothing here. 0: this process.
    std::uint64_t worker;
    // What its parameters point at is with the driver already, and they are the driver's addresses.
    bool carried = false;
    // Of a message that is not declared, with structures that are checked, nothing is delivered.
    bool declared_only = false;
    // Of another program, which an instance is opened for and alone sends it messages.
    core::ChannelName channel{};

    [[nodiscard]] bool is_driver() const noexcept { return worker != 0; }
};

const Client& this_process() noexcept;
// This process, unless a ClientScope says otherwise.
const Client& current_client() noexcept;

class ClientScope {
public:
    explicit ClientScope(const Client& client) noexcept;
    ~ClientScope();
    ClientScope(const ClientScope&) = delete;
    ClientScope& operator=(const ClientScope&) = delete;

private:
    const Client* previous_;
};

}  // namespace instdrv::supervisor
