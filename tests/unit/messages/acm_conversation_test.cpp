// What an ACM driver holds between messages, and what it is given for the client's callbacks.
#include <instdrv/acm.h>

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/conversation.hpp"
#include "messages/declarations.hpp"
#include "sample.hpp"
#include "world.hpp"

namespace instdrv::messages::test {
namespace {

class AcmConversation : public testing::TestWithParam<Sides> {
protected:
    const Structure& instance_ = structure_named(Family::acm, "ACMDRVSTREAMINSTANCE");
    const Structure& header_ = structure_named(Family::acm, "ACMDRVSTREAMHEADER");
    World world_{GetParam()};
    Conversation conversation_ = world_.conversation(Family::acm);

    std::uint64_t sample_of(UINT message, std::size_t parameter) {
        return make_sample(world_, *find_declaration(Family::acm, message))
            .parameters[parameter]
            .value;
    }
    std::uint64_t stream_ = sample_of(ACMDM_STREAM_OPEN, 0);
    std::uint64_t buffers_ = sample_of(ACMDM_STREAM_CONVERT, 1);

    Parameters send(UINT message, std::uint64_t l1, std::uint64_t l2, std::int64_t answer = 0) {
        Call call = world_.begin(conversation_, message, l1, l2);
        const Parameters got = call.parameters();
        const Status done = call.finish(answer);
        EXPECT_TRUE(done) << done.error().text();
        return got;
    }

