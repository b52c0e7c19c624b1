// Every declared message, there and back, between every pair of pointer sizes.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/declarations.hpp"
#include "sample.hpp"
#include "world.hpp"

namespace instdrv::messages::test {
namespace {

struct Case {
    Family family;
    Sides sides;
};

std::vector<Case> all_families_between_all_sides() {
    std::vector<Case> cases;
    for (const Sides& sides : all_sides()) {
        for (const Family family : {Family::standard, Family::mci, Family::acm, Family::vfw}) {
            cases.push_back({family, sides});
        }
    }
    return cases;
}

std::string title(const testing::TestParamInfo<Case>& info) {
    return std::string(messages::name_of(info.param.family)) + "_" + name_of(info.param.sides);
}

bool is_address(Kind kind) {
    return kind == Kind::buffer || kind == Kind::text || kind == Kind::same_as;
}

// One message on its way.
class Trip {
public:
    Trip(const Case& between, const Declaration& declaration)
        : family_(between.family), declaration_(declaration), world_(between.sides) {}

    void reaches_the_driver_and_comes_back();
    void gives_everything_back();
    void holds_nothing_unless_answered();
    void survives_full_memory();
    void passes_null_pointers();
    void refuses_pointers_that_lead_nowhere();

private:
    const Declaration& declaration() const { return declaration_; }

    Layout driver_layout(const Structure& structure) const {
        return layout_of(structure, world_.sides.driver_pointer);
    }
    Layout client_layout(const Structure& structure) const {
        return layout_of(structure, world_.sides.client_pointer);
    }

    void check_pointee(const Pointee& pointee, std::uint64_t there, Buffers buffers);
    void check_structure(const SampledParameter& sent, std::uint64_t there);
    void check_parameter(std::size_t index, const Parameters& got);
    void answer_structure(const SampledParameter& sent, std::uint64_t there);
    void answer_bytes(const Pointee& pointee, std::uint64_t there);
    void check_answered(const SampledParameter& sent, std::span<const std::byte> before);
    void check_answered_pointee(const Pointee& pointee, Buffers buffers);

    std::uint64_t there_of(const SampledParameter& sent, std::uint64_t there,
                           const Pointee& pointee) {
        const Structure& structure = *sent.parameter->field.structure;
        const Layout layout = driver_layout(structure);
        return world_.get(world_.shared.at(there, layout.size), structure, layout,
                          pointee.field->name);
    }

