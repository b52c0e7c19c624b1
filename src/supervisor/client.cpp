#include "supervisor/client.hpp"

#include <utility>

namespace instdrv::supervisor {
namespace {

constinit thread_local const Client* current = nullptr;

}  // namespace

const Client& this_process() noexcept {
    static const messages::ProcessMemory memory;
    static const Client client{memory, sizeof(void*), 0};
    return client;
}

const Client& current_client() noexcept { return current == nullptr ? this_process() : *current; }

ClientScope::ClientScope(const Client& client) noexcept
    : previous_(std::exchange(current, &client)) {}
ClientScope::~ClientScope() { current = previous_; }

}  // namespace instdrv::supervisor
