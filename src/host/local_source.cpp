#include "host/local_source.hpp"

#include <utility>

#include "base/flush.hpp"
#include "base/keep_first.hpp"
#include "base/text.hpp"
#include "host/state_folder.hpp"

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
      resolver_(options_.configuration.empty() ? path_in_environment("INSTDRV_CONFIG")
                                               : options_.configuration),
      state_folder_(options_.state_folder.empty() ? default_state_folder() : options_.state_folder),
      loader_(system, std::move(confined_system), teller_of(options_), options_.observer,
              state_folder_) {}

Result<core::OpenRequest> LocalSource::resolve(std::string_view name, std::string_view section) {
    return resolver_.resolve(name, section,
                             {.session_instance = options_.session_instance,
                              .placement = options_.placement,
                              .recovery = options_.recovery,
                              .deadline = options_.deadline});
}

Status LocalSource::flush(const std::set<std::string>& files,
                          std::chrono::steady_clock::time_point until) {
    Status done;
    for (const std::filesystem::path file : files) {
        keep_first(done, flush_tree(state_folder_ / ascii_lower(file.filename().string()), until));
    }
    return done;
}

}  // namespace instdrv
