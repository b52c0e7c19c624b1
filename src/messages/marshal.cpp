#include "messages/marshal.hpp"

#include <instdrv/acm.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "messages/conversation.hpp"
#include "messages/layout.hpp"
#include "messages/placed.hpp"

namespace instdrv::messages {
namespace {

bool is_pointer(const Parameter& parameter) noexcept {
    return parameter.field.kind != Kind::number && parameter.field.kind != Kind::size_of_other;
}

// Most messages: two numbers, after which nothing is different from before.
bool is_plain(const Declaration* declaration, UINT message) noexcept {
    if (declaration == nullptr) return true;
    return declaration->lparam1.field.kind == Kind::number &&
           declaration->lparam2.field.kind == Kind::number && declaration->ends == Group::none &&
           declaration->remember == Remember::no && message != DRV_CLOSE;
}

Result<std::uint64_t> number_for_driver(std::size_t index, std::uint64_t value,
                                        const Sides& sides) {
    if (const auto fitting = narrow(value, sides.driver_pointer)) return *fitting;
    return failure({.code = ErrorCode::unsupported,
                    .cause = fmt::format("lParam{} is {:#x}, a 32-bit driver cannot be given that",
                                         index + 1, value),
                    .advice = "A pointer in a message that instdrv does not know does not travel"});
}

Result<Parameters> numbers_for_driver(const Parameters& given, const Sides& sides) {
    const auto first = number_for_driver(0, extend(given.lparam1, sides.client_pointer), sides);
    if (!first) return failure(first.error());
    const auto second = number_for_driver(1, extend(given.lparam2, sides.client_pointer), sides);
    if (!second) return failure(second.error());
    return Parameters{*first, *second};
}

Error named(Error error, UINT message, Family family) {
    error.operation = "send " + describe(message, family);
    return error;
}

Error holds_too_much() {
    return {
        .code = ErrorCode::busy,
        .cause = fmt::format("the driver holds {} structures of its client's already", most_held),
        .advice = "End streams and headers that are not needed any more"};
}

bool wants_format(const Field& field) noexcept {
    return field.length.rule == LengthRule::dib_format_wanted;
}

}  // namespace

// A message between begin and finish.
class CallState {
public:
    CallState(std::shared_ptr<ConversationState> conversation, const Declaration& declaration,
              UINT message, const ClientMemory& client)
        : conversation_(std::move(conversation)),
          message_(message),
          client_(client),
          declaration_(declaration),
          parameters_{&declaration.lparam1, &declaration.lparam2} {}

    Status begin(const Parameters& parameters);
    Status finish(std::int64_t answer);
    [[nodiscard]] Parameters for_driver() const noexcept { return {driver_[0], driver_[1]}; }

private:
    Status put(std::size_t index, const Transit& transit);
    Status put_number(std::size_t index);
    Status put_bytes(std::size_t index, const Transit& transit);
    Status put_structure(std::size_t index, const Transit& transit);
    Status put_size(std::size_t index);
    [[nodiscard]] std::optional<std::uint32_t> stated_size(std::size_t index) const noexcept;
    [[nodiscard]] std::uint64_t key_of(std::size_t index) const noexcept;
    [[nodiscard]] bool begins(std::size_t index, std::int64_t answer) const;
    [[nodiscard]] bool has_no_format() const noexcept;
    void settle(std::int64_t answer);

