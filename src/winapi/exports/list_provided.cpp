// Writes a source of C++ that knows what the Windows layer provides on this machine. The build runs
// it for i386, so that programs for amd64 know.
#include <fstream>
#include <iostream>

#include "winapi/exports/provided.hpp"

namespace {

constexpr auto before = R"(// Made by instdrv-list-provided32.
#include "winapi/exports/provided.hpp"

namespace instdrv::winapi {

const Provided& provided_on_i386() {
    static const Provided provided = provided_from_text(R"provided()";

constexpr auto after = R"()provided");
    return provided;
}

}  // namespace instdrv::winapi
)";

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " FILE\n";
        return 2;
    }
    std::ofstream file(argv[1]);
    file << before << instdrv::winapi::text_of(instdrv::winapi::provided_here()) << after;
    file.close();
    return file ? 0 : 1;
}
