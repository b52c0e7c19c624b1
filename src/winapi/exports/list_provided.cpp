// Writes a source of C++ that knows what the Windows layer provides on i386, from the program that
// runs drivers there. The build runs it, so that programs for amd64 know.
#include <fstream>
#include <iostream>

#include "winapi/exports/lines_of_i386.hpp"
#include "winapi/exports/provided.hpp"

namespace {

constexpr auto before = R"(// Made by instdrv-list-provided.
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
    if (argc != 3) {
        std::cerr << "usage: " << argv[0] << " WORKER32 FILE\n";
        return 2;
    }
    const auto i386 = instdrv::winapi::LinesOfI386::read(argv[1]);
    if (!i386) {
        std::cerr << argv[0] << ": " << i386.error().text() << '\n';
        return 1;
    }
    std::ofstream file(argv[2]);
    file << before << instdrv::winapi::text_of(instdrv::winapi::provided_by(i386->lines()))
         << after;
    file.close();
    return file ? 0 : 1;
}
