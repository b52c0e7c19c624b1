#include <array>
#include <cstring>

#include "base/text.hpp"
#include "messages/marshal.hpp"

namespace instdrv::messages {

Family family_of_open(std::uint64_t lparam2, std::string_view section, const ClientMemory& client) {
    // Both open descriptions begin with their size and the type, whatever the layout.
    std::array<std::byte, 8> start{};
    if (lparam2 != 0 && client.try_read(lparam2, start)) {
        const std::string_view type(reinterpret_cast<const char*>(start.data()) + 4, 4);
        if (type == "audc") return Family::acm;
        if (type == "vidc" || type == "vids" || type == "vcap") return Family::vfw;
    }
    const bool mci = equals_ignoring_case(section, "mci") || equals_ignoring_case(section, "mci32");
    return mci ? Family::mci : Family::standard;
}

}  // namespace instdrv::messages
