// Replacements for characters that a code page lacks. No source gives Windows' own tables, so this
// is a rule of ours (docs/windows-text.md): a listed pair first, else UnicodeData's decomposition
// without its marks; the same again where the page lacks the result. Nothing becomes one of
// \ / : * ? < > |, so that no file name becomes another path.
#pragma once

#include <map>
#include <vector>

#include "winapi/text/make_tables/page_reader.hpp"
#include "winapi/text/make_tables/unicode_data.hpp"

namespace instdrv::text_tables {

// Units that the page lacks, with the bytes that replace them.
std::map<std::uint16_t, std::uint16_t> best_fit_of(const Page& page,
                                                   const std::vector<Character>& characters);

}  // namespace instdrv::text_tables
