// The records of a journal: each its size, a checksum and its bytes. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::winapi {

struct JournalRecords {
    std::vector<std::string_view> records;
    std::size_t size = 0;  // bytes that they take
};

// What is to be appended for a record, which is not empty.
std::string framed(std::string_view record);

// Those that are whole, up to the first that is not: torn, or written over by noise.
JournalRecords records_in(std::string_view bytes);

}  // namespace instdrv::winapi
