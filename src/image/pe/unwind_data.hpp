// Stage 8: the exception directory (.pdata) of x86-64 images and the unwind information it names.
// find_runtime_function and parse_unwind_info take no memory and no locks: they serve inside signal
// handlers.
//
// https://learn.microsoft.com/cpp/build/exception-handling-x64
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "image/pe/image_view.hpp"

namespace instdrv::pe {

struct RuntimeFunction {
    Rva begin = 0;
    Rva end = 0;
    Rva unwind_info = 0;
};

// Checks the whole table: sorted, without overlap, every function and its unwind information inside
// the image. A PE32 image, which has no such table, passes.
Status validate_unwind_data(const ImageView& view);

// The number of functions in the table.
std::size_t runtime_function_count(const ImageView& view) noexcept;

// The function an RVA lies in, by binary search in a table that validate_unwind_data accepted.
// std::nullopt for a leaf function without unwind information.
std::optional<RuntimeFunction> find_runtime_function(const ImageView& view, Rva address) noexcept;

enum class UnwindOperation : std::uint8_t {
    push_nonvolatile = 0,      // info: register
    allocate_large = 1,        // operand: bytes
    allocate_small = 2,        // operand: bytes
    set_frame_register = 3,    // frame_register = RSP + frame_offset
    save_nonvolatile = 4,      // info: register, operand: bytes above the frame base
    save_nonvolatile_far = 5,  // the same
    epilog = 6,                // version 2: where an epilog is; changes no register
    save_xmm128 = 8,           // info: XMM register, operand: bytes above the frame base
    save_xmm128_far = 9,       // the same
    push_machine_frame = 10,   // info: 1 when an error code was pushed too
};

struct UnwindCode {
    UnwindOperation operation{};
    std::uint8_t prolog_offset = 0;  // of the end of the instruction
    std::uint8_t info = 0;
    std::uint32_t operand = 0;  // scaled to bytes
};

struct UnwindInfo {
    std::uint8_t version = 1;
    std::uint8_t prolog_size = 0;
    std::uint8_t frame_register = 0;         // 0: none
    std::uint16_t frame_offset = 0;          // bytes
    bool has_exception_handler = false;      // UNW_FLAG_EHANDLER
    bool has_termination_handler = false;    // UNW_FLAG_UHANDLER
    Rva handler = 0;                         // language-specific handler; 0: none
    Rva handler_data = 0;                    // what follows it
    std::optional<RuntimeFunction> chained;  // go on with this function's unwind information
    std::array<UnwindCode, 255> codes{};
    std::size_t code_count = 0;

    // In table order: the prolog's last instruction first.
    [[nodiscard]] std::span<const UnwindCode> operations() const noexcept {
        return std::span(codes).first(code_count);
    }
};

// How many links a chain of unwind information may have; more is a circle.
inline constexpr int max_unwind_chain = 32;

// Nothing when the information is damaged or of an unknown version.
std::optional<UnwindInfo> parse_unwind_info(const ImageView& view, Rva unwind_info) noexcept;

}  // namespace instdrv::pe
