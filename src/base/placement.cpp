#include <instdrv/placement.hpp>

namespace instdrv {

std::string_view name_of(Placement placement) noexcept {
    return placement == Placement::worker ? "worker" : "in-process";
}

std::string_view name_of(Recovery recovery) noexcept {
    return recovery == Recovery::restart ? "restart" : "fail";
}

}  // namespace instdrv
