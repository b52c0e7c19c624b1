#include "supervisor/client.hpp"

#include <utility>

namespace instdrv::supervisor {
namespace {

constinit thread_local const Client* current = nullptr;

}  // namespace

const Client& current_client() noexcept {
    static const messages::ProcessMemory memory;
    static const Client this_process{memory, sizeof(void*), false};
    return current == nullptr ? this_process : *current;
}

ClientScope::ClientScope(const Client& client) noexcept
    : previous_(std::exchange(current, &client)) {}
ClientScope::~ClientScope() { current = previous_; }

}  // namespace instdrv::supervisor
