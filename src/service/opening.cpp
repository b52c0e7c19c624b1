#include "service/opening.hpp"

#include <utility>

namespace instdrv::service {

Result<HDRVR> open_by_name(Host& host, const DriverRequest& request) {
    return host.open(request.name, {.section = request.section, .lparam2 = 0})
        .map([](Driver&& driver) { return driver.release(); });  // the exit closes it
}

DriverOpening open_driver(Host& host, DriverRequest request, const HowToOpen& how) {
    DriverOpening result{.request = std::move(request), .finished = true, .info = {}, .error = {}};
    if (result.request.load_only) {
        if (auto loaded = host.load(result.request.name, {.section = result.request.section});
            !loaded) {
            result.error = std::move(loaded).error();
        }
        return result;
    }
    auto handle = how(host, result.request);
    if (!handle) {
        result.error = std::move(handle).error();
        return result;
    }
    if (auto info = host.info(*handle)) result.info = std::move(*info);
    return result;
}

}  // namespace instdrv::service
