// Prints docs/fault-matrix.md.
#include <cstdio>

#include "expectations.hpp"

int main() { return std::fputs(instdrv::test::matrix_page().c_str(), stdout) < 0 ? 1 : 0; }
