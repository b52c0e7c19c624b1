#include "image/pe/unwind_data.hpp"

#include <string_view>

#include <fmt/format.h>

#include "image/bad_image.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::string_view unwind_table_name = "its exception directory";
constexpr unsigned flag_exception_handler = 1;
constexpr unsigned flag_termination_handler = 2;
constexpr unsigned flag_chained = 4;

struct UnwindHeader {
    std::uint8_t version_and_flags;
    std::uint8_t prolog_size;
    std::uint8_t slot_count;
    std::uint8_t frame;
};

std::optional<RuntimeFunction> function_number(const ImageView& view, std::size_t i) noexcept {
    return view.read<RuntimeFunction>(view.directory(Directory::exceptions).rva +
                                      std::uint64_t{i} * sizeof(RuntimeFunction));
}

// How many 16-bit slots of operand follow a code. Nothing: the version does not have it.
std::optional<unsigned> operand_slots(UnwindOperation operation, unsigned info,
                                      unsigned version) noexcept {
    switch (operation) {
        case UnwindOperation::push_nonvolatile:
        case UnwindOperation::allocate_small:
        case UnwindOperation::set_frame_register:
        case UnwindOperation::push_machine_frame: return 0;
        case UnwindOperation::allocate_large:
            return info <= 1 ? std::optional(info + 1) : std::nullopt;
        case UnwindOperation::save_nonvolatile:
        case UnwindOperation::save_xmm128: return 1;
        case UnwindOperation::save_nonvolatile_far:
        case UnwindOperation::save_xmm128_far: return 2;
        case UnwindOperation::epilog: return version >= 2 ? std::optional(0u) : std::nullopt;
    }
    return std::nullopt;
}

// Bytes that one unit of an operand of one slot stands for; operands of two slots are bytes.
std::uint32_t operand_scale(UnwindOperation operation) noexcept {
    return operation == UnwindOperation::save_xmm128 ? 16 : 8;
}

class CodeReader {
public:
    CodeReader(const ImageView& view, std::uint64_t at, UnwindInfo& info) noexcept
        : view_(view), at_(at), info_(info) {}

    bool read(unsigned slots) noexcept {
        const std::uint64_t end = at_ + slots * sizeof(std::uint16_t);
        while (at_ < end) {
            if (!read_one() || at_ > end) return false;
        }
        return true;
    }

private:
    bool read_one() noexcept {
        const auto slot = view_.read<std::uint16_t>(at_);
        if (!slot) return false;
        UnwindCode code;
        code.prolog_offset = static_cast<std::uint8_t>(*slot);
        code.operation = static_cast<UnwindOperation>((*slot >> 8) & 0xF);
        code.info = static_cast<std::uint8_t>(*slot >> 12);
        const auto extra = operand_slots(code.operation, code.info, info_.version);
        if (!extra) return false;
        at_ += sizeof *slot;
        if (code.operation == UnwindOperation::allocate_small) code.operand = code.info * 8u + 8u;
        if (*extra == 1) {
            code.operand =
                view_.read<std::uint16_t>(at_).value_or(0) * operand_scale(code.operation);
        } else if (*extra == 2) {
            code.operand = view_.read<std::uint32_t>(at_).value_or(0);
        }
        at_ += *extra * sizeof(std::uint16_t);
        info_.codes[info_.code_count++] = code;
        return view_.contains(at_, 0);
    }

    const ImageView& view_;
    std::uint64_t at_;
    UnwindInfo& info_;
};

// What stands behind the codes: a handler, or the function that goes on, or nothing.
bool read_tail(const ImageView& view, std::uint64_t at, unsigned flags, UnwindInfo& info) noexcept {
    info.has_exception_handler = (flags & flag_exception_handler) != 0;
    info.has_termination_handler = (flags & flag_termination_handler) != 0;
    const bool has_handler = info.has_exception_handler || info.has_termination_handler;
    if ((flags & flag_chained) != 0) {
        info.chained = view.read<RuntimeFunction>(at);
        return info.chained.has_value() && !has_handler;
    }
    if (!has_handler) return true;
    const auto handler = view.read<Rva>(at);
    if (!handler || !view.contains(*handler, 1)) return false;
    info.handler = *handler;
    info.handler_data = static_cast<Rva>(at + sizeof(Rva));
    return true;
}

// The unwind information of a function, and of those that it goes on with. Functions may share it.
bool is_whole(const ImageView& view, Rva unwind_info, image::Allowance& allowance) noexcept {
    for (int link = 0; link < max_unwind_chain; ++link) {
        const auto info = parse_unwind_info(view, unwind_info);
        const auto size =
            sizeof(UnwindHeader) + (info ? info->code_count : 0) * sizeof(std::uint16_t);
        if (!info || !allowance.take(size)) return false;
        if (!info->chained) return true;
        unwind_info = info->chained->unwind_info;
    }
    return false;
}

}  // namespace

std::size_t runtime_function_count(const ImageView& view) noexcept {
    if (view.headers().machine != Machine::x86_64) return 0;
    return view.directory(Directory::exceptions).size / sizeof(RuntimeFunction);
}

Status validate_unwind_data(const ImageView& view) {
    const auto count = runtime_function_count(view);
    if (!view.contains(view.directory(Directory::exceptions).rva,
                       count * sizeof(RuntimeFunction))) {
        return damaged(unwind_table_name, "it lies outside of the image");
    }
    auto allowance = allowance_of(view);
    Rva previous_end = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto function = function_number(view, i);
        // Compilers write functions of no bytes too.
        if (!function || function->begin < previous_end || function->begin > function->end ||
            !view.contains(function->begin, function->end - function->begin)) {
            return damaged(unwind_table_name,
                           fmt::format("function {} is out of order or place", i));
        }
        if (!is_whole(view, function->unwind_info, allowance)) {
            return damaged(
                unwind_table_name,
                fmt::format("the unwind information of the function at {:#x}", function->begin));
        }
        previous_end = function->end;
    }
    return {};
}

std::optional<RuntimeFunction> find_runtime_function(const ImageView& view, Rva address) noexcept {
    std::size_t low = 0;  // functions below begin at or before the address
    std::size_t high = runtime_function_count(view);
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        const auto function = function_number(view, middle);
        if (!function) return std::nullopt;
        (function->begin <= address ? low : high) =
            function->begin <= address ? middle + 1 : middle;
    }
    if (low == 0) return std::nullopt;
    const auto function = function_number(view, low - 1);
    if (!function || address < function->begin || address >= function->end) return std::nullopt;
    return function;
}

std::optional<UnwindInfo> parse_unwind_info(const ImageView& view, Rva unwind_info) noexcept {
    const auto header = view.read<UnwindHeader>(unwind_info);
    if (!header || unwind_info % 4 != 0) return std::nullopt;
    UnwindInfo info;
    info.version = header->version_and_flags & 7;
    if (info.version != 1 && info.version != 2) return std::nullopt;
    info.prolog_size = header->prolog_size;
    info.frame_register = header->frame & 0xF;
    info.frame_offset = static_cast<std::uint16_t>((header->frame >> 4) * 16);
    const std::uint64_t codes = std::uint64_t{unwind_info} + sizeof(UnwindHeader);
    if (!CodeReader(view, codes, info).read(header->slot_count)) return std::nullopt;
    // The tail stands behind an even number of slots.
    const std::uint64_t tail = codes + (header->slot_count + 1u) / 2 * 4;
    if (!read_tail(view, tail, header->version_and_flags >> 3, info)) return std::nullopt;
    return info;
}

}  // namespace instdrv::pe
