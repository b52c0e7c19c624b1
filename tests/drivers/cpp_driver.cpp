// C++ as drivers use it: static constructors, virtual calls, containers, and exceptions that are
// thrown and caught inside. DRV_USER answers how often the static constructor ran; DRV_USER+1
// throws through lParam1 frames and answers what it caught; DRV_USER+2 uses a container.
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "driver_source.h"

namespace {

int constructed = 0;

struct Registry {
    Registry() { ++constructed; }
    std::map<std::string, int> values{{"one", 1}, {"two", 2}};
};
Registry registry;

struct Frame {
    explicit Frame(int& unwound) : unwound_(unwound) {}
    ~Frame() { ++unwound_; }
    int& unwound_;
};

[[gnu::noinline]] void throw_through(int frames, int& unwound) {
    const Frame frame(unwound);
    if (frames <= 1) throw std::out_of_range("the last frame");
    throw_through(frames - 1, unwound);
}

// The number of frames that were cleaned up on the way, if the right handler was found.
int caught_after(int frames) {
    int unwound = 0;
    try {
        throw_through(frames, unwound);
    } catch (const std::logic_error& error) {
        return std::string(error.what()) == "the last frame" ? unwound : -1;
    } catch (...) {
        return -2;
    }
    return -3;
}

}  // namespace

DRIVER_PROC {
    switch (message) {
        case DRV_USER: return constructed;
        case DRV_USER + 1: return caught_after(static_cast<int>(lparam1));
        case DRV_USER + 2: return registry.values.at("two");
        default: return behave(id, hdrvr, message, lparam1, lparam2);
    }
}
