// A driver's process that writes whatever it likes, whenever it can.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "messages/declarations.hpp"
#include "sample.hpp"
#include "world.hpp"

namespace instdrv::messages::test {
namespace {

constexpr int rounds = 10'000;

class HostileDriver {
public:
    explicit HostileDriver(unsigned seed) : random_(seed) {}

    // Random bytes over everything that is in use, or single wrong numbers, which go deeper.
    void scribble(std::span<std::byte> shared) {
        if (random_() % 2 == 0) {
            for (std::size_t at = 0; at < shared.size(); at += sizeof(std::uint64_t)) {
                const std::uint64_t word = random_();
                std::memcpy(shared.data() + at, &word, sizeof word);
            }
            return;
        }
        constexpr std::uint32_t wrong[] = {0, 1, 39, 40, 41, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
        for (int i = 0; i < 64; ++i) {
            const std::size_t at = random_() % 2048 / 4 * 4;
            std::memcpy(shared.data() + at, &wrong[random_() % std::size(wrong)], 4);
        }
    }

    std::int64_t answer() {
        constexpr std::int64_t answers[] = {0, 1, 8, 40, -1, 100'000, INT64_MIN, INT64_MAX};
        return answers[random_() % std::size(answers)];
    }

    std::size_t below(std::size_t end) { return random_() % end; }

private:
    std::mt19937_64 random_;
};

// The bytes of the client's memory that the message gives the driver to change.
void copy_permitted(const World& world, const Sample& sample, std::vector<std::byte>& before) {
    const auto permit = [&](std::uint64_t address, std::size_t size) {
        const auto at = static_cast<std::ptrdiff_t>(address - world.region_there);
        std::copy_n(world.region.begin() + at, size, before.begin() + at);
    };
    for (const auto& parameter : sample.parameters) {
        for (const Pointee& pointee : parameter.pointees) {
            if (pointee.field->flow != Flow::in) permit(pointee.address, pointee.length);
        }
        if (parameter.parameter->field.kind != Kind::structure) continue;
        const Structure& structure = *parameter.parameter->field.structure;
        const Layout layout = layout_of(structure, world.sides.client_pointer);
        for (std::size_t i = 0; i < structure.fields.size(); ++i) {
            if (structure.fields[i].flow == Flow::in) continue;
            if (structure.fields[i].kind == Kind::buffer) continue;
            permit(parameter.value + layout.offsets[i], layout.size_of(structure.fields[i]));
        }
    }
}

class Hostile : public testing::TestWithParam<Sides> {};

TEST_P(Hostile, answers_change_nothing_but_what_the_driver_may) {
    World world(GetParam());
    HostileDriver driver(20'261);
    constexpr Family families[] = {Family::standard, Family::mci, Family::acm, Family::vfw};
    std::vector<Conversation> conversations;
    for (const Family family : families)
        conversations.push_back(world.conversation(family));

    int answered = 0;
    for (int round = 0; round < rounds / 4; ++round) {
        const std::size_t which = driver.below(std::size(families));
        const auto messages = table_of(families[which]).messages;
        const std::size_t index = driver.below(messages.size() + 1);
        const Declaration& declaration =
            index == messages.size() ? table_of(families[which]).opening : messages[index];
        world.free_all();
        const Sample sample = make_sample(world, declaration);
        auto before = world.region;
        auto call = conversations[which].begin(declaration.number, sample.values(), world.client);
        // A driver that answered a size of 0 or 2 GiB can make a later begin fail.
        if (!call) continue;
        ++answered;
        driver.scribble(world.shared.all().first(32 * 1024));
        (void)call->finish(driver.answer());
        copy_permitted(world, sample, before);
        ASSERT_EQ(world.region, before) << declaration.name << " in round " << round;
        (void)conversations[which].collect(driver.below(1 << 20), world.client);
    }
    EXPECT_GT(answered, rounds / 8);
    conversations.clear();
    EXPECT_EQ(world.shared.taken(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Messages, Hostile, testing::ValuesIn(all_sides()),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace instdrv::messages::test
