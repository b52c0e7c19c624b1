#include "image/pe/epilog_x86_64.hpp"

#include <array>
#include <cstring>

namespace instdrv::pe {
namespace {

// The bytes from an RVA on, zeros behind the end of the image.
class Instruction {
public:
    Instruction(const ImageView& image, std::uint64_t rva) noexcept {
        for (std::size_t i = 0; i < bytes_.size(); ++i) {
            bytes_[i] = image.read<std::uint8_t>(rva + i).value_or(0);
        }
    }
    std::uint8_t operator[](std::size_t i) const noexcept { return bytes_[i]; }
    [[nodiscard]] std::int64_t signed8(std::size_t at) const noexcept {
        return static_cast<std::int8_t>(bytes_[at]);
    }
    [[nodiscard]] std::int64_t signed32(std::size_t at) const noexcept {
        std::int32_t value = 0;
        std::memcpy(&value, &bytes_[at], sizeof value);
        return value;
    }

private:
    std::array<std::uint8_t, 8> bytes_{};
};

constexpr std::uint8_t rex_w = 0x48;
constexpr std::uint8_t rex_b = 0x01;

class Epilog {
public:
    Epilog(const ImageView& image, Rva rva, const MemoryReader& memory,
           const Context& context) noexcept
        : image_(image), memory_(memory), rva_(rva), context_(context) {}

    bool run(std::uint8_t frame_register) noexcept {
        if (!add_to_stack_pointer()) load_stack_pointer(frame_register);
        while (pop_register()) {
        }
        return !failed_ && leaves_function() && unwind_leaf(memory_, context_);
    }
    [[nodiscard]] const Context& context() const noexcept { return context_; }

private:
    [[nodiscard]] Instruction here() const noexcept { return {image_, rva_}; }
    std::uint64_t& stack_pointer() noexcept { return context_[Register::rsp]; }

    // add rsp, constant
    bool add_to_stack_pointer() noexcept {
        const Instruction code = here();
        if (code[0] != rex_w || code[2] != 0xC4) return false;
        if (code[1] == 0x83) {
            stack_pointer() += static_cast<std::uint64_t>(code.signed8(3));
            rva_ += 4;
            return true;
        }
        if (code[1] == 0x81) {
            stack_pointer() += static_cast<std::uint64_t>(code.signed32(3));
            rva_ += 7;
            return true;
        }
        return false;
    }

    // lea rsp, [frame register + constant]
    void load_stack_pointer(std::uint8_t frame_register) noexcept {
        const Instruction code = here();
        if (frame_register == 0 || (code[0] & ~rex_b) != rex_w || code[1] != 0x8D) return;
        const unsigned base = (code[2] & 7u) | ((code[0] & rex_b) != 0 ? 8u : 0u);
        const bool to_stack_pointer = (code[2] >> 3 & 7) == 4;
        const bool has_index_byte = (code[2] & 7) == 4;
        if (!to_stack_pointer || base != frame_register) return;
        const std::size_t at = has_index_byte ? 4 : 3;
        const std::uint64_t frame = context_.registers[base];
        switch (code[2] >> 6) {
            case 1:
                stack_pointer() = frame + static_cast<std::uint64_t>(code.signed8(at));
                rva_ += at + 1;
                break;
            case 2:
                stack_pointer() = frame + static_cast<std::uint64_t>(code.signed32(at));
                rva_ += at + 4;
                break;
            default: break;
        }
    }

    bool pop_register() noexcept {
        Instruction code = here();
        const unsigned high = code[0] == 0x41 ? 8 : 0;
        if (high != 0) code = {image_, rva_ + 1};
        if ((code[0] & 0xF8) != 0x58) return false;
        std::uint64_t value = 0;
        if (!memory_.read(stack_pointer(), std::as_writable_bytes(std::span(&value, 1)))) {
            failed_ = true;
            return false;
        }
        stack_pointer() += sizeof value;
        context_.registers[(code[0] & 7u) + high] = value;
        rva_ += high != 0 ? 2 : 1;
        return true;
    }

    // ret, or a jump to another function that will return for this one.
    [[nodiscard]] bool leaves_function() const noexcept {
        const Instruction code = here();
        switch (code[0]) {
            case 0xC2:
            case 0xC3: return true;
            case 0xF3: return code[1] == 0xC3;
            case 0xE9: return is_entry(rva_ + 5 + static_cast<std::uint64_t>(code.signed32(1)));
            case 0xEB: return is_entry(rva_ + 2 + static_cast<std::uint64_t>(code.signed8(1)));
            case 0xFF: return code[1] == 0x25;  // jmp [rip + constant]: through an import slot
            case rex_w: return code[1] == 0xFF && (code[2] >> 3 & 7) == 4;
            default: return false;
        }
    }

    // A jump into the middle of a function goes on with the same frame.
    [[nodiscard]] bool is_entry(std::uint64_t target) const noexcept {
        if (!image_.contains(target, 1)) return false;
        const auto function = find_runtime_function(image_, static_cast<Rva>(target));
        return !function || function->begin == target;
    }

    const ImageView& image_;
    const MemoryReader& memory_;
    std::uint64_t rva_;
    Context context_;
    bool failed_ = false;
};

}  // namespace

bool finish_epilog(const ImageView& image, Rva rva, std::uint8_t frame_register,
                   const MemoryReader& memory, Context& context) noexcept {
    Epilog epilog(image, rva, memory, context);
    if (!epilog.run(frame_register)) return false;
    context = epilog.context();
    return true;
}

}  // namespace instdrv::pe
