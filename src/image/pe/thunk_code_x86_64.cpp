#include <cstdint>
#include <cstring>

#include "image/pe/thunks.hpp"

namespace instdrv::pe {
namespace {

[[noreturn]] __attribute__((ms_abi, force_align_arg_pointer)) void missing_import_called(
    const MissingImport* import) noexcept {
    end_call_of(*import);
}

}  // namespace

ThunkCode make_thunk_code(const MissingImport* import) noexcept {
    const auto target = reinterpret_cast<std::uintptr_t>(&missing_import_called);
    constexpr std::uint8_t move_to_rcx[] = {0x48, 0xB9};
    constexpr std::uint8_t move_to_rax[] = {0x48, 0xB8};
    constexpr std::uint8_t jump_to_rax[] = {0xFF, 0xE0};
    ThunkCode code;
    code.fill(std::byte{0xCC});  // int3
    std::memcpy(&code[0], move_to_rcx, 2);
    std::memcpy(&code[2], &import, 8);
    std::memcpy(&code[10], move_to_rax, 2);
    std::memcpy(&code[12], &target, 8);
    std::memcpy(&code[20], jump_to_rax, 2);
    return code;
}

}  // namespace instdrv::pe
