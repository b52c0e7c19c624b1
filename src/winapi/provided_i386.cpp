#include "winapi/provided.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::string_view text =
#include "winapi/i386_provided.inc"
    ;

}  // namespace

const Provided& provided_on_i386() {
    static const Provided provided = provided_from_text(text);
    return provided;
}

}  // namespace instdrv::winapi
