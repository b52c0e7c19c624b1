// The writers of the generated source, one file for each kind of table.
#pragma once

#include <ostream>
#include <vector>

#include "winapi/text/make_tables/unicode_data.hpp"

namespace instdrv::text_tables {

// Code pages, both ways, with their best fit (pages.cpp).
void write_page_tables(std::ostream& out, const std::vector<Character>& characters);
// Letter case, and the kinds that GetStringType tells (characters.cpp).
void write_case_tables(std::ostream& out, const std::vector<Character>& characters);
void write_kind_tables(std::ostream& out, const std::vector<Character>& characters);

}  // namespace instdrv::text_tables
