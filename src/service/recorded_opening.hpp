// Opens, shares and closes drivers of a session, each with its entry in the session's record.
#pragma once

#include <memory>

#include "service/host_controls.hpp"
#include "service/record.hpp"

namespace instdrv::service {

// `record`: null if none is kept. What is returned owns what it needs. [any thread]
HostControls::Opener recorded_opener(std::shared_ptr<Host> host,
                                     std::shared_ptr<RecordKeeper> record);
// A shared driver has an entry of its own: its module is loaded for it, and stays so without an
// instance.
HostControls::Sharer recorded_sharer(std::shared_ptr<Host> host,
                                     std::shared_ptr<RecordKeeper> record);
HostControls::Closed recorded_closing(std::shared_ptr<RecordKeeper> record);

}  // namespace instdrv::service
