// Who says that the session ends. Each source is an adapter behind this interface: signals here,
// the machine's session manager and others beside it as they come.
#pragma once

#include <instdrv/error.hpp>
#include <instdrv/exit.hpp>

#include <optional>
#include <span>
#include <string>

namespace instdrv::session {

// The end, as a source announces it.
struct End {
    ExitReason reason = ExitReason::requested;
    std::string announced_by;  // for people: "SIGTERM"
};

class EndSource {
public:
    virtual ~EndSource() = default;
    // Readable when take() may have something.
    [[nodiscard]] virtual int fd() const noexcept = 0;
    // What the source has to say, without waiting. Nothing: a false alarm.
    virtual std::optional<End> take() = 0;
};

// Waits until one of the sources announces the end or `also` (a descriptor; -1 for none) is
// readable, in which case there is no End.
Result<std::optional<End>> wait_for_end(std::span<EndSource* const> sources, int also = -1);

}  // namespace instdrv::session
