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

const fs::directory_entry* TreeWalk::next() {
    std::error_code error;
    if (!begun_) {
        begun_ = true;
        if (fs::status(folder_, error).type() == fs::file_type::not_found) return nullptr;
        error.clear();
        at_ = fs::recursive_directory_iterator(folder_, error);
    } else if (at_ != fs::recursive_directory_iterator()) {
        at_.increment(error);
    }
    for (; !error && at_ != fs::recursive_directory_iterator(); at_.increment(error)) {
        std::error_code unknown;
        const auto type = at_->symlink_status(unknown).type();
        const bool is_folder = type == fs::file_type::directory;
        if (is_folder && at_.depth() + 1 >= deepest_walk) {
            at_.disable_recursion_pending();
            status_ = failure(too_deep(folder_));
        }
        if (is_folder || type == fs::file_type::regular) return &*at_;
    }
    if (error) status_ = failure(io_error("look through", folder_, error.value()));
    return nullptr;
}

Status walk_tree(const fs::path& folder,
                 const std::function<bool(const fs::directory_entry&)>& visit) {
    TreeWalk walk(folder);
    const auto* entry = walk.next();
    while (entry != nullptr && visit(*entry))
        entry = walk.next();
    return walk.status();
}

}  // namespace instdrv
