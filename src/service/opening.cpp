#include "service/opening.hpp"

#include <utility>

#include "host/impl.hpp"

namespace instdrv::service {

Result<HDRVR> open_by_name(Host& host, const DriverRequest& request) {
    return host.open(request.name, {.section = request.section, .lparam2 = 0})
        .map([](Driver&& driver) { return driver.release(); });  // the exit closes it
}

DriverOpening open_driver(Host& host, DriverRequest request, const HowToOpen& how) {
    DriverOpening result;
    result.request = std::move(request);
    result.finished = true;
    if (result.request.load_only) {
        auto loaded = host.impl().load_driver(result.request.name, result.request.section);
        if (loaded) {
            result.file = loaded->file.string();
            result.kind = std::move(loaded->kind);
        } else {
            result.error = std::move(loaded).error();
        }
        return result;
    }
    auto handle = how(host, result.request);
    if (!handle) {
        result.error = std::move(handle).error();
        return result;
    }
    if (auto info = host.info(*handle)) {
        result.file = info->file;
        result.kind = info->kind;
        result.info = std::move(*info);
    }
    return result;
}

}  // namespace instdrv::service