    Family family_;
    const Declaration& declaration_;
    World world_;
    Sample sample_ = make_sample(world_, declaration());
    std::map<std::uint64_t, std::vector<std::byte>> contents_;  // of pointees, as sent
};

void Trip::check_pointee(const Pointee& pointee, std::uint64_t there, Buffers buffers) {
    if (buffers == Buffers::absent) {
        EXPECT_EQ(there, 0u) << pointee.field->name;
        return;
    }
    ASSERT_NE(there, 0u) << pointee.field->name;
    const auto sent = world_.client_copy(pointee.address, pointee.length);
    const auto got = world_.shared.at(there, pointee.length);
    if (pointee.field->flow != Flow::out && buffers == Buffers::carried) {
        EXPECT_TRUE(std::ranges::equal(sent, got)) << pointee.field->name;
    }
}

void Trip::check_structure(const SampledParameter& sent, std::uint64_t there) {
    const Structure& structure = *sent.parameter->field.structure;
    const Layout theirs = client_layout(structure);
    const Layout ours = driver_layout(structure);
    const auto from = world_.client_at(sent.value, theirs.size);
    const auto to = world_.shared.at(there, ours.size);
    for (std::size_t i = 0; i < structure.fields.size(); ++i) {
        const Field& field = structure.fields[i];
        if (field.kind == Kind::bytes) {
            EXPECT_EQ(std::memcmp(from.data() + theirs.offsets[i], to.data() + ours.offsets[i],
                                  field.size),
                      0)
                << field.name;
            continue;
        }
        const std::uint64_t got = world_.get(to, structure, ours, field.name);
        const std::uint64_t original = world_.get(from, structure, theirs, field.name);
        switch (field.kind) {
            case Kind::number: EXPECT_EQ(got, original) << field.name; break;
            case Kind::structure_size: EXPECT_EQ(got, ours.size) << field.name; break;
            case Kind::own: EXPECT_EQ(got, 0u) << field.name; break;
            case Kind::callback: EXPECT_TRUE(world_.callbacks.targets.contains(got)); break;
            case Kind::function_user: EXPECT_TRUE(world_.callbacks.functions.contains(got)); break;
            case Kind::function: EXPECT_GE(got, 0xB7000000u) << field.name; break;
            case Kind::same_as:
                EXPECT_EQ(got, world_.get(to, structure, ours, field.of)) << field.name;
                break;
            default: break;
        }
    }
    for (const Pointee& pointee : sent.pointees) {
        SCOPED_TRACE(pointee.field->name);
        check_pointee(pointee, there_of(sent, there, pointee), sent.parameter->buffers);
    }
}

void Trip::check_parameter(std::size_t index, const Parameters& got) {
    const SampledParameter& sent = sample_.parameters[index];
    const std::uint64_t there = index == 0 ? got.lparam1 : got.lparam2;
    switch (sent.parameter->field.kind) {
        case Kind::structure: check_structure(sent, there); break;
        case Kind::size_of_other:
            EXPECT_EQ(there, driver_layout(*declaration().lparam1.field.structure).size);
            break;
        case Kind::buffer:
        case Kind::text: check_pointee(sent.pointees.front(), there, Buffers::carried); break;
        default: EXPECT_EQ(there, sent.value);
    }
}

// What a driver writes: over everything it has, whether it may or not.
void Trip::answer_bytes(const Pointee& pointee, std::uint64_t there) {
    if (there == 0) return;
    const auto bytes = world_.shared.at(there, pointee.length);
    const bool format = pointee.field->length.rule == LengthRule::dib_format ||
                        pointee.field->length.used == Used::dib_format;
    // A driver keeps a format a format, and says how large its picture became.
    if (!format) {
        std::ranges::fill(bytes, std::byte{0xD0});
        return;
    }
    const std::uint32_t size = 40;
    const std::uint32_t image = 50;
    std::memcpy(bytes.data(), &size, sizeof size);
    std::memcpy(bytes.data() + 20, &image, sizeof image);
}

void Trip::answer_structure(const SampledParameter& sent, std::uint64_t there) {
    const Structure& structure = *sent.parameter->field.structure;
    for (const Pointee& pointee : sent.pointees) {
        answer_bytes(pointee, there_of(sent, there, pointee));
    }
    const Layout layout = driver_layout(structure);
    const auto to = world_.shared.at(there, layout.size);
    for (std::size_t i = 0; i < structure.fields.size(); ++i) {
        const Field& field = structure.fields[i];
        if (field.kind == Kind::structure_size) continue;
        if (field.kind == Kind::bytes) {
            std::memset(to.data() + layout.offsets[i], 0xD0, field.size);
            continue;
        }
        world_.set(to, structure, layout, field.name, is_address(field.kind) ? 0xDEAD0 : 21 + i);
    }
}

void Trip::check_answered_pointee(const Pointee& pointee, Buffers buffers) {
    const auto now = world_.client_copy(pointee.address, pointee.length);
    const auto& before = contents_.at(pointee.address);
    if (pointee.field->flow == Flow::in || buffers != Buffers::carried) {
        EXPECT_EQ(now, before) << pointee.field->name << " is not for the driver to change";
        return;
    }
    if (pointee.field->length.rule == LengthRule::dib_format ||
        pointee.field->length.used == Used::dib_format) {
        EXPECT_EQ(load(now, 20, 4), 50u) << pointee.field->name;
        return;
    }
    std::size_t used = pointee.length;
    if (pointee.field->length.used == Used::sibling) used = 21 + 9;  // cbDstLengthUsed
    if (pointee.field->length.used == Used::image_size) used = 50;
    for (std::size_t i = 0; i < now.size(); ++i) {
        const std::byte expected = i < used ? std::byte{0xD0} : before[i];
        ASSERT_EQ(now[i], expected) << pointee.field->name << " at " << i;
    }
}

void Trip::check_answered(const SampledParameter& sent, std::span<const std::byte> before) {
    const Structure& structure = *sent.parameter->field.structure;
    const Layout layout = client_layout(structure);
    const auto now = world_.client_at(sent.value, layout.size);
    for (std::size_t i = 0; i < structure.fields.size(); ++i) {
        const Field& field = structure.fields[i];
        const std::size_t size = layout.size_of(field);
        const auto was = before.subspan(layout.offsets[i], size);
        const auto is = now.subspan(layout.offsets[i], size);
        if (field.flow == Flow::in || is_address(field.kind) ||
            field.kind == Kind::structure_size) {
            EXPECT_TRUE(std::ranges::equal(was, is)) << field.name << " changed";
        } else if (field.kind == Kind::bytes) {
            EXPECT_EQ(is.front(), std::byte{0xD0}) << field.name;
            EXPECT_EQ(is.back(), std::byte{0xD0}) << field.name;
        } else {
            EXPECT_EQ(load(is, 0, static_cast<unsigned>(size)), 21 + i) << field.name;
        }
    }
}

void Trip::reaches_the_driver_and_comes_back() {
    for (const auto& parameter : sample_.parameters) {
        for (const Pointee& pointee : parameter.pointees) {
            contents_[pointee.address] = world_.client_copy(pointee.address, pointee.length);
        }
    }
    const auto before = world_.region;
    auto conversation = world_.conversation(family_);
    auto call = conversation.begin(declaration().number, sample_.values(), world_.client);
    ASSERT_TRUE(call) << call.error().text();
    EXPECT_EQ(world_.region, before) << "nothing of the client's changes before the answer";

    const Parameters got = call->parameters();
    check_parameter(0, got);
    check_parameter(1, got);

    const std::uint64_t there[2] = {got.lparam1, got.lparam2};
    for (std::size_t i = 0; i < 2; ++i) {
        const SampledParameter& sent = sample_.parameters[i];
        if (sent.parameter->field.kind == Kind::structure) {
            answer_structure(sent, there[i]);
        } else if (!sent.pointees.empty()) {
            answer_bytes(sent.pointees.front(), there[i]);
        }
    }
    const Status done = call->finish(0);
    ASSERT_TRUE(done) << done.error().text();

    std::vector<bool> may_change(world_.region.size(), false);
    for (const auto& parameter : sample_.parameters) {
        for (const Pointee& pointee : parameter.pointees) {
            check_answered_pointee(pointee, parameter.parameter->buffers);
            const std::size_t at = pointee.address - world_.region_there;
            std::fill_n(may_change.begin() + static_cast<long>(at), pointee.length, true);
        }
        if (parameter.parameter->field.kind != Kind::structure) continue;
        const std::size_t at = parameter.value - world_.region_there;
        const std::size_t size = client_layout(*parameter.parameter->field.structure).size;
        check_answered(parameter, std::span(before).subspan(at, size));
        std::fill_n(may_change.begin() + static_cast<long>(at), size, true);
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (world_.region[i] == before[i] || may_change[i]) continue;
        FAIL() << "byte " << i << " of the client's memory changed";
    }
}

void Trip::gives_everything_back() {
    {
        auto conversation = world_.conversation(family_);
        auto call = conversation.begin(declaration().number, sample_.values(), world_.client);
        ASSERT_TRUE(call) << call.error().text();
        ASSERT_TRUE(call->finish(0));
        const bool keeps =
            declaration().lparam1.keep == Keep::begin || declaration().lparam2.keep == Keep::begin;
        EXPECT_EQ(world_.shared.taken() != 0, keeps) << "held between messages";
    }
    EXPECT_EQ(world_.shared.taken(), 0u);
    EXPECT_TRUE(world_.callbacks.targets.empty());
    EXPECT_TRUE(world_.callbacks.functions.empty());
}

void Trip::holds_nothing_unless_answered() {
    auto conversation = world_.conversation(family_);
    {
        auto call = conversation.begin(declaration().number, sample_.values(), world_.client);
        ASSERT_TRUE(call) << call.error().text();
    }
    EXPECT_EQ(world_.shared.taken(), 0u);
}

void Trip::survives_full_memory() {
    auto conversation = world_.conversation(family_);
    for (std::size_t room = 0;; ++room) {
        world_.shared.run_out(room);
        auto call = conversation.begin(declaration().number, sample_.values(), world_.client);
        if (call) break;
        EXPECT_EQ(call.error().code, ErrorCode::out_of_memory);
        EXPECT_EQ(call.error().operation, "send " + std::string(declaration().name));
        EXPECT_EQ(world_.shared.taken(), 0u);
        EXPECT_TRUE(world_.callbacks.targets.empty());
        EXPECT_TRUE(world_.callbacks.functions.empty());
    }
}

void Trip::passes_null_pointers() {
    auto conversation = world_.conversation(family_);
    auto nothing = conversation.begin(declaration().number, {0, 0}, world_.client);
    ASSERT_TRUE(nothing) << nothing.error().text();
    EXPECT_EQ(nothing->parameters().lparam1, 0u);
    EXPECT_EQ(nothing->parameters().lparam2, 0u);
    EXPECT_TRUE(nothing->finish(0));

    for (const auto& parameter : sample_.parameters) {
        if (parameter.parameter->field.kind != Kind::structure) continue;
        const Structure& structure = *parameter.parameter->field.structure;
        const Layout layout = client_layout(structure);
        for (const Field& field : structure.fields) {
            if (!is_address(field.kind)) continue;
            world_.set(world_.client_at(parameter.value, layout.size), structure, layout,
                       field.name, 0);
        }
    }
    auto hollow = conversation.begin(declaration().number, sample_.values(), world_.client);
    ASSERT_TRUE(hollow) << hollow.error().text();
    for (std::size_t i = 0; i < 2; ++i) {
        const auto& parameter = sample_.parameters[i];
        if (parameter.parameter->field.kind != Kind::structure) continue;
        const auto got = hollow->parameters();
        for (const Pointee& pointee : parameter.pointees) {
            EXPECT_EQ(there_of(parameter, i == 0 ? got.lparam1 : got.lparam2, pointee), 0u);
        }
    }
    EXPECT_TRUE(hollow->finish(0));
}

void Trip::refuses_pointers_that_lead_nowhere() {
    auto conversation = world_.conversation(family_);
    const std::uint64_t end = world_.region_there + world_.region.size();
    for (const std::uint64_t nowhere : {std::uint64_t{1}, world_.region_there - 1, end - 2, end}) {
        for (std::size_t i = 0; i < 2; ++i) {
            const Kind kind = sample_.parameters[i].parameter->field.kind;
            if (kind != Kind::structure && kind != Kind::buffer && kind != Kind::text) continue;
            // What the driver alone writes is not read; it fails when there is something to write.
            if (sample_.parameters[i].parameter->field.flow == Flow::out) continue;
            Parameters parameters = sample_.values();
            (i == 0 ? parameters.lparam1 : parameters.lparam2) = nowhere;
            const auto call = conversation.begin(declaration().number, parameters, world_.client);
            ASSERT_FALSE(call) << std::hex << nowhere << " in parameter " << i;
            EXPECT_EQ(call.error().code, ErrorCode::invalid_argument);
        }
    }
    EXPECT_EQ(world_.shared.taken(), 0u);
}

class EveryMessage : public testing::TestWithParam<Case> {
protected:
    static void each(void (Trip::*check)()) {
        const FamilyTable& table = table_of(GetParam().family);
        std::vector<const Declaration*> declarations{&table.opening};
        for (const Declaration& declaration : table.messages)
            declarations.push_back(&declaration);
        for (const Declaration* const declaration : declarations) {
            SCOPED_TRACE(declaration->name);
            Trip trip(GetParam(), *declaration);
            (trip.*check)();
        }
    }
};

TEST_P(EveryMessage, reaches_the_driver_and_comes_back) {
    each(&Trip::reaches_the_driver_and_comes_back);
}
TEST_P(EveryMessage, gives_everything_back_when_the_conversation_ends) {
    each(&Trip::gives_everything_back);
}
TEST_P(EveryMessage, holds_nothing_unless_it_is_answered) {
    each(&Trip::holds_nothing_unless_answered);
}
TEST_P(EveryMessage, fails_as_a_value_wherever_the_shared_memory_is_full) {
    each(&Trip::survives_full_memory);
}
TEST_P(EveryMessage, passes_null_pointers_on) { each(&Trip::passes_null_pointers); }
TEST_P(EveryMessage, refuses_pointers_that_lead_nowhere) {
    each(&Trip::refuses_pointers_that_lead_nowhere);
}

INSTANTIATE_TEST_SUITE_P(Messages, EveryMessage,
                         testing::ValuesIn(all_families_between_all_sides()), title);

}  // namespace
}  // namespace instdrv::messages::test
