#include "sandbox/plan.hpp"

#include <cstring>
#include <string_view>
#include <utility>

namespace instdrv::sandbox {
namespace {

constexpr std::uint32_t magic = 0x4e4c5043;  // "CPLN"
constexpr std::uint32_t version = 1;
constexpr std::uint32_t longest_filter = 4096;  // BPF_MAXINSNS of <linux/bpf_common.h>
constexpr std::size_t largest_plan = std::size_t{1} << 20;

struct Header {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t architecture;
    std::uint32_t landlock_abi;
    std::uint32_t filter_count;
    std::uint32_t path_count;
    std::uint32_t limit_count;
    std::uint32_t variable_count;
    std::uint64_t handled_files;
    std::uint64_t handled_network;
    std::uint64_t scoped;
};
struct Text {
    std::uint32_t offset;  // from the start of the text at the end
    std::uint32_t size;
};
struct PathEntry {
    std::uint64_t access;
    Text path;
    std::uint32_t missing;
    std::uint32_t keep_open;
};
struct LimitEntry {
    std::uint64_t value;
    std::uint32_t resource;
    std::uint32_t unused;
};
static_assert(sizeof(Header) == 56 && sizeof(FilterInstruction) == 8);
static_assert(sizeof(PathEntry) == 24 && sizeof(LimitEntry) == 16 && sizeof(Text) == 8);

class Writer {
public:
    template <class T>
    void put(const T& value) {
        const auto end = bytes_.size();
        bytes_.resize(end + sizeof value);
        std::memcpy(bytes_.data() + end, &value, sizeof value);
    }
    Text keep(std::string_view text) {
        const auto offset = static_cast<std::uint32_t>(text_.size());
        text_ += text;
        return {offset, static_cast<std::uint32_t>(text.size())};
    }
    std::vector<std::byte> finish() && {
        const auto bytes = std::as_bytes(std::span(text_));
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return std::move(bytes_);
    }

private:
    std::vector<std::byte> bytes_;
    std::string text_;
};

// Takes entries off the front. Once something is missing, all that follows is missing too.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <class T>
    T take() {
        T value{};
        if (bytes_.size() < sizeof(T)) {
            complete_ = false;
            bytes_ = {};
            return value;
        }
        std::memcpy(&value, bytes_.data(), sizeof(T));
        bytes_ = bytes_.subspan(sizeof(T));
        return value;
    }
    template <class T>
    std::vector<T> take_table(std::uint32_t count) {
        std::vector<T> table;
        if (count > bytes_.size() / sizeof(T)) {
            complete_ = false;
            bytes_ = {};
            return table;
        }
        table.reserve(count);
        for (std::uint32_t i = 0; i < count; ++i)
            table.push_back(take<T>());
        return table;
    }
    [[nodiscard]] bool complete() const noexcept { return complete_; }
    [[nodiscard]] std::span<const std::byte> rest() const noexcept { return bytes_; }

private:
    std::span<const std::byte> bytes_;
    bool complete_ = true;
};

// The texts, which must follow each other without a gap, so that no byte of a plan is unread.
class TextReader {
public:
    explicit TextReader(std::span<const std::byte> bytes)
        : text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}

    std::string take(Text place) {
        if (place.offset != next_ || place.size == 0 || place.size > text_.size() - next_) {
            valid_ = false;
            return {};
        }
        next_ += place.size;
        std::string text(text_.substr(place.offset, place.size));
        if (text.find('\0') != std::string::npos) valid_ = false;
        return text;
    }
    [[nodiscard]] bool finished() const noexcept { return valid_ && next_ == text_.size(); }

private:
    std::string_view text_;
    std::size_t next_ = 0;
    bool valid_ = true;
};

tl::unexpected<Error> bad_plan(std::string cause) {
    return failure({.code = ErrorCode::invalid_argument,
                    .operation = "read a confinement plan",
                    .cause = std::move(cause)});
}

