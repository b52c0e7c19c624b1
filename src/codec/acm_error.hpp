// Turns the answers of ACM drivers into Errors.
#pragma once

#include <instdrv/acm.h>
#include <instdrv/error.hpp>

#include <string>

namespace instdrv::codec {

// "ACMERR_NOTPOSSIBLE"; "error 0x1234" for an unknown one.
std::string name_of_result(MMRESULT result);

// The Error for an answer that is not 0: the code's name and what it means, with advice.
Error acm_error(std::string operation, std::string driver, MMRESULT result);

}  // namespace instdrv::codec
