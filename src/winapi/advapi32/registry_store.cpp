#include "winapi/advapi32/registry_store.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <span>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "winapi/advapi32/registry_text.hpp"
#include "winapi/process.hpp"

namespace instdrv::winapi::registry {
namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20;

struct Stores {
    std::mutex mutex;
    std::map<std::filesystem::path, std::shared_ptr<Store>> by_folder;
};

void tell(const Error& problem) { fmt::print(stderr, "instdrv: {}\n", problem.text()); }

// Never destroyed, as threads of drivers may outlive everything else; what is left to write is
// written when the process ends.
Stores& all_stores() {
    static auto* const stores = [] {
        std::atexit([] {
            if (const Status flushed = flush_all(); !flushed) tell(flushed.error());
        });
        return new Stores;
    }();
    return *stores;
}

// "registry.reg.damaged", or with the first number behind it that is free.
std::filesystem::path free_name(const std::filesystem::path& file) {
    std::filesystem::path name = file;
    name += ".damaged";
    std::error_code unknown;
    for (int number = 2; std::filesystem::exists(name, unknown); ++number) {
        name = file;
        name += fmt::format(".damaged-{}", number);
    }
    return name;
}

}  // namespace

Store::Store(const std::filesystem::path& state_folder) : file_(state_folder / "registry.reg") {
    load();
}

std::shared_ptr<Store> Store::current() {
    const DriverContext* const context = current_context();
    if (context == nullptr) return nullptr;
    Stores& stores = all_stores();
    const std::lock_guard lock(stores.mutex);
    auto& store = stores.by_folder[context->state_folder];
    if (store == nullptr) store = std::make_shared<Store>(context->state_folder);
    return store;
}

void Store::load() {
    std::error_code unknown;
    if (!std::filesystem::exists(file_, unknown) && !unknown) return;
    const auto bytes = read_file(file_, largest_file);
    if (!bytes) {
        writable_ = false;
        tell(bytes.error());
        return;
    }
    auto root = parse_text(*bytes, file_.string());
    if (root) {
        root_ = std::move(*root);
    } else {
        set_aside(root.error());
    }
}

void Store::set_aside(const Error& problem) {
    std::error_code failed;
    const auto aside = free_name(file_);
    std::filesystem::rename(file_, aside, failed);
    Error told = problem;
    if (failed) {
        writable_ = false;
        told.advice = "The registry is empty and is not saved, as the file cannot be moved aside.";
    } else {
        told.advice = fmt::format("It was moved to {}; the registry is empty now.", aside.string());
    }
    tell(told);
}

Status Store::flush() {
    const std::lock_guard lock(mutex_);
    if (!changed_) return {};
    if (!writable_) {
        return failure({.code = ErrorCode::io,
                        .operation = "save the registry",
                        .driver = file_.string(),
                        .cause = "the file there could be neither read nor moved aside",
                        .advice = "Make it readable or move it away."});
    }
    std::error_code failed;
    std::filesystem::create_directories(file_.parent_path(), failed);
    if (failed) return failure(io_error("save the registry", file_, failed.value()));
    const std::string text = to_text(root_);
    Status written = write_file_atomically(file_, std::as_bytes(std::span(text)));
    if (written) changed_ = false;
    return written;
}

Status flush_all() {
    Stores& stores = all_stores();
    const std::lock_guard lock(stores.mutex);
    Status result;
    for (const auto& [folder, store] : stores.by_folder) {
        if (Status flushed = store->flush(); !flushed) result = std::move(flushed);
    }
    return result;
}

}  // namespace instdrv::winapi::registry
