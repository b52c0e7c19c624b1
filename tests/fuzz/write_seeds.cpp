// Writes images of ours that have every table there is, for pe_stages to start from.
//     write_seeds FOLDER
#include <cstdio>
#include <fstream>
#include <string>

#include "rich_image.hpp"

int main(int argc, char** argv) {
    using namespace instdrv::pe;
    if (argc != 2) return 2;
    const std::string folder = argv[1];
    for (const auto& [name, machine] :
         {std::pair("amd64", Machine::x86_64), std::pair("i386", Machine::x86)}) {
        const auto image = test::build(test::rich_image(machine));
        std::ofstream file(folder + "/rich_" + name, std::ios::binary);
        file.write(reinterpret_cast<const char*>(image.data()),
                   static_cast<std::streamsize>(image.size()));
        if (!file.flush()) return 1;
    }
    return 0;
}
