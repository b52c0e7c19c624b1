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
    // The number of the worker of the driver that sends: it may be hostile, and its addresses mean
    // nothing here. 0: this process.
    std::uint64_t worker;
    // True if the parameters are addresses of the receiving driver, which has the data already.
    bool carried = false;
    // True if only declared messages are delivered, whose structures are checked.
    bool declared_only = false;
    // The channel of another program for which an instance is opened, and which alone may message
    // it.
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
