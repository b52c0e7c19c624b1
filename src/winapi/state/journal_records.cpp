#include "winapi/state/journal_records.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace instdrv::winapi {
namespace {

struct Frame {
    std::uint32_t size;  // with content_flag
    std::uint32_t checksum;
};
constexpr std::uint32_t content_flag = 0x80000000;

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

std::string framed(const JournalRecord& record) {
    const auto size = static_cast<std::uint32_t>(record.bytes.size());
    const Frame frame{record.is_content ? size | content_flag : size, checksum_of(record.bytes)};
    std::string bytes(sizeof frame, '\0');
    std::memcpy(bytes.data(), &frame, sizeof frame);
    return bytes.append(record.bytes);
}

JournalRecords records_in(std::string_view bytes) {
    JournalRecords found;
    for (;;) {
        const std::string_view rest = bytes.substr(found.size);
        Frame frame{};
        if (rest.size() < sizeof frame) return found;
        std::memcpy(&frame, rest.data(), sizeof frame);
        // A file's end that never reached the disk reads as zeros.
        const std::uint32_t size = frame.size & ~content_flag;
        if (frame.size == 0 || size > rest.size() - sizeof frame) return found;
        const std::string_view bytes_of_it = rest.substr(sizeof frame, size);
        if (checksum_of(bytes_of_it) != frame.checksum) return found;
        found.records.push_back({bytes_of_it, (frame.size & content_flag) != 0});
        found.before_last = found.size;
        found.size += sizeof frame + size;
    }
}

}  // namespace instdrv::winapi
