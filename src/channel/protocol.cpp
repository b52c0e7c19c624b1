#include "channel/protocol.hpp"

#include <algorithm>
#include <cstring>

namespace instdrv::channel {
namespace {

// Shared memory is read and written once, field by field. Never again, because the other side may
// have changed it; and not in larger pieces, because words that were just stored one by one cannot
// be loaded together before they have reached the cache.
template <class T>
T load(const T& shared) noexcept {
    return static_cast<const volatile T&>(shared);
}
template <class T>
void store(T& shared, T value) noexcept {
    static_cast<volatile T&>(shared) = value;
}

ErrorCode known_code(std::uint64_t number) {
    const auto code = static_cast<ErrorCode>(number);
    const bool known = number != 0 && number <= INSTDRV_LAST_ERROR_CODE;
    return known ? code : ErrorCode::broken;
}

}  // namespace

Received receive(const Message& shared) {
    Received out;
    out.turn = static_cast<Turn>(load(shared.turn));
    out.sequence = load(shared.sequence);
    out.what = static_cast<What>(load(shared.what));
    for (std::size_t i = 0; i < word_count; ++i)
        out.words[i] = load(shared.words[i]);
    const std::uint32_t claimed = load(shared.text_size);
    if (claimed != 0) {
        out.text.assign(shared.text.data(), std::min<std::size_t>(claimed, text_capacity));
    }
    return out;
}

void send(Message& shared, Turn turn, What what, const Words& words, std::string_view text) {
    text = text.substr(0, text_capacity);
    store(shared.turn, static_cast<std::uint8_t>(turn));
    store(shared.sequence, static_cast<std::uint8_t>(load(shared.sequence) + 1));
    store(shared.what, static_cast<std::uint16_t>(what));
    for (std::size_t i = 0; i < word_count; ++i)
        store(shared.words[i], words[i]);
    store(shared.text_size, static_cast<std::uint32_t>(text.size()));
    if (!text.empty()) std::memcpy(shared.text.data(), text.data(), text.size());
}

void send_error(Message& shared, Turn turn, const Error& error, What what) {
    // Cut so that what matters most is whole: a driver's text can be of any length.
    constexpr std::size_t longest = text_capacity / 4 - 8;
    const auto cut = [&](const std::string& text) {
        return std::string_view(text).substr(0, longest);
    };
    const std::array<std::string_view, 4> parts{cut(error.operation), cut(error.driver),
                                                cut(error.cause), cut(error.advice)};
    Words words{};
    words[0] = static_cast<std::uint64_t>(error.code);
    words[1] = static_cast<std::uint64_t>(error.system_code);
    send(shared, turn, what, words, pack(parts));
}

Error error_of(const Received& received) {
    Error error;
    error.code = known_code(received.words[0]);
    error.system_code = static_cast<std::int64_t>(received.words[1]);
    if (auto parts = unpack(received.text, 4)) {
        error.operation = std::move((*parts)[0]);
        error.driver = std::move((*parts)[1]);
        error.cause = std::move((*parts)[2]);
        error.advice = std::move((*parts)[3]);
    }
    if (error.cause.empty()) error.cause = "its worker gave no reason";
    return error;
}

std::string pack(std::span<const std::string_view> parts) {
    std::string out;
    for (const auto part : parts) {
        const auto size = static_cast<std::uint32_t>(part.size());
        out.append(reinterpret_cast<const char*>(&size), sizeof size);
        out.append(part);
    }
    return out;
}

std::optional<std::vector<std::string>> unpack(std::string_view text, std::size_t count) {
    std::vector<std::string> parts;
    while (parts.size() < count) {
        std::uint32_t size = 0;
        if (text.size() < sizeof size) return std::nullopt;
        std::memcpy(&size, text.data(), sizeof size);
        text.remove_prefix(sizeof size);
        if (text.size() < size) return std::nullopt;
        parts.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    if (!text.empty()) return std::nullopt;
    return parts;
}

}  // namespace instdrv::channel
