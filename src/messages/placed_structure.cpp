#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "messages/placed.hpp"

namespace instdrv::messages {
namespace {

// Behind a structure, for a driver that takes it for a longer one.
constexpr std::size_t slack = 64;

Error does_not_fit(const Structure& structure, const Field& field, std::uint64_t value,
                   const char* side) {
    return {.code = ErrorCode::unsupported,
            .operation = "convert a message's parameters",
            .cause = fmt::format("{:#x} in {}.{} does not fit the 32 bits of the {}", value,
                                 structure.name, field.name, side)};
}

// Pointers never are, whatever the driver may change of what they point at.
bool is_returned(const Field& field) noexcept {
    const bool in_place = field.kind == Kind::number || field.kind == Kind::bytes ||
                          field.kind == Kind::structure_size;
    return in_place && field.flow != Flow::in;
}

}  // namespace

PlacedStructure::PlacedStructure(const Structure& structure, std::uint64_t address,
                                 std::uint64_t flags, Callbacks& callbacks)
    : structure_(structure),
      address_(address),
      flags_(flags),
      callbacks_(callbacks),
      pointees_(structure.fields.size()),
      thunks_(structure.fields.size()) {}

PlacedStructure::~PlacedStructure() {
    if (target_token_ != 0) callbacks_.release(target_token_);
    for (const Thunk& thunk : thunks_) {
        if (thunk.token != 0) callbacks_.release(thunk.token);
    }
}

Status PlacedStructure::send(const Transit& transit, std::optional<std::uint32_t> stated,
                             Buffers buffers) {
    const std::lock_guard lock(mutex_);
    auto read = ClientStructure::read(structure_, address_, stated, transit.sides.client_pointer,
                                      transit.client);
    if (!read) return failure(read.error());
    const bool natural =
        transit.sides.client_pointer == 8 ? read->natural() : transit.sides.natural_acm;
    sent_ = std::move(*read);
    if (block_.here().empty()) {
        layout_ = layout_of(structure_, transit.sides.driver_pointer, natural);
        auto block = SharedBlock::take(transit.shared, layout_.size + slack);
        if (!block) return failure(block.error());
        block_ = std::move(*block);
        std::memset(block_.here().data(), 0, block_.here().size());
    }
    for (std::size_t i = 0; i < structure_.fields.size(); ++i) {
        if (!sent_->has(i)) continue;
        if (Status put_there = put(i, transit, buffers); !put_there) return put_there;
    }
    return {};
}

Status PlacedStructure::put(std::size_t index, const Transit& transit, Buffers buffers) {
    switch (structure_.fields[index].kind) {
        case Kind::number: return put_number(index, sent_->value(index));
        case Kind::structure_size: return put_number(index, size_for_driver());
        case Kind::bytes: {
            const auto bytes = sent_->bytes_of(index);
            std::memcpy(block_.here().data() + layout_.offsets[index], bytes.data(), bytes.size());
            return {};
        }
        case Kind::buffer: return put_pointee(index, transit, buffers);
        case Kind::text: return put_text(index, transit);
        case Kind::same_as: put_same(index); return {};
        case Kind::callback: return put_callback(index);
        case Kind::function: return put_function(index);
        case Kind::own:
        case Kind::function_user:
        case Kind::size_of_other:
        case Kind::structure: return {};
    }
    return {};
}

void PlacedStructure::store_there(std::size_t index, std::uint64_t value) const {
    store(block_.here(), layout_.offsets[index], layout_.size_of(structure_.fields[index]), value);
}

Status PlacedStructure::put_number(std::size_t index, std::uint64_t value) {
    const Field& field = structure_.fields[index];
    const auto fitting =
        field.size == pointer_sized ? narrow(value, layout_.pointer) : std::optional(value);
    if (!fitting) return failure(does_not_fit(structure_, field, value, "driver"));
    store_there(index, *fitting);
    return {};
}

Status PlacedStructure::put_text(std::size_t index, const Transit& transit) {
    const Field& field = structure_.fields[index];
    if (field.number_flag != 0 && (flags_ & field.number_flag) != 0) {
        return put_number(index, sent_->value(index));
    }
    const bool absent = field.present_flag != 0 && (flags_ & field.present_flag) == 0;
    return put_pointee(index, transit, absent ? Buffers::absent : Buffers::carried);
}

Status PlacedStructure::put_pointee(std::size_t index, const Transit& transit, Buffers buffers) {
    auto& pointee = pointees_[index];
    if (sent_->value(index) == 0 || buffers == Buffers::absent) {
        pointee.reset();
        store_there(index, 0);
        return {};
    }
    Status put_there = PlacedBytes::put(pointee, structure_.fields[index], sent_->value(index),
                                        sent_->siblings(), transit, buffers);
    if (put_there) store_there(index, pointee->there());
    return put_there;
}

void PlacedStructure::put_same(std::size_t index) {
    const auto other = find(structure_.fields[index].of);
    const PlacedBytes* const pointee = other ? pointees_[*other].get() : nullptr;
    const bool same = pointee != nullptr && pointee->client_address() == sent_->value(index);
    store_there(index, same ? pointee->there() : 0);
}

Status PlacedStructure::put_callback(std::size_t index) {
    if (target_token_ == 0) {
        const auto& target = structure_.target;
        const auto token = callbacks_.token_for(
            {.type = static_cast<std::uint32_t>(sent_value(target.flags)) & CALLBACK_TYPEMASK,
             .callback = sent_value(target.callback),
             .user = sent_value(target.user),
             .device = sent_value(target.device)});
        if (!token) return failure(token.error());
        target_token_ = *token;
    }
    return put_number(index, target_token_);
}

Status PlacedStructure::put_function(std::size_t index) {
    const Field& field = structure_.fields[index];
    if (sent_->value(index) == 0) return {};
    Thunk& thunk = thunks_[index];
    if (thunk.token == 0) {
        const auto made = callbacks_.thunk_for(
            {.kind = field.function, .address = sent_->value(index), .user = sent_value(field.of)});
        if (!made) return failure(made.error());
        thunk = *made;
    }
    const auto user = find(field.of);
    if (user) store_there(*user, thunk.token);
    return put_number(index, thunk.address);
}

Status PlacedStructure::receive(const Sides& sides, const ClientMemory& client) {
    const std::lock_guard lock(mutex_);
    const auto here = block_.here().first(layout_.size);
    const std::vector<std::byte> snapshot(here.begin(), here.end());
    Status done;
    for (std::size_t i = 0; i < structure_.fields.size(); ++i) {
        if (!sent_->has(i)) continue;
        if (pointees_[i] != nullptr) {
            keep_first_failure(done, take_pointee(i, snapshot, sides, client));
        } else if (is_returned(structure_.fields[i])) {
            keep_first_failure(done, take(i, snapshot, client));
        }
    }
    return done;
}

Status PlacedStructure::take(std::size_t index, std::span<const std::byte> snapshot,
                             const ClientMemory& client) const {
    const Field& field = structure_.fields[index];
    if (field.kind == Kind::bytes) return take_bytes(index, snapshot, client);
    const unsigned size = layout_.size_of(field);
    std::uint64_t value = load(snapshot, layout_.offsets[index], size);
    const Layout& theirs = sent_->layout();
    if (field.kind == Kind::structure_size) {
        const std::uint32_t converted =
            convert_size(structure_, layout_, theirs, static_cast<std::uint32_t>(value));
        value = std::min(converted, sent_->size());
    }
    if (field.size == pointer_sized) {
        const auto fitting = narrow(extend(value, layout_.pointer), theirs.pointer);
        if (!fitting) return failure(does_not_fit(structure_, field, value, "client"));
        value = *fitting;
    }
    const auto bytes = std::as_bytes(std::span(&value, 1)).first(theirs.size_of(field));
    if (std::ranges::equal(bytes, sent_->bytes_of(index))) return {};
    return client.write(address_ + theirs.offsets[index], bytes);
}

Status PlacedStructure::take_bytes(std::size_t index, std::span<const std::byte> snapshot,
                                   const ClientMemory& client) const {
    const auto old = sent_->bytes_of(index);
    const auto now = snapshot.subspan(layout_.offsets[index], old.size());
    if (std::ranges::equal(old, now)) return {};
    return client.write(address_ + sent_->layout().offsets[index], now);
}

Status PlacedStructure::take_pointee(std::size_t index, std::span<const std::byte> snapshot,
                                     const Sides& sides, const ClientMemory& client) {
    const Length& length = structure_.fields[index].length;
    const auto other = length.used == Used::all ? std::nullopt : find(length.used_of);
    if (other && length.used == Used::sibling) {
        pointees_[index]->limit(
            load(snapshot, layout_.offsets[*other], layout_.size_of(structure_.fields[*other])));
    }
    if (other && length.used == Used::image_size && pointees_[*other] != nullptr) {
        pointees_[index]->limit(pointees_[*other]->received_image_size());
    }
    return pointees_[index]->receive(sides, client);
}

std::uint32_t PlacedStructure::size_for_driver() const noexcept {
    return convert_size(structure_, sent_->layout(), layout_, sent_->size());
}

std::uint64_t PlacedStructure::sent_value(std::string_view field) const noexcept {
    return sent_->siblings().value_of(field).value_or(0);
}

std::optional<std::size_t> PlacedStructure::find(std::string_view field) const noexcept {
    const auto fields = structure_.fields;
    const auto found = std::ranges::find(fields, field, &Field::name);
    if (found == fields.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields.begin());
}

}  // namespace instdrv::messages
