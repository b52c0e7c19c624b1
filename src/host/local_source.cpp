#include "host/local_source.hpp"

#include <utility>

#include "host/state_root.hpp"

namespace instdrv {
namespace {

supervisor::Requests::Died teller_of(const HostOptions& options) {
    if (!options.on_death) return {};
    return [tell = options.on_death](const supervisor::Worker& worker, std::vector<HDRVR> known,
                                     const Error& error) {
        tell({.file = worker.name(),
              .process = worker.process_id(),
              .instances = std::move(known),
              .error = error});
    };
}

}  // namespace

LocalSource::LocalSource(HostOptions options, core::DriverSystem& system,
                         supervisor::Requests::FindSystem confined_system)
    : options_(std::move(options)),
      state_folders_(state_root(options_.state_folder), options_.on_notice),
      resolver_(options_.configuration.empty() ? path_in_environment("INSTDRV_CONFIG")
                                               : options_.configuration,
                &state_folders_, options_.on_notice),
      refusals_(options_.on_notice),
      loader_(
          system, std::move(confined_system), teller_of(options_),
          [this](const core::ModuleRequest& request) { return make_state_folders(request); },
          options_.observer) {}

Status LocalSource::make_state_folders(const core::ModuleRequest& request) {
    auto made = state_folders_.make(request.file, request.state_folder);
    for (const auto& place : request.companions) {
        if (made && place.file != request.file)
            made = state_folders_.make(place.file, place.state_folder);
    }
    return made;
}

Result<core::OpenRequest> LocalSource::resolve(std::string_view name, std::string_view section) {
    return resolver_.resolve(name, section,
                             {.session_instance = options_.session_instance,
                              .placement = options_.placement,
                              .recovery = options_.recovery,
                              .deadline = options_.deadline,
                              .traced_calls = options_.traced_calls});
}

Result<core::OpenRequest> LocalSource::resolve_for(const core::Asker& asker, std::string_view name,
                                                   std::string_view section) {
    auto request = instdrv::resolve_for(
        asker, name,
        {.resolve = [&](std::string_view asked) { return resolve(asked, section); },
         .state_root = state_folders_.root()});
    if (request && request->module.placement != Placement::worker) {
        request = failure(Error{.code = ErrorCode::unsupported,
                                .operation = "open " + request->name + " for",
                                .driver = asker.name,
                                .cause = "a driver in a worker may not use one that is in none"});
    }
    if (request) request->module.rights.caused_by = asker.workers;
    return request;
}

}  // namespace instdrv
