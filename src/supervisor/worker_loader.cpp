#include "supervisor/worker_loader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "image/probe.hpp"
#include "supervisor/kept_files.hpp"
#include "supervisor/worker_module.hpp"

namespace instdrv::supervisor {
namespace {

namespace fs = std::filesystem;

// Of the library or the program that this is part of. A program's name is what its caller called
// it, without the folder where it was found in PATH; the kernel knows its file.
fs::path own_folder() {
    Dl_info info{};
    link_map* object = nullptr;
    if (::dladdr1(reinterpret_cast<const void*>(&own_folder), &info,
                  reinterpret_cast<void**>(&object), RTLD_DL_LINKMAP) == 0) {
        return {};
    }
    const bool is_program = *object->l_name == '\0';
    std::error_code error;
    const auto file = fs::canonical(is_program ? "/proc/self/exe" : object->l_name, error);
    return error ? fs::path() : file.parent_path();
}

Result<sandbox::Architecture> architecture_of(image::Kind kind) {
    switch (kind) {
        case image::Kind::pe64:
        case image::Kind::elf64: return sandbox::Architecture::amd64;
        case image::Kind::pe32:
        case image::Kind::elf32: return sandbox::Architecture::i386;
    }
    return failure(Error{.code = ErrorCode::wrong_machine, .cause = "no worker runs such a file"});
}

// `error`: of the worker program, which the kernel did not take for a program.
Error no_i386(Error error) {
    error.code = ErrorCode::unsupported;
    error.cause = "the kernel runs no 32-bit programs";
    error.advice =
        "Its IA-32 emulation is off: start it with ia32_emulation=on, or take a 64-bit build of "
        "the driver";
    return error;
}

bool is_native(const core::DriverPlace& place) {
    const auto seen = image::probe_file(place.file);
    return seen && (seen->kind == image::Kind::elf64 || seen->kind == image::Kind::elf32);
}

Error about(Error error, const core::ModuleRequest& request) {
    error.operation = "load";
    error.driver = request.file.string();
    return error;
}

Error not_in_time(std::string driver) {
    return {.code = ErrorCode::timed_out,
            .operation = "load",
            .driver = std::move(driver),
            .cause = "it was not loaded before the session ended"};
}

Error too_many_workers() {
    return {.code = ErrorCode::busy,
            .cause = "the driver that asks for it has caused as many workers as it may",
            .advice = "most_workers= in that driver's section of the configuration allows more"};
}

core::Asker asker_of(const core::ModuleRequest& request) {
    core::Asker asker{.name = request.file.string(),
                      .folders = {request.file.parent_path()},
                      .began = std::chrono::system_clock::now(),
                      .rights = request.rights,
                      .workers = request.rights.caused_by,
                      .opened = std::make_shared<core::OpenedInstances>()};
    for (const auto& place : request.companions)
        asker.folders.push_back(place.file.parent_path());
    if (asker.workers == nullptr) {
        asker.workers = std::make_shared<core::WorkerQuota>(request.rights.most_workers);
    }
    return asker;
}

Result<sandbox::Policy> policy_for(const core::ModuleRequest& request,
                                   sandbox::Architecture architecture) {
    sandbox::PolicyBuilder builder(architecture);
    auto places = request.companions;
    places.push_back({.file = request.file, .state_folder = request.state_folder});
    for (const auto& place : places)
        builder.driver_folder(place.file.parent_path()).state_folder(place.state_folder);
    // A worker has one such limit, whatever the drivers of its group have.
    constexpr auto usual = sandbox::PolicyBuilder::default_file_size;
    builder.limit_file_size(request.group.empty() ? request.state_limit
                                                  : std::max(request.state_limit, usual));
    if (std::any_of(places.begin(), places.end(), is_native)) {
        builder.allow_system_libraries("native drivers are linked with the system's libraries");
    }
#ifdef __SANITIZE_ADDRESS__
    builder.allow_sanitizer("this build carries AddressSanitizer");
#endif
    return builder.build();
}

// What is known of a driver before it is loaded.
struct Looked {
    bool is_wine_builtin;
    sandbox::Policy policy;
};

Result<Looked> look_at(const core::ModuleRequest& request) {
    const auto seen = image::probe_file(request.file);
    if (!seen) return failure(about(seen.error(), request));
    const auto architecture = architecture_of(seen->kind);
    if (!architecture) return failure(about(architecture.error(), request));
    auto policy = policy_for(request, *architecture);
    if (!policy) return failure(about(std::move(policy).error(), request));
    return Looked{.is_wine_builtin = seen->is_wine_builtin, .policy = *std::move(policy)};
}

Error with_advice(Error error, const Worker& worker) {
    const auto& landlock = worker.confinement()[sandbox::Layer::landlock];
    if (error.code == ErrorCode::io && error.system_code == EACCES &&
        landlock.state == sandbox::LayerState::not_planned) {
        error.advice =
            "A worker opens no files where Landlock is not to be had; `instdrv doctor` "
            "says why it is not";
    } else if (error.code == ErrorCode::io && error.system_code == EACCES && ::geteuid() == 0) {
        error.advice =
            "A worker has no rights of root: the driver's files have to belong to root or be "
            "readable for all";
    }
    return error;
}

}  // namespace

fs::path worker_program(sandbox::Architecture architecture) {
    return confined_program(architecture == sandbox::Architecture::amd64 ? "instdrv-worker"
                                                                         : "instdrv-worker32");
}

fs::path confined_program(const char* name) {
    if (const char* const folder = std::getenv("INSTDRV_WORKERS")) return fs::path(folder) / name;
    return own_program(name);
}

fs::path own_program(const char* name) {
    auto beside = own_folder() / name;
    std::error_code error;
    if (fs::exists(beside, error)) return beside;
    // Where a whole prefix was moved, as an unpacked package is.
    auto moved = own_folder() / ".." / "libexec" / "instdrv" / name;
    if (fs::exists(moved, error)) return moved;
    return fs::path(INSTDRV_LIBEXEC_FOLDER) / name;
}

Status check_loadable(const core::ModuleRequest& request) {
    const auto looked = look_at(request);
    if (!looked) return failure(looked.error());
    return check_kept_files(request);
}

WorkerLoader::WorkerLoader(std::shared_ptr<RequestHandler> requests, Prepare prepare)
    : requests_(std::move(requests)), prepare_(std::move(prepare)) {}

Result<std::unique_ptr<core::Module>> WorkerLoader::load(const core::ModuleRequest& request,
                                                         core::LoadUnderWay& under_way) {
    const auto looked = look_at(request);
    if (!looked) return failure(looked.error());
    if (prepare_) {
        if (auto prepared = prepare_(request); !prepared)
            return failure(about(prepared.error(), request));
    }
    if (auto kept = check_kept_files(request); !kept) return failure(about(kept.error(), request));
    const auto worker = worker_for(request, looked->policy);
    if (!worker) return failure(about(worker.error(), request));
    under_way.ended_by([given_up = std::weak_ptr(*worker), file = request.file.string()] {
        if (const auto still = given_up.lock()) still->kill(not_in_time(file));
    });
    auto module = WorkerModule::load(*worker, request, looked->is_wine_builtin);
    if (module) return module;
    if (request.group.empty()) (*worker)->kill(module.error());
    return failure(with_advice(std::move(module).error(), **worker));
}

Result<std::shared_ptr<Worker>> WorkerLoader::worker_for(const core::ModuleRequest& request,
                                                         const sandbox::Policy& policy) {
    if (request.group.empty()) {
        if (request.rights.caused_by != nullptr) request.rights.caused_by->pace();
        return start(request, policy);
    }
    const bool is_usual = policy.plan().architecture == sandbox::Architecture::amd64;
    const auto key = request.group + (is_usual ? "" : "/32");
    const std::lock_guard lock(mutex_);
    if (auto shared = groups_[key].lock(); shared != nullptr && !shared->is_dead()) return shared;
    auto started = start(request, policy);
    if (started) groups_[key] = *started;
    return started;
}

Result<std::shared_ptr<Worker>> WorkerLoader::start(const core::ModuleRequest& request,
                                                    const sandbox::Policy& policy) {
    std::shared_ptr<void> quota_place;
    if (const auto& quota = request.rights.caused_by; quota != nullptr) {
        quota_place = core::WorkerQuota::take(quota);
        if (quota_place == nullptr) return failure(too_many_workers());
    }
    const auto architecture = policy.plan().architecture;
    auto started =
        Worker::start({.name = request.file.string(),
                       .program = worker_program(architecture),
                       .architecture = architecture,
                       .confinement = policy.serialise(),
                       .asker = asker_of(request),
                       .quota_place = std::move(quota_place),
                       .most_clients = request.most_clients,
                       // Whoever asks for a trace wants the whole.
                       .output_limit = request.traced_calls.empty() ? OutputLines::most_per_second
                                                                    : OutputLines::no_limit},
                      requests_);
    if (!started && started.error().system_code == ENOEXEC &&
        architecture == sandbox::Architecture::i386)
        return failure(no_i386(std::move(started.error())));
    return started;
}

}  // namespace instdrv::supervisor
