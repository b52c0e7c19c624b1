#include "supervisor/kept_files.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

#include "base/tree_walk.hpp"

namespace instdrv::supervisor {
namespace {

struct Kept {
    std::uint64_t files = 0;  // and folders
    std::uint64_t bytes = 0;  // of the disk: sparse files count for what they have
};

Error too_much(const core::ModuleRequest& request, std::string what, const char* setting) {
    return {
        .code = ErrorCode::busy,
        .cause = fmt::format("its state folder {} holds {}", request.state_folder.string(), what),
        .advice = fmt::format("delete what it does not need there, or let {} in its section of "
                              "the configuration allow more",
                              setting)};
}

}  // namespace

Status check_kept_files(const core::ModuleRequest& request) {
    constexpr std::uint64_t block = 512;  // of st_blocks, stat(2)
    // Sessions that write at a time may pass the limit by a sixteenth each (state_room.hpp), and a
    // file takes whole blocks of the disk.
    const std::uint64_t most_bytes = request.state_limit + request.state_limit / 4;
    const std::uint64_t most_files = request.most_files;
    Kept kept;
    const auto is_too_much = [&] { return kept.files > most_files || kept.bytes > most_bytes; };
    auto walked =
        walk_tree(request.state_folder, [&](const std::filesystem::directory_entry& entry) {
            struct stat facts {};
            if (::lstat(entry.path().c_str(), &facts) != 0) return true;
            ++kept.files;
            kept.bytes += static_cast<std::uint64_t>(facts.st_blocks) * block;
            return !is_too_much();
        });
    if (kept.files > most_files) {
        return failure(
            too_much(request, fmt::format("more than {} files", most_files), "most_files="));
    }
    if (kept.bytes > most_bytes) {
        return failure(too_much(request, fmt::format("more than {} bytes", request.state_limit),
                                "state_limit="));
    }
    return walked;
}

}  // namespace instdrv::supervisor
