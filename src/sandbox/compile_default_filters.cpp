// Writes the source of default_filters.hpp's function to the file that its argument names. It runs
// when instdrv is built.
#include <cstdio>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "sandbox/filter.hpp"

namespace {

using namespace instdrv;
using sandbox::Architecture;

constexpr const char* head = R"(#include "sandbox/default_filters.hpp"

namespace instdrv::sandbox {
namespace {

)";
constexpr const char* tail = R"(}  // namespace

std::span<const FilterInstruction> default_filter(Architecture architecture,
                                                  bool may_open_files) noexcept {
    if (architecture == Architecture::amd64) {
        if (may_open_files) return amd64;
        return amd64_without_files;
    }
    if (may_open_files) return i386;
    return i386_without_files;
}

std::span<const FilterInstruction> parser_filter() noexcept { return parser; }

}  // namespace instdrv::sandbox
)";

std::string array_of(const char* name, Architecture architecture,
                     const std::vector<sandbox::CallRule>& rules) {
    const auto filter = sandbox::compile_filter(architecture, rules);
    if (!filter) throw filter.error();
    auto code = fmt::format("constexpr FilterInstruction {}[] = {{\n", name);
    for (const auto& [operation, jump_true, jump_false, operand] : *filter) {
        code += fmt::format("    {{{:#x}, {}, {}, {:#x}}},\n", operation, jump_true, jump_false,
                            operand);
    }
    return code + "};\n\n";
}

std::string source() {
    const auto with_files = sandbox::default_rules(true);
    const auto without_files = sandbox::default_rules(false);
    return head + array_of("amd64", Architecture::amd64, with_files) +
           array_of("amd64_without_files", Architecture::amd64, without_files) +
           array_of("i386", Architecture::i386, with_files) +
           array_of("i386_without_files", Architecture::i386, without_files) +
           array_of("parser", sandbox::own_architecture, sandbox::parser_rules()) + tail;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    try {
        std::ofstream file(arguments[1]);
        file << source();
        return file.flush() ? 0 : 1;
    } catch (const Error& error) {
        fmt::print(stderr, "{}: {}\n", arguments[0], error.text());
        return 1;
    }
}
