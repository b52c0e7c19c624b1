#include "base/tree_walk.hpp"

#include <string>
#include <system_error>

#include "base/fd.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;

Error too_deep(const fs::path& folder) {
    return {.code = ErrorCode::unsupported,
            .operation = "look through " + folder.string(),
            .cause = "its folders are more than " + std::to_string(deepest_walk) + " deep"};
}

}  // namespace

Status walk_tree(const fs::path& folder,
                 const std::function<bool(const fs::directory_entry&)>& visit) {
    std::error_code error;
    if (fs::status(folder, error).type() == fs::file_type::not_found) return {};
    error.clear();
    Status done;
    for (auto entry = fs::recursive_directory_iterator(folder, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        std::error_code unknown;
        const auto type = entry->symlink_status(unknown).type();
        const bool is_folder = type == fs::file_type::directory;
        if (is_folder && entry.depth() + 1 >= deepest_walk) {
            entry.disable_recursion_pending();
            done = failure(too_deep(folder));
        }
        if (!is_folder && type != fs::file_type::regular) continue;
        if (!visit(*entry)) return done;
    }
    if (error) return failure(io_error("look through", folder, error.value()));
    return done;
}

}  // namespace instdrv
