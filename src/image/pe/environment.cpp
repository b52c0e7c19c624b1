#include "image/pe/environment.hpp"

namespace instdrv::pe {

std::string describe(std::string_view dll, const Symbol& symbol) {
    std::string text(dll);
    text += '!';
    if (symbol.name.empty()) return text + '#' + std::to_string(symbol.ordinal);
    return text.append(symbol.name);
}

}  // namespace instdrv::pe
