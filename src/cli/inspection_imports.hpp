// Finds out who provides the imports of a Windows DLL: instdrv itself, a DLL beside it, or nobody.
#pragma once

#include <vector>

#include "cli/inspection.hpp"

namespace instdrv::cli {

// Adds them to the inspection of the file. The DLLs beside it are read by `parser`; one that cannot
// be read exports nothing, and is a warning.
void add_imports(const std::vector<parser::ImportedLibrary>& libraries, parser::Parser& parser,
                 Inspection& inspection);

}  // namespace instdrv::cli
