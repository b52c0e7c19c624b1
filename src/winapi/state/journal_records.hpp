// The records of a journal: each has a size, a checksum and bytes. A record is either a change or
// the whole content, which replaces everything before it. Pure: no I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::winapi {

struct JournalRecord {
    std::string_view bytes;
    bool is_content = false;
};

struct JournalRecords {
    std::vector<JournalRecord> records;
    std::size_t size = 0;         // bytes that they take
    std::size_t before_last = 0;  // those of all but the last one
};

// What is to be appended for a record. A change is not empty.
std::string framed(const JournalRecord& record);

// Those that are whole, up to the first that is not: torn, or written over by noise.
JournalRecords records_in(std::string_view bytes);

}  // namespace instdrv::winapi
