#include "session/end_source.hpp"

#include <cerrno>
#include <vector>

#include <poll.h>

#include "base/fd.hpp"

namespace instdrv::session {

Result<std::optional<End>> wait_for_end(std::span<EndSource* const> sources, int also) {
    std::vector<pollfd> polled;
    for (const EndSource* source : sources)
        polled.push_back({source->fd(), POLLIN, 0});
    polled.push_back({also, POLLIN, 0});  // poll skips negative descriptors
    for (;;) {
        if (poll(polled.data(), polled.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return failure(io_error("wait for the end of the session", {}, errno));
        }
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (polled[i].revents == 0) continue;
            if (auto end = sources[i]->take()) return end;
        }
        if (polled.back().revents != 0) return std::nullopt;
    }
}

}  // namespace instdrv::session
