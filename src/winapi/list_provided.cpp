// Writes what the Windows layer provides on this machine into a file, as a raw string of C++: the
// build runs it for i386, so that programs for amd64 know.
#include <fstream>
#include <iostream>

#include "winapi/provided.hpp"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " FILE\n";
        return 2;
    }
    std::ofstream file(argv[1]);
    file << "R\"provided(" << instdrv::winapi::text_of(instdrv::winapi::provided_here())
         << ")provided\"\n";
    file.close();
    return file ? 0 : 1;
}