    Layout client_layout(const Structure& structure) const {
        return layout_of(structure, GetParam().client_pointer);
    }
    Layout driver_layout(const Structure& structure) const {
        return layout_of(structure, GetParam().driver_pointer);
    }
    std::uint64_t client_field(const Structure& structure, std::uint64_t at,
                               std::string_view field) {
        const Layout layout = client_layout(structure);
        return world_.get(world_.client_at(at, layout.size), structure, layout, field);
    }
    void set_client_field(const Structure& structure, std::uint64_t at, std::string_view field,
                          std::uint64_t value) {
        const Layout layout = client_layout(structure);
        world_.set(world_.client_at(at, layout.size), structure, layout, field, value);
    }
    std::uint64_t driver_field(const Structure& structure, std::uint64_t at,
                               std::string_view field) {
        const Layout layout = driver_layout(structure);
        return world_.get(world_.shared.at(at, layout.size), structure, layout, field);
    }
    void set_driver_field(const Structure& structure, std::uint64_t at, std::string_view field,
                          std::uint64_t value) {
        const Layout layout = driver_layout(structure);
        world_.set(world_.shared.at(at, layout.size), structure, layout, field, value);
    }
};

TEST_P(AcmConversation, keeps_a_stream_where_it_is_until_it_is_closed) {
    const std::uint64_t there = send(ACMDM_STREAM_OPEN, stream_, 0).lparam1;
    const std::uint64_t format = driver_field(instance_, there, "pwfxSrc");
    set_driver_field(instance_, there, "fdwDriver", 0x1234);
    set_driver_field(instance_, there, "dwDriver", 0x5678);
    set_client_field(instance_, stream_, "dwDriver", 99);

    for (const UINT message : {ACMDM_STREAM_SIZE, ACMDM_STREAM_RESET, ACMDM_STREAM_UPDATE}) {
        EXPECT_EQ(send(message, stream_,
                       message == ACMDM_STREAM_SIZE ? sample_of(ACMDM_STREAM_SIZE, 1) : 0)
                      .lparam1,
                  there);
        EXPECT_EQ(driver_field(instance_, there, "fdwDriver"), 0x1234u);
        EXPECT_EQ(driver_field(instance_, there, "dwDriver"), 0x5678u);
        EXPECT_EQ(driver_field(instance_, there, "pwfxSrc"), format);
    }
    EXPECT_EQ(client_field(instance_, stream_, "dwDriver"), 99u);

    EXPECT_EQ(send(ACMDM_STREAM_CLOSE, stream_, 0).lparam1, there);
    EXPECT_EQ(world_.shared.taken(), 0u);
    EXPECT_TRUE(world_.callbacks.targets.empty());
}

TEST_P(AcmConversation, keeps_two_streams_apart) {
    const std::uint64_t other = sample_of(ACMDM_STREAM_OPEN, 0);
    const auto first = send(ACMDM_STREAM_OPEN, stream_, 0).lparam1;
    const auto second = send(ACMDM_STREAM_OPEN, other, 0).lparam1;
    EXPECT_NE(first, second);
    EXPECT_EQ(send(ACMDM_STREAM_CLOSE, stream_, 0).lparam1, first);
    EXPECT_EQ(send(ACMDM_STREAM_RESET, other, 0).lparam1, second);
}

TEST_P(AcmConversation, keeps_no_stream_that_was_refused_or_only_asked_about) {
    send(ACMDM_STREAM_OPEN, stream_, 0, ACMERR_NOTPOSSIBLE);
    EXPECT_EQ(world_.shared.taken(), 0u);
    set_client_field(instance_, stream_, "fdwOpen", ACM_STREAMOPENF_QUERY);
    send(ACMDM_STREAM_OPEN, stream_, 0, 0);
    EXPECT_EQ(world_.shared.taken(), 0u);
}

TEST_P(AcmConversation, keeps_a_prepared_header_with_its_buffers) {
    send(ACMDM_STREAM_OPEN, stream_, 0);
    const auto held = world_.shared.taken();
    const auto there = send(ACMDM_STREAM_PREPARE, stream_, buffers_).lparam2;
    const auto source = driver_field(header_, there, "pbSrc");
    const auto destination = driver_field(header_, there, "pbDst");
    set_driver_field(header_, there, "dwDriver", 0x4321);

    set_client_field(header_, buffers_, "cbSrcLength", 5);
    EXPECT_EQ(send(ACMDM_STREAM_CONVERT, stream_, buffers_).lparam2, there);
    EXPECT_EQ(driver_field(header_, there, "pbSrc"), source);
    EXPECT_EQ(driver_field(header_, there, "pbPreparedSrc"), source);
    EXPECT_EQ(driver_field(header_, there, "pbDst"), destination);
    EXPECT_EQ(driver_field(header_, there, "dwDriver"), 0x4321u);
    EXPECT_EQ(driver_field(header_, there, "cbSrcLength"), 5u);

    EXPECT_EQ(send(ACMDM_STREAM_UNPREPARE, stream_, buffers_).lparam2, there);
    EXPECT_EQ(world_.shared.taken(), held);
}

TEST_P(AcmConversation, keeps_a_header_that_the_acm_prepares_itself) {
    send(ACMDM_STREAM_OPEN, stream_, 0);
    const auto there = send(ACMDM_STREAM_PREPARE, stream_, buffers_, MMSYSERR_NOTSUPPORTED).lparam2;
    EXPECT_EQ(send(ACMDM_STREAM_CONVERT, stream_, buffers_).lparam2, there);
    EXPECT_TRUE(world_.shared.is_taken(there));
    send(ACMDM_STREAM_PREPARE, stream_, sample_of(ACMDM_STREAM_CONVERT, 1), MMSYSERR_NOMEM);
    send(ACMDM_STREAM_CLOSE, stream_, 0);
    EXPECT_EQ(world_.shared.taken(), 0u) << "its headers end with a stream";
}

TEST_P(AcmConversation, ends_with_a_close_that_the_driver_accepts) {
    send(ACMDM_STREAM_OPEN, stream_, 0);
    send(ACMDM_STREAM_PREPARE, stream_, buffers_);
    send(DRV_CLOSE, 0, 0, 0);
    EXPECT_NE(world_.shared.taken(), 0u);
    send(DRV_CLOSE, 0, 0, 1);
    EXPECT_EQ(world_.shared.taken(), 0u);
}

TEST_P(AcmConversation, gives_tokens_for_what_the_client_is_called_at) {
    set_client_field(instance_, stream_, "fdwOpen", CALLBACK_EVENT | ACM_STREAMOPENF_ASYNC);
    const auto there = send(ACMDM_STREAM_OPEN, stream_, 0).lparam1;
    const auto token = driver_field(instance_, there, "dwCallback");
    EXPECT_EQ(driver_field(instance_, there, "dwInstance"), token);
    EXPECT_EQ(driver_field(instance_, there, "has"), token);
    ASSERT_EQ(world_.callbacks.targets.count(token), 1u);
    const CallbackTarget& target = world_.callbacks.targets[token];
    EXPECT_EQ(target.type, std::uint32_t{CALLBACK_EVENT});
    EXPECT_EQ(target.callback, client_field(instance_, stream_, "dwCallback"));
    EXPECT_EQ(target.user, client_field(instance_, stream_, "dwInstance"));
    EXPECT_EQ(target.device, client_field(instance_, stream_, "has"));
}

TEST_P(AcmConversation, collects_what_an_asynchronous_conversion_changed) {
    const auto stream_there = send(ACMDM_STREAM_OPEN, stream_, 0).lparam1;
    send(ACMDM_STREAM_PREPARE, stream_, buffers_);
    const auto there = send(ACMDM_STREAM_CONVERT, stream_, buffers_).lparam2;

    const auto destination = driver_field(header_, there, "pbDst");
    std::ranges::fill(world_.shared.at(destination, 3), std::byte{0xD0});
    set_driver_field(header_, there, "cbDstLengthUsed", 3);
    const auto collected = conversation_.collect(there, world_.client);
    ASSERT_TRUE(collected) << collected.error().text();
    EXPECT_EQ(*collected, buffers_);
    EXPECT_EQ(client_field(header_, buffers_, "cbDstLengthUsed"), 3u);
    const auto got = world_.client_copy(client_field(header_, buffers_, "pbDst"), 3);
    EXPECT_THAT(got, testing::Each(std::byte{0xD0}));

    for (const auto other : {there + 16, stream_there}) {
        const auto nothing = conversation_.collect(other, world_.client);
        ASSERT_FALSE(nothing) << "it is no buffer";
        EXPECT_EQ(nothing.error().code, ErrorCode::not_found);
    }
}

TEST_P(AcmConversation, holds_no_more_than_it_may) {
    World world(GetParam(), std::size_t{1} << 20);
    auto conversation = world.conversation(Family::acm);
    const auto stream =
        make_sample(world, *find_declaration(Family::acm, ACMDM_STREAM_OPEN)).parameters[0].value;
    const auto sample = world.client_copy(stream, client_layout(instance_).size);
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < most_held; ++i) {
        last = world.allocate(sample);
        EXPECT_TRUE(world.begin(conversation, ACMDM_STREAM_OPEN, last, 0).finish(0));
    }
    const auto refused = conversation.begin(ACMDM_STREAM_OPEN, {stream, 0}, world.client);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::busy);