const char* wrong_in(const Header& header) {
    if (header.magic != magic) return "it does not start as one does";
    if (header.version != version) return "it is of another version";
    if (header.architecture != static_cast<std::uint32_t>(Architecture::amd64) &&
        header.architecture != static_cast<std::uint32_t>(Architecture::i386)) {
        return "it is for a machine that does not exist";
    }
    if (header.filter_count == 0 || header.filter_count > longest_filter) {
        return "its filter is empty or too long";
    }
    return nullptr;
}

bool is_valid_entry(const PathEntry& entry) {
    return entry.missing <= static_cast<std::uint32_t>(Missing::fail) && entry.keep_open <= 1;
}

}  // namespace

std::vector<std::byte> serialise(const Plan& plan) {
    Writer writer;
    writer.put(Header{.magic = magic,
                      .version = version,
                      .architecture = static_cast<std::uint32_t>(plan.architecture),
                      .landlock_abi = plan.landlock_abi,
                      .filter_count = static_cast<std::uint32_t>(plan.filter.size()),
                      .path_count = static_cast<std::uint32_t>(plan.paths.size()),
                      .limit_count = static_cast<std::uint32_t>(plan.limits.size()),
                      .variable_count = static_cast<std::uint32_t>(plan.variables.size()),
                      .handled_files = plan.handled_files,
                      .handled_network = plan.handled_network,
                      .scoped = plan.scoped});
    for (const auto& instruction : plan.filter)
        writer.put(instruction);
    for (const auto& rule : plan.paths) {
        writer.put(PathEntry{.access = rule.access,
                             .path = writer.keep(rule.path),
                             .missing = static_cast<std::uint32_t>(rule.missing),
                             .keep_open = rule.keep_open ? 1U : 0U});
    }
    for (const auto& limit : plan.limits) {
        writer.put(LimitEntry{.value = limit.value, .resource = limit.resource, .unused = 0});
    }
    for (const auto& name : plan.variables)
        writer.put(writer.keep(name));
    return std::move(writer).finish();
}

Result<Plan> parse_plan(std::span<const std::byte> bytes) {
    if (bytes.size() > largest_plan) return bad_plan("it is too large");
    Reader reader(bytes);
    const auto header = reader.take<Header>();
    if (!reader.complete()) return bad_plan("it is shorter than its header");
    if (const char* const wrong = wrong_in(header)) return bad_plan(wrong);
    auto filter = reader.take_table<FilterInstruction>(header.filter_count);
    const auto paths = reader.take_table<PathEntry>(header.path_count);
    const auto limits = reader.take_table<LimitEntry>(header.limit_count);
    const auto variables = reader.take_table<Text>(header.variable_count);
    if (!reader.complete()) return bad_plan("it ends inside a table");

    Plan plan{.architecture = static_cast<Architecture>(header.architecture),
              .landlock_abi = header.landlock_abi,
              .handled_files = header.handled_files,
              .handled_network = header.handled_network,
              .scoped = header.scoped,
              .filter = std::move(filter)};
    TextReader texts(reader.rest());
    for (const auto& entry : paths) {
        if (!is_valid_entry(entry)) return bad_plan("a rule of its paths is none");
        plan.paths.push_back({.path = texts.take(entry.path),
                              .access = entry.access,
                              .missing = static_cast<Missing>(entry.missing),
                              .keep_open = entry.keep_open != 0});
        if (!plan.paths.back().path.starts_with('/')) return bad_plan("a path is not absolute");
    }
    for (const auto& entry : limits) {
        if (entry.unused != 0) return bad_plan("a limit has more than a limit has");
        plan.limits.push_back({.resource = entry.resource, .value = entry.value});
    }
    for (const auto& entry : variables)
        plan.variables.push_back(texts.take(entry));
    if (!texts.finished()) return bad_plan("its text does not fit its tables");
    return plan;
}

}  // namespace instdrv::sandbox
