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
    auto request = resolver_.resolve(name, section,
                                     {.session_instance = options_.session_instance,
                                      .placement = options_.placement,
                                      .recovery = options_.recovery,
                                      .deadline = options_.deadline});
    if (request) {
        const auto file_name = request->module.file.filename().string();
        const std::lock_guard lock(mutex_);
        state_folders_.insert(state_folder_ / ascii_lower(file_name));
    }
    return request;
}

Status LocalSource::flush(std::chrono::steady_clock::time_point until) {
    const std::lock_guard lock(mutex_);
    Status done;
    for (const auto& folder : state_folders_)
        keep_first(done, flush_tree(folder, until));
    // Which of them there are.
    if (std::chrono::steady_clock::now() < until) keep_first(done, flush_entries(state_folder_));
    return done;
}

}  // namespace instdrv
