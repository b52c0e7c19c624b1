#include "core/driver_system.hpp"

namespace instdrv::core {

LRESULT default_answer(UINT message) noexcept {
    switch (message) {
        case DRV_LOAD:
        case DRV_FREE:
        case DRV_ENABLE:
        case DRV_DISABLE:
        case DRV_INSTALL:
        case DRV_REMOVE: return 1;
        default: return 0;
    }
}

}  // namespace instdrv::core