    EXPECT_TRUE(world.begin(conversation, ACMDM_STREAM_CLOSE, last, 0).finish(0));
    EXPECT_TRUE(world.begin(conversation, ACMDM_STREAM_OPEN, stream, 0).finish(0));
}

TEST_P(AcmConversation, never_believes_a_length_of_the_driver) {
    Call call = world_.begin(conversation_, ACMDM_STREAM_CONVERT, stream_, buffers_);
    const auto there = call.parameters().lparam2;
    set_driver_field(header_, there, "cbDstLengthUsed", 0xFFFFFFFF);
    set_driver_field(header_, there, "cbDstLength", 0xFFFFFFFF);
    set_driver_field(header_, there, "pbDst", 0xDEADBEEF);
    const std::size_t length = client_field(header_, buffers_, "cbDstLength");
    const std::uint64_t at = client_field(header_, buffers_, "pbDst");
    const auto behind = world_.client_copy(at + length, 16);
    EXPECT_TRUE(call.finish(0));
    EXPECT_EQ(world_.client_copy(at + length, 16), behind);
    EXPECT_EQ(client_field(header_, buffers_, "pbDst"), at);
    EXPECT_EQ(client_field(header_, buffers_, "cbDstLength"), length);
}

TEST_P(AcmConversation, translates_buffers_that_lie_in_the_shared_memory) {
    constexpr std::size_t offset = 32 * 1024;
    constexpr std::uint64_t lent = 0x12340000;
    world_.shared.lend(lent, offset, 4096);
    set_client_field(header_, buffers_, "pbSrc", lent + 16);
    set_client_field(header_, buffers_, "pbDst", lent + 1024);
    const auto first = world_.shared.all().data();
    Call call = world_.begin(conversation_, ACMDM_STREAM_CONVERT, stream_, buffers_);
    const auto there = call.parameters().lparam2;
    const auto source = driver_field(header_, there, "pbSrc");
    EXPECT_EQ(world_.shared.at(source, 1).data(), first + offset + 16);
    const auto destination = driver_field(header_, there, "pbDst");
    EXPECT_EQ(world_.shared.at(destination, 1).data(), first + offset + 1024);
    EXPECT_TRUE(call.finish(0)) << "nothing is copied to where no client memory is";
}

TEST_P(AcmConversation, passes_no_more_of_a_structure_than_the_client_has) {
    const Structure& details = structure_named(Family::acm, "ACMDRIVERDETAILSW");
    const Layout theirs = client_layout(details);
    const Layout ours = driver_layout(details);
    const std::uint64_t at = world_.allocate(theirs.size);
    // The short name is cut in its middle.
    set_client_field(details, at, "cbStruct", theirs.offsets[11] + 10u);
    const auto before = world_.client_copy(at, theirs.size);
    Call call = world_.begin(conversation_, ACMDM_DRIVER_DETAILS, at, 0);
    const auto there = call.parameters().lparam1;
    EXPECT_EQ(driver_field(details, there, "cbStruct"), ours.offsets[11] + 10u);
    std::ranges::fill(world_.shared.at(there, ours.size), std::byte{0xD0});
    EXPECT_TRUE(call.finish(0));
    const auto after = world_.client_copy(at, theirs.size);
    EXPECT_EQ(after[theirs.offsets[11] + 9], std::byte{0xD0});
    EXPECT_TRUE(std::equal(after.begin() + theirs.offsets[11] + 10, after.end(),
                           before.begin() + theirs.offsets[11] + 10));
    EXPECT_EQ(client_field(details, at, "cbStruct"), theirs.offsets[11] + 10u)
        << "a larger size is not believed";
}

