#include "parser/protocol.hpp"

#include <algorithm>
#include <concepts>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace instdrv::parser {
namespace {

class Writer {
public:
    template <class Number>
    requires std::integral<Number>
    void operator()(const Number& number) {
        const auto raw = std::as_bytes(std::span(&number, 1));
        bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    }
    template <class Enum>
    requires std::is_enum_v<Enum>
    void operator()(const Enum& value, Enum) { (*this)(static_cast<std::uint32_t>(value)); }
    void operator()(const std::string& text) {
        (*this)(static_cast<std::uint32_t>(text.size()));
        const auto raw = std::as_bytes(std::span(text));
        bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    }
    void operator()(const std::vector<std::byte>& raw) {
        (*this)(static_cast<std::uint32_t>(raw.size()));
        bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    }
    template <class Item>
    void operator()(const std::optional<Item>& item) {
        (*this)(item.has_value());
        if (item) (*this)(*item);
    }
    template <class Item>
    void operator()(const std::vector<Item>& items) {
        (*this)(static_cast<std::uint32_t>(items.size()));
        for (const auto& item : items)
            transfer(*this, item);
    }
    [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

private:
    std::vector<std::byte> bytes_;
};

// After something that is not as it should be it reads nothing more.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

    template <class Number>
    requires std::integral<Number>
    void operator()(Number& number) {
        const auto raw = take(sizeof number);
        if (!raw.empty()) std::memcpy(&number, raw.data(), sizeof number);
    }
    void operator()(bool& value) {
        std::uint8_t number = 0;
        (*this)(number);
        value = number != 0;
    }
    // `last` is the highest there is.
    template <class Enum>
    requires std::is_enum_v<Enum>
    void operator()(Enum& value, Enum last) {
        std::uint32_t number = 0;
        (*this)(number);
        if (number > static_cast<std::uint32_t>(last)) return fail();
        value = static_cast<Enum>(number);
    }
    void operator()(std::string& text) {
        std::uint32_t size = 0;
        (*this)(size);
        const auto raw = take(size);
        text.assign(reinterpret_cast<const char*>(raw.data()), raw.size());
    }
    void operator()(std::vector<std::byte>& bytes) {
        std::uint32_t size = 0;
        (*this)(size);
        const auto raw = take(size);
        bytes.assign(raw.begin(), raw.end());
    }
    template <class Item>
    void operator()(std::optional<Item>& item) {
        bool is_there = false;
        (*this)(is_there);
        if (is_there) (*this)(item.emplace());
    }
    // One by one, so that memory is taken only for what is there.
    template <class Item>
    void operator()(std::vector<Item>& items) {
        std::uint32_t count = 0;
        (*this)(count);
        for (; count > 0 && good_; --count)
            transfer(*this, items.emplace_back());
    }
    [[nodiscard]] bool is_done() const noexcept { return good_ && rest_.empty(); }

private:
    void fail() noexcept {
        good_ = false;
        rest_ = {};
    }
    std::span<const std::byte> take(std::size_t size) noexcept {
        if (size > rest_.size()) {
            fail();
            return {};
        }
        const auto taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

    std::span<const std::byte> rest_;
    bool good_ = true;
};

template <class T, class Wanted>
concept Is = std::same_as<std::remove_const_t<T>, Wanted>;

// A structure's fields, in order, for writing and for reading.
template <class Archive>
void transfer(Archive& archive, Is<std::string> auto& text) {
    archive(text);
}

template <class Archive>
void transfer(Archive& archive, Is<std::pair<std::string, std::string>> auto& pair) {
    archive(pair.first);
    archive(pair.second);
}

template <class Archive>
void transfer(Archive& archive, Is<Export> auto& entry) {
    archive(entry.name);
    archive(entry.ordinal);
    archive(entry.forwarder);
}

template <class Archive>
void transfer(Archive& archive, Is<ImportedFunction> auto& function) {
    archive(function.name);
    archive(function.ordinal);
}

template <class Archive>
void transfer(Archive& archive, Is<ImportedLibrary> auto& library) {
    archive(library.name);
    archive(library.delayed);
    archive(library.functions);
}

template <class Archive>
void transfer(Archive& archive, Is<image::Kind> auto& kind) {
    archive(kind, image::Kind::elf32);
}

template <class Archive>
void transfer(Archive& archive, Is<DriverFile> auto& file) {
    transfer(archive, file.kind);
    archive(file.machine);
    archive(file.obstacle);
    archive(file.warnings);
    archive(file.version);
    archive(file.exports);
    archive(file.libraries);
}

template <class Archive>
void transfer(Archive& archive, Is<codec::WavHeader> auto& header) {
    archive(header.format);
    archive(header.data_start);
    archive(header.data_size);
    archive(header.samples);
    archive(header.remarks);
}

template <class Archive>
void transfer(Archive& archive, Is<Error> auto& error) {
    archive(error.code, ErrorCode::exited);
    archive(error.operation);
    archive(error.cause);
    archive(error.advice);
    archive(error.system_code);
}

template <class Value>
std::vector<std::byte> encode_answer(const Result<Value>& answer) {
    Writer writer;
    writer(answer.has_value());
    if (answer) {
        transfer(writer, *answer);
    } else {
        transfer(writer, answer.error());
    }
    auto bytes = writer.take();
    if (bytes.size() <= largest_answer) return bytes;
    return encode_answer(Result<Value>(failure(
        {.code = ErrorCode::bad_image, .cause = "its tables say more than any driver's do"})));
}

template <class Value>
std::optional<Result<Value>> decode_answer(std::span<const std::byte> bytes) {
    Reader reader(bytes);
    bool good = false;
    reader(good);
    if (good) {
        Value value{};
        transfer(reader, value);
        if (reader.is_done()) return value;
    } else {
        Error error;
        transfer(reader, error);
        if (reader.is_done()) return failure(std::move(error));
    }
    return std::nullopt;
}

}  // namespace

std::vector<std::byte> encode(const Result<image::Kind>& answer) { return encode_answer(answer); }
std::vector<std::byte> encode(const Result<DriverFile>& answer) { return encode_answer(answer); }
std::vector<std::byte> encode(const Result<codec::WavHeader>& answer) {
    return encode_answer(answer);
}

std::optional<Result<image::Kind>> decode_kind(std::span<const std::byte> bytes) {
    return decode_answer<image::Kind>(bytes);
}
std::optional<Result<DriverFile>> decode_driver(std::span<const std::byte> bytes) {
    return decode_answer<DriverFile>(bytes);
}
std::optional<Result<codec::WavHeader>> decode_wav(std::span<const std::byte> bytes) {
    return decode_answer<codec::WavHeader>(bytes);
}

}  // namespace instdrv::parser
