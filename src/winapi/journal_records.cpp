#include "winapi/journal_records.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace instdrv::winapi {
namespace {

struct Frame {
    std::uint32_t size;
    std::uint32_t checksum;
};

constexpr auto crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit)
            rest = (rest & 1) != 0 ? (rest >> 1) ^ 0xEDB88320 : rest >> 1;
        table[byte] = rest;
    }
    return table;
}();

// CRC-32 as in Ethernet and zip.
std::uint32_t checksum_of(std::string_view bytes) {
    std::uint32_t rest = ~0U;
    for (const char byte : bytes)
        rest = (rest >> 8) ^ crc_table[(rest ^ static_cast<unsigned char>(byte)) & 0xFF];
    return ~rest;
}

}  // namespace

std::string framed(std::string_view record) {
    const Frame frame{static_cast<std::uint32_t>(record.size()), checksum_of(record)};
    std::string bytes(sizeof frame, '\0');
    std::memcpy(bytes.data(), &frame, sizeof frame);
    return bytes.append(record);
}

JournalRecords records_in(std::string_view bytes) {
    JournalRecords found;
    for (;;) {
        const std::string_view rest = bytes.substr(found.size);
        Frame frame{};
        if (rest.size() < sizeof frame) return found;
        std::memcpy(&frame, rest.data(), sizeof frame);
        // A file's end that never reached the disk reads as zeros.
        if (frame.size == 0 || frame.size > rest.size() - sizeof frame) return found;
        const std::string_view record = rest.substr(sizeof frame, frame.size);
        if (checksum_of(record) != frame.checksum) return found;
        found.records.push_back(record);
        found.size += sizeof frame + record.size();
    }
}

}  // namespace instdrv::winapi
