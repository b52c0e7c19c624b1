#include <cstdint>
#include <cstring>

#include "image/pe/thunks.hpp"

namespace instdrv::pe {
namespace {

[[noreturn]] __attribute__((regparm(1), force_align_arg_pointer)) void missing_import_called(
    const MissingImport* import) noexcept {
    end_call_of(*import);
}

}  // namespace

ThunkCode make_thunk_code(const MissingImport* import) noexcept {
    const auto target = reinterpret_cast<std::uintptr_t>(&missing_import_called);
    // A jump over two zeros. Read as a pointer it is 0x2EB, and nothing is ever mapped there.
    constexpr std::uint8_t begin[] = {0xEB, 0x02, 0x00, 0x00};
    constexpr std::uint8_t move_to_eax = 0xB8;
    constexpr std::uint8_t move_to_ecx = 0xB9;
    constexpr std::uint8_t jump_to_ecx[] = {0xFF, 0xE1};
    ThunkCode code;
    code.fill(std::byte{0xCC});  // int3
    std::memcpy(&code[0], begin, 4);
    std::memcpy(&code[4], &move_to_eax, 1);
    std::memcpy(&code[5], &import, 4);
    std::memcpy(&code[9], &move_to_ecx, 1);
    std::memcpy(&code[10], &target, 4);
    std::memcpy(&code[14], jump_to_ecx, 2);
    return code;
}

}  // namespace instdrv::pe
