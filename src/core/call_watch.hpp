// Reports every message that a module is sent.
#pragma once

#include <string_view>

#include "core/module.hpp"

namespace instdrv::core {

// Stands before one module and takes its messages: `call` passes them on. Without an observer there
// is no CallWatch, and a message costs nothing more. [any thread]
class CallWatch : public MessageReceiver {
public:
    // Before the DRV_OPEN of an instance, and the section it is opened from; may be empty.
    virtual void opening(HDRVR hdrvr, std::string_view section) = 0;
    // The instance is gone, or was refused; its handle comes no more.
    virtual void closed(HDRVR hdrvr) noexcept = 0;
};

}  // namespace instdrv::core
