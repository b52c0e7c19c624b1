// Writes a C file that compiles where a compiler lays the declared structures out as layout_of
// does.
//   write_layout_check windows|public|natural 4|8
// windows: against mingw-w64's headers, as far as they have the structures; public: against those
// of instdrv, all structures; natural: those with two layouts, against headers without packing.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "messages/declarations.hpp"
#include "messages/layout.hpp"

namespace {

using namespace instdrv::messages;

// msacmdrv.h is in no public header collection.
constexpr std::array<std::string_view, 5> unknown_to_windows_headers{
    "ACMDRVOPENDESCW", "ACMDRVFORMATSUGGEST", "ACMDRVSTREAMINSTANCE", "ACMDRVSTREAMSIZE",
    "ACMDRVSTREAMHEADER"};

bool is_known(std::string_view name) {
    for (const auto unknown : unknown_to_windows_headers) {
        if (name == unknown) return false;
    }
    return true;
}

void write_includes(bool windows) {
    std::puts("#include <stddef.h>");
    if (windows) {
        std::puts("#define UNICODE\n#define _UNICODE\n#include <windows.h>\n#include <mmsystem.h>");
        std::puts("#include <mmddk.h>\n#include <mmreg.h>\n#include <msacm.h>\n#include <vfw.h>");
    } else {
        std::puts("#include <instdrv/acm.h>\n#include <instdrv/mci.h>\n#include <instdrv/vfw.h>");
    }
}

void write_structure(const Structure& structure, const Layout& layout) {
    const auto* const name = structure.name.data();  // a literal, as are the fields' names
    for (std::size_t i = 0; i < structure.fields.size(); ++i) {
        const auto* const field = structure.fields[i].name.data();
        std::printf("_Static_assert(offsetof(%s, %s) == %u, \"%s.%s\");\n", name, field,
                    layout.offsets[i], name, field);
        std::printf("_Static_assert(sizeof(((%s*)0)->%s) == %u, \"%s.%s\");\n", name, field,
                    layout.size_of(structure.fields[i]), name, field);
    }
    std::printf("_Static_assert(sizeof(%s) == %u, \"%s\");\n", name, layout.size, name);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    const std::string_view what = arguments[1];
    const bool natural = what == "natural";
    const auto pointer = static_cast<unsigned>(std::atoi(arguments[2]));
    write_includes(what == "windows");
    for (const Family family : {Family::standard, Family::mci, Family::acm, Family::vfw}) {
        for (const Structure* const structure : table_of(family).structures) {
            if (what == "windows" && !is_known(structure->name)) continue;
            if (natural && structure->packing != Packing::either) continue;
            write_structure(*structure, layout_of(*structure, pointer, natural));
        }
    }
    return 0;
}
