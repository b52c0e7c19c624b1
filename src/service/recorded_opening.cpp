#include "service/recorded_opening.hpp"

#include <utility>

#include "host/impl.hpp"

namespace instdrv::service {

HostControls::Opener recorded_opener(std::shared_ptr<Host> host,
                                     std::shared_ptr<RecordKeeper> record) {
    return [host = std::move(host), record = std::move(record)](DriverRequest request,
                                                                const HowToOpen& how) {
        if (!record) return open_driver(*host, std::move(request), how);
        const auto key = record->opening(request.name);
        auto opening = open_driver(*host, std::move(request), how);
        opening.succeeded() ? record->opened(key, opening) : record->forget(key);
        return opening;
    };
}

HostControls::Sharer recorded_sharer(std::shared_ptr<Host> host,
                                     std::shared_ptr<RecordKeeper> record) {
    return [host = std::move(host), record = std::move(record)](const DriverRequest& request) {
        if (!record) return host->impl().share(request.name, request.section);
        const auto key = record->opening(request.name);
        auto driver = host->impl().share(request.name, request.section);
        if (!driver) {
            record->forget(key);
            return driver;
        }
        record->loaded(key, (*driver)->request.module.file.string());
        auto* const shared = driver->get();
        return Result<std::shared_ptr<SharedDriver>>(std::shared_ptr<SharedDriver>(
            shared, [held = *std::move(driver), record, key](void*) mutable {
                held.reset();
                record->forget(key);
            }));
    };
}

HostControls::Closed recorded_closing(std::shared_ptr<RecordKeeper> record) {
    return [record = std::move(record)](HDRVR instance) {
        if (record) record->forget(instance);
    };
}

}  // namespace instdrv::service
