#include "filter_machine.hpp"

#include <cstring>
#include <stdexcept>

#include <linux/filter.h>
#include <linux/seccomp.h>

namespace instdrv::sandbox {
namespace {

std::uint32_t load(const SystemCall& call, std::uint32_t offset) {
    seccomp_data data{};
    data.nr = static_cast<int>(call.number);
    data.arch = call.audit_architecture;
    std::memcpy(data.args, call.arguments.data(), sizeof data.args);
    if (offset % 4 != 0 || offset > sizeof data - 4) throw std::runtime_error("load out of range");
    std::uint32_t word = 0;
    std::memcpy(&word, reinterpret_cast<const char*>(&data) + offset, sizeof word);
    return word;
}

bool holds(const FilterInstruction& test, std::uint32_t accumulator) {
    switch (BPF_OP(test.code)) {
        case BPF_JEQ: return accumulator == test.operand;
        case BPF_JGE: return accumulator >= test.operand;
        case BPF_JGT: return accumulator > test.operand;
        case BPF_JSET: return (accumulator & test.operand) != 0;
        default: throw std::runtime_error("an unknown jump");
    }
}

}  // namespace

std::uint32_t verdict_of(std::span<const FilterInstruction> filter, const SystemCall& call) {
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < filter.size(); ++at) {
        const auto& instruction = filter[at];
        switch (instruction.code) {
            case BPF_LD | BPF_W | BPF_ABS: accumulator = load(call, instruction.operand); break;
            case BPF_ALU | BPF_AND | BPF_K: accumulator &= instruction.operand; break;
            case BPF_RET | BPF_K: return instruction.operand;
            case BPF_JMP | BPF_JA: at += instruction.operand; break;
            default:
                if (BPF_CLASS(instruction.code) != BPF_JMP) {
                    throw std::runtime_error("an unknown instruction");
                }
                at += holds(instruction, accumulator) ? instruction.jump_true
                                                      : instruction.jump_false;
        }
    }
    throw std::runtime_error("the filter runs over its end");
}

}  // namespace instdrv::sandbox
