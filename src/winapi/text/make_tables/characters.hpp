// The tables of letter case and of kinds of characters.
#pragma once

#include <ostream>
#include <vector>

#include "winapi/text/make_tables/unicode_data.hpp"

namespace instdrv::text_tables {

void write_case_tables(std::ostream& out, const std::vector<Character>& characters);
void write_kind_tables(std::ostream& out, const std::vector<Character>& characters);

}  // namespace instdrv::text_tables
