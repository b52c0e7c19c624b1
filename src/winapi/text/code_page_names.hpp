// Names of code pages, for GetCPInfoEx.
#pragma once

#include <string>

#include "winapi/abi.hpp"

namespace instdrv::winapi {

// "932 (ANSI/OEM - Japanese, Shift-JIS)", in ASCII. `code_page` is one that resolve_code_page gave.
std::string code_page_name(UINT code_page);

}  // namespace instdrv::winapi
