// Who sends the message that the calling thread is about to send: this process, or a driver in a
// worker, whose addresses are not ours.
#pragma once

#include "messages/memory.hpp"

namespace instdrv::supervisor {

struct Client {
    const messages::ClientMemory& memory;
    unsigned pointer_size;
    bool is_driver;  // in a worker: hostile, and its addresses mean nothing here
};

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