    std::shared_ptr<ConversationState> conversation_;
    UINT message_;
    const ClientMemory& client_;
    const Declaration& declaration_;
    std::array<const Parameter*, 2> parameters_;
    std::array<std::uint64_t, 2> values_{};               // the client's
    std::array<std::uint64_t, 2> driver_{};               // the driver's
    std::array<std::shared_ptr<Placed>, 2> things_;       // what is at them
    std::array<bool, 2> received_{};                      // whether to copy back
    std::array<const PlacedStructure*, 2> structures_{};  // things_, where they are structures
};

Status CallState::begin(const Parameters& parameters) {
    const Sides& sides = conversation_->sides;
    const std::array<std::uint64_t, 2> given{parameters.lparam1, parameters.lparam2};
    for (std::size_t i = 0; i < 2; ++i) {
        values_[i] = is_pointer(*parameters_[i]) ? address_in(given[i], sides.client_pointer)
                                                 : extend(given[i], sides.client_pointer);
    }
    const AnsweredSizes answered = conversation_->answered();
    const Transit transit{message_, sides,   conversation_->shared, conversation_->callbacks,
                          client_,  answered};
    for (std::size_t i = 0; i < 2; ++i) {
        if (Status done = put(i, transit); !done) return done;
    }
    return {};
}

Status CallState::put(std::size_t index, const Transit& transit) {
    if (is_pointer(*parameters_[index]) && values_[index] == 0) return {};
    if (parameters_[index]->keep == Keep::begin && !conversation_->has_room()) {
        return failure(holds_too_much());
    }
    switch (parameters_[index]->field.kind) {
        case Kind::structure: return put_structure(index, transit);
        case Kind::buffer:
        case Kind::text: return put_bytes(index, transit);
        case Kind::size_of_other: return put_size(index);
        default: return put_number(index);
    }
}

Status CallState::put_number(std::size_t index) {
    auto fitting = number_for_driver(index, values_[index], conversation_->sides);
    if (!fitting) return failure(std::move(fitting.error()));
    driver_[index] = *fitting;
    return {};
}

// The structure is always in lParam1, its size in lParam2.
Status CallState::put_size(std::size_t index) {
    if (structures_[0] == nullptr) return put_number(index);
    driver_[index] = structures_[0]->size_for_driver();
    return {};
}

Status CallState::put_bytes(std::size_t index, const Transit& transit) {
    std::array fields{parameters_[0]->field, parameters_[1]->field};
    fields[0].name = "lParam1";
    fields[1].name = "lParam2";
    std::unique_ptr<PlacedBytes> bytes;
    Status put_there = PlacedBytes::put(bytes, parameters_[index]->field, values_[index],
                                        {fields, values_}, transit, parameters_[index]->buffers);
    if (!put_there) return put_there;
    driver_[index] = bytes->there();
    things_[index] = std::move(bytes);
    received_[index] = true;
    return {};
}

Status CallState::put_structure(std::size_t index, const Transit& transit) {
    const Parameter& parameter = *parameters_[index];
    std::shared_ptr<PlacedStructure> structure;
    if (parameter.keep != Keep::no && parameter.keep != Keep::begin) {
        structure = std::static_pointer_cast<PlacedStructure>(
            conversation_->find(parameter.group, key_of(index)));
    }
    const bool as_it_is = structure != nullptr && parameter.keep == Keep::use;
    if (structure == nullptr) {
        structure = std::make_shared<PlacedStructure>(*parameter.field.structure, values_[index],
                                                      values_[0], transit.callbacks);
    }
    if (!as_it_is) {
        Status sent = structure->send(transit, stated_size(index), parameter.buffers);
        if (!sent) return sent;
    }
    driver_[index] = address_in(structure->there(), transit.sides.driver_pointer);
    received_[index] = !as_it_is;
    structures_[index] = structure.get();
    things_[index] = std::move(structure);
    return {};
}

std::optional<std::uint32_t> CallState::stated_size(std::size_t index) const noexcept {
    if (index != 0 || parameters_[1]->field.kind != Kind::size_of_other) return std::nullopt;
    return static_cast<std::uint32_t>(values_[1]);
}

std::uint64_t CallState::key_of(std::size_t index) const noexcept {
    return is_keyed(parameters_[index]->group) ? values_[index] : index;
}

Status CallState::finish(std::int64_t answer) {
    Status done;
    for (std::size_t i = 0; i < 2; ++i) {
        if (received_[i]) {
            keep_first_failure(done, things_[i]->receive(conversation_->sides, client_));
        }
    }
    settle(answer);
    if (done) return {};
    return failure(named(std::move(done.error()), message_, conversation_->family));
}

void CallState::settle(std::int64_t answer) {
    std::vector<Held> begun;
    for (std::size_t i = 0; i < 2; ++i) {
        const Parameter& parameter = *parameters_[i];
        if (begins(i, answer)) {
            begun.push_back({parameter.group, key_of(i), values_[0], things_[i]});
        }
        if (parameter.keep == Keep::end) conversation_->end(parameter.group, key_of(i));
    }
    conversation_->hold(std::move(begun));
    if (declaration_.ends != Group::none) conversation_->end(declaration_.ends);
    if (message_ == DRV_CLOSE && answer != 0) conversation_->end_all();
    const bool size = declaration_.remember == Remember::always ||
                      (declaration_.remember == Remember::when_no_format && has_no_format());
    if (size) conversation_->remember(message_, answer);
}

bool CallState::begins(std::size_t index, std::int64_t answer) const {
    const Parameter& parameter = *parameters_[index];
    if (parameter.keep != Keep::begin || things_[index] == nullptr) return false;
    if (parameter.unless_bits != 0 && structures_[index] != nullptr &&
        (structures_[index]->sent_value(parameter.unless_field) & parameter.unless_bits) != 0) {
        return false;
    }
    return answer == 0 || (parameter.keep_if_unsupported && answer == MMSYSERR_NOTSUPPORTED);
}

bool CallState::has_no_format() const noexcept {
    if (wants_format(parameters_[1]->field)) return values_[1] == 0;
    if (structures_[0] == nullptr) return false;
    return std::ranges::any_of(parameters_[0]->field.structure->fields, [&](const Field& field) {
        return wants_format(field) && structures_[0]->sent_value(field.name) == 0;
    });
}

Call::Call(const Parameters& numbers) noexcept : parameters_(numbers) {}
Call::Call(std::unique_ptr<CallState> state) noexcept
    : parameters_(state->for_driver()), state_(std::move(state)) {}
Call::Call(Call&&) noexcept = default;
Call& Call::operator=(Call&&) noexcept = default;
Call::~Call() = default;

Parameters Call::parameters() const noexcept { return parameters_; }

Status Call::finish(std::int64_t answer) {
    if (state_ == nullptr) return {};
    const auto state = std::move(state_);
    return state->finish(answer);
}

Conversation::Conversation(Family family, const Sides& sides, SharedMemory& shared,
                           Callbacks& callbacks)
    : state_(std::make_shared<ConversationState>(family, sides, shared, callbacks)) {}
Conversation::Conversation(Conversation&&) noexcept = default;
Conversation& Conversation::operator=(Conversation&&) noexcept = default;
Conversation::~Conversation() = default;

Family Conversation::family() const noexcept { return state_->family; }

bool Conversation::declares(UINT message) const noexcept {
    return find_declaration(state_->family, message) != nullptr;
}

Result<Call> Conversation::begin(UINT message, const Parameters& parameters,
                                 const ClientMemory& client) {
    const Declaration* const declaration = find_declaration(state_->family, message);
    if (is_plain(declaration, message)) {
        auto numbers = numbers_for_driver(parameters, state_->sides);
        if (numbers) return Call(*numbers);
        return failure(named(std::move(numbers.error()), message, state_->family));
    }
    auto call = std::make_unique<CallState>(state_, *declaration, message, client);
    if (Status begun = call->begin(parameters); !begun) {
        return failure(named(std::move(begun.error()), message, state_->family));
    }
    return Call(std::move(call));
}

Result<std::uint64_t> Conversation::collect(std::uint64_t driver_address,
                                            const ClientMemory& client) {
    // A callback's client takes what it is handed for this kind of structure, whatever else of its
    // own the driver holds.
    const auto thing = state_->find_there(Group::acm_header,
                                          address_in(driver_address, state_->sides.driver_pointer));
    if (thing == nullptr) {
        return failure(
            {.code = ErrorCode::not_found,
             .operation = "collect what the driver changed",
             .cause = fmt::format("the driver holds no buffer at {:#x}", driver_address)});
    }
    if (Status received = thing->receive(state_->sides, client); !received) {
        return failure(received.error());
    }
    return thing->client_address();
}

}  // namespace instdrv::messages