INSTANTIATE_TEST_SUITE_P(Messages, AcmConversation, testing::ValuesIn(all_sides()),
                         [](const auto& one) { return name_of(one.param); });

TEST(AcmLayouts, of_the_driver_is_the_clients_where_the_client_can_tell) {
    const Structure& instance = structure_named(Family::acm, "ACMDRVSTREAMINSTANCE");
    for (const bool natural : {false, true}) {
        World world({});
        auto conversation = world.conversation(Family::acm);
        const Layout layout = layout_of(instance, 8, natural);
        const std::vector<std::byte> zeros(layout.size);
        const std::uint64_t at = world.allocate(zeros);
        const auto bytes = world.client_at(at, layout.size);
        world.set(bytes, instance, layout, "cbStruct", layout.size);
        world.set(bytes, instance, layout, "fdwOpen", ACM_STREAMOPENF_NONREALTIME);
        Call call = world.begin(conversation, ACMDM_STREAM_OPEN, at, 0);
        const auto there = world.shared.at(call.parameters().lparam1, layout.size);
        EXPECT_EQ(world.get(there, instance, layout, "cbStruct"), layout.size);
        EXPECT_EQ(world.get(there, instance, layout, "fdwOpen"),
                  std::uint64_t{ACM_STREAMOPENF_NONREALTIME});
    }
}

TEST(AcmLayouts, of_a_64_bit_driver_are_said_where_a_32_bit_client_cannot_tell) {
    const Structure& suggest = structure_named(Family::acm, "ACMDRVFORMATSUGGEST");
    for (const bool natural : {false, true}) {
        World world({.client_pointer = 4, .driver_pointer = 8, .natural_acm = natural});
        auto conversation = world.conversation(Family::acm);
        const auto sample =
            make_sample(world, *find_declaration(Family::acm, ACMDM_FORMAT_SUGGEST));
        Call call = world.begin(conversation, ACMDM_FORMAT_SUGGEST, sample.parameters[0].value, 0);
        const Layout layout = layout_of(suggest, 8, natural);
        const auto there = world.shared.at(call.parameters().lparam1, layout.size);
        EXPECT_EQ(world.get(there, suggest, layout, "cbStruct"), natural ? 40u : 32u);
        const auto format = world.get(there, suggest, layout, "pwfxDst");
        EXPECT_TRUE(world.shared.is_taken(format));
    }
}

// The declared layouts against a compiler's, in one message of this process.
TEST(AcmStructures, reach_the_driver_as_a_compiler_lays_them_out) {
    World world({});
    auto conversation = world.conversation(Family::acm);
    const ProcessMemory client;
    WAVEFORMATEX source{WAVE_FORMAT_PCM, 2, 44100, 176400, 4, 16, 0xFFFF};
    ACMFORMATDETAILSW details{};
    details.cbStruct = sizeof details;
    details.dwFormatTag = WAVE_FORMAT_PCM;
    details.pwfx = &source;
    details.cbwfx = 16;
    auto call = conversation.begin(
        ACMDM_FORMAT_DETAILS,
        {reinterpret_cast<std::uintptr_t>(&details), ACM_FORMATDETAILSF_FORMAT}, client);
    ASSERT_TRUE(call) << call.error().text();
    ACMFORMATDETAILSW got{};
    const auto there = world.shared.at(call->parameters().lparam1, sizeof got);
    std::memcpy(&got, there.data(), sizeof got);
    EXPECT_EQ(got.dwFormatTag, DWORD{WAVE_FORMAT_PCM});
    const auto format = world.shared.at(reinterpret_cast<std::uintptr_t>(got.pwfx), 16);
    EXPECT_EQ(std::memcmp(format.data(), &source, 16), 0);
    got.szFormat[0] = u'P';
    got.fdwSupport = ACMDRIVERDETAILS_SUPPORTF_CODEC;
    std::memcpy(there.data(), &got, sizeof got);
    ASSERT_TRUE(call->finish(0));
    EXPECT_EQ(details.szFormat[0], u'P');
    EXPECT_EQ(details.fdwSupport, DWORD{ACMDRIVERDETAILS_SUPPORTF_CODEC});
    EXPECT_EQ(details.pwfx, &source);
}

}  // namespace
}  // namespace instdrv::messages::test
