// Messages from drivers of this worker to drivers that they opened: what parameters point at is
// copied into the channel and back. [any thread]
#pragma once

#include <instdrv/driver.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "messages/marshal.hpp"

namespace instdrv::worker {

class Outgoing {
public:
    // Makes the request with parameters that the supervisor can follow; its answer, 0 if it failed.
    using Request = std::function<std::int64_t(const messages::Parameters&)>;

    explicit Outgoing(messages::SharedMemory& memory) : memory_(memory) {}

    // The request answers the handle of what was opened.
    std::int64_t open(std::string_view section, LPARAM lparam2, const Request& request);
    std::int64_t send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2,
                      const Request& request);
    void closed(HDRVR hdrvr);

private:
    using Shared = std::shared_ptr<messages::Conversation>;
    Shared find(HDRVR hdrvr);

    messages::SharedMemory& memory_;
    std::mutex mutex_;
    std::unordered_map<HDRVR, Shared> conversations_;
};

}  // namespace instdrv::worker
