// The tables of code pages.
#pragma once

#include <ostream>
#include <vector>

#include "winapi/text/make_tables/unicode_data.hpp"

namespace instdrv::text_tables {

void write_page_tables(std::ostream& out, const std::vector<Character>& characters);

}  // namespace instdrv::text_tables
