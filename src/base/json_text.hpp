// Writes JSON as text. Texts in it come from drivers, files and records, and may be any bytes.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace instdrv {

// indent: blanks for each level; -1: all in one line. Whatever is not ASCII is escaped, so that
// nothing steers a terminal; what is no UTF-8 in a text becomes U+FFFD, and the text's bytes stand
// beside it in hexadecimal: "cause", and "cause_bytes". Beside a list stands a list of them, null
// for each text that is UTF-8.
std::string json_text(nlohmann::json value, int indent);

}  // namespace instdrv
