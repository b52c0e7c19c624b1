// Writes a C file that compiles against Windows' headers exactly where they have our numbers.
#include <cstdio>

#include "messages/catalog.hpp"

int main() {
    std::puts(
        "#include <windows.h>\n#include <mmsystem.h>\n#include <mmddk.h>\n#include <mmreg.h>");
    std::puts("#include <msacm.h>\n#include <vfw.h>\n#include <digitalv.h>\n#include <vcr.h>");
    for (const auto& message : instdrv::messages::all()) {
        const auto* const name = message.name.data();  // a literal
        std::printf("#ifdef %s\n_Static_assert(%s == %#x, \"%s\");\n#define HAS_%s 1\n", name, name,
                    message.number, name, name);
        std::printf("#else\n#define HAS_%s 0\n#endif\n", name);
    }
    // Guards against checking nothing, as after a change of the headers' guards.
    std::puts("_Static_assert(0");
    for (const auto& message : instdrv::messages::all()) {
        std::printf("    + HAS_%s\n", message.name.data());
    }
    std::puts("    >= 128, \"the headers know most of the messages\");");
    return 0;
}
