#include "service/opening.hpp"

#include <utility>

namespace instdrv::service {

DriverOpening open_driver(Host& host, DriverRequest request) {
    DriverOpening result{.request = std::move(request), .finished = true, .info = {}, .error = {}};
    const OpenOptions options{.section = result.request.section, .lparam2 = 0};
    if (result.request.load_only) {
        if (auto loaded = host.load(result.request.name, options); !loaded) {
            result.error = std::move(loaded).error();
        }
        return result;
    }
    auto driver = host.open(result.request.name, options);
    if (!driver) {
        result.error = std::move(driver).error();
        return result;
    }
    const HDRVR handle = driver->release();  // the exit closes it
    if (auto info = host.info(handle)) result.info = std::move(*info);
    return result;
}

}  // namespace instdrv::service
