// Pictures, what a video codec holds between messages, and the functions it calls.
#include <instdrv/vfw.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/declarations.hpp"
#include "sample.hpp"
#include "world.hpp"

namespace instdrv::messages::test {
namespace {

class VfwConversation : public testing::TestWithParam<Sides> {
protected:
    World world_{GetParam()};
    Conversation conversation_ = world_.conversation(Family::vfw);

    Sample sample_of(UINT message) {
        return make_sample(world_, *find_declaration(Family::vfw, message));
    }
    Parameters send(UINT message, const Parameters& parameters, std::int64_t answer = 0) {
        Call call = world_.begin(conversation_, message, parameters.lparam1, parameters.lparam2);
        const Parameters got = call.parameters();
        const Status done = call.finish(answer);
        EXPECT_TRUE(done) << done.error().text();
        return got;
    }
    std::uint64_t driver_field(std::string_view structure, std::uint64_t at,
                               std::string_view field) {
        const Structure& declared = structure_named(Family::vfw, structure);
        const Layout layout = layout_of(declared, GetParam().driver_pointer);
        return world_.get(world_.shared.at(at, layout.size), declared, layout, field);
    }
    void set_driver_field(std::string_view structure, std::uint64_t at, std::string_view field,
                          std::uint64_t value) {
        const Structure& declared = structure_named(Family::vfw, structure);
        const Layout layout = layout_of(declared, GetParam().driver_pointer);
        world_.set(world_.shared.at(at, layout.size), declared, layout, field, value);
    }
    std::uint64_t client_field(std::string_view structure, std::uint64_t at,
                               std::string_view field) {
        const Structure& declared = structure_named(Family::vfw, structure);
        const Layout layout = layout_of(declared, GetParam().client_pointer);
        return world_.get(world_.client_at(at, layout.size), declared, layout, field);
    }
    std::uint64_t picture(BITMAPINFOHEADER header, std::size_t behind = 0) {
        header.biSize = sizeof header;
        std::vector<std::byte> bytes(sizeof header + behind, std::byte{0x11});
        std::memcpy(bytes.data(), &header, sizeof header);
        return world_.allocate(bytes);
    }
};

TEST_P(VfwConversation, holds_formats_from_begin_to_end) {
    struct Pair {
        UINT begin;
        UINT end;
    };
    for (const auto& [begin, end] :
         {Pair{ICM_COMPRESS_BEGIN, ICM_COMPRESS_END},
          Pair{ICM_DECOMPRESS_BEGIN, ICM_DECOMPRESS_END},
          Pair{ICM_DECOMPRESSEX_BEGIN, ICM_DECOMPRESSEX_END}, Pair{ICM_DRAW_BEGIN, ICM_DRAW_END}}) {
        SCOPED_TRACE(describe(begin, Family::vfw));
        send(begin, sample_of(begin).values(), ICERR_BADFORMAT);
        EXPECT_EQ(world_.shared.taken(), 0u);
        const auto got = send(begin, sample_of(begin).values());
        EXPECT_TRUE(world_.shared.is_taken(got.lparam1));
        const auto held = world_.shared.taken();
        const auto again = send(begin, sample_of(begin).values());
        EXPECT_TRUE(world_.shared.is_taken(again.lparam1));
        EXPECT_EQ(world_.shared.taken(), held) << "the next begin replaces what the last one gave";
        send(end, {0, 0}, ICERR_ERROR);
        EXPECT_EQ(world_.shared.taken(), 0u);
    }
}

TEST_P(VfwConversation, gives_the_frame_before_to_a_decompressor) {
    const Sample sample = sample_of(ICM_DECOMPRESS);
    const std::uint64_t at = client_field("ICDECOMPRESS", sample.parameters[0].value, "lpOutput");
    std::ranges::fill(world_.client_at(at, sample_image_size), std::byte{0x5A});
    Call call = world_.begin(conversation_, ICM_DECOMPRESS, sample.values().lparam1,
                             sample.values().lparam2);
    const auto there = driver_field("ICDECOMPRESS", call.parameters().lparam1, "lpOutput");
    const auto output = world_.shared.at(there, sample_image_size);
    EXPECT_THAT(std::vector(output.begin(), output.end()), testing::Each(std::byte{0x5A}));
    output[7] = std::byte{1};
    EXPECT_TRUE(call.finish(0));
    EXPECT_EQ(world_.client_at(at, sample_image_size)[7], std::byte{1});
    EXPECT_EQ(world_.client_at(at, sample_image_size)[8], std::byte{0x5A});
}

TEST_P(VfwConversation, copies_as_much_of_a_compressed_frame_as_the_driver_says_it_has) {
    struct Expectation {
        std::uint32_t said;
        std::size_t copied;
    };
    for (const auto& [said, copied] : {Expectation{0, 0}, Expectation{10, 10}, Expectation{64, 64},
                                       Expectation{65, 64}, Expectation{0xFFFFFFFF, 64}}) {
        const Sample sample = sample_of(ICM_COMPRESS);
        const auto at = client_field("ICCOMPRESS", sample.parameters[0].value, "lpOutput");
        const auto before = world_.client_copy(at, sample_image_size + 16);
        Call call = world_.begin(conversation_, ICM_COMPRESS, sample.values().lparam1,
                                 sample.values().lparam2);
        const auto there = call.parameters().lparam1;
        std::ranges::fill(
            world_.shared.at(driver_field("ICCOMPRESS", there, "lpOutput"), sample_image_size),
            std::byte{0xD0});
        const auto format =
            world_.shared.at(driver_field("ICCOMPRESS", there, "lpbiOutput"), sample_format_size);
        std::memcpy(format.data() + 20, &said, sizeof said);
        EXPECT_TRUE(call.finish(0));
        const auto after = world_.client_copy(at, sample_image_size + 16);
        for (std::size_t i = 0; i < after.size(); ++i) {
            ASSERT_EQ(after[i], i < copied ? std::byte{0xD0} : before[i]) << said << " at " << i;
        }
    }
}

TEST_P(VfwConversation, writes_no_more_of_a_format_than_the_client_was_told_to_make_room_for) {
    const std::uint64_t input = picture({.biWidth = 8, .biHeight = 8, .biBitCount = 24});
    const std::uint64_t output = world_.allocate(2048);
    const auto answer_with_colours = [&] {
        Call call = world_.begin(conversation_, ICM_DECOMPRESS_GET_FORMAT, input, output);
        const auto there = world_.shared.at(call.parameters().lparam2, 1064);
        std::ranges::fill(there, std::byte{0xD0});
        BITMAPINFOHEADER format{.biSize = sizeof format, .biBitCount = 8};
        std::memcpy(there.data(), &format, sizeof format);
        EXPECT_TRUE(call.finish(0));
    };
    const auto before = world_.client_copy(output, 2048);
    answer_with_colours();
    auto after = world_.client_copy(output, 2048);
    EXPECT_EQ(load(after, 0, 4), 40u);
    EXPECT_TRUE(std::equal(after.begin() + 40, after.end(), before.begin() + 40))
        << "who did not ask has room for the header";

    send(ICM_DECOMPRESS_GET_FORMAT, {input, 0}, 1000);
    answer_with_colours();
    after = world_.client_copy(output, 2048);
    EXPECT_EQ(after[999], std::byte{0xD0});
    EXPECT_TRUE(std::equal(after.begin() + 1000, after.end(), before.begin() + 1000));

    send(ICM_DECOMPRESS_GET_FORMAT, {input, 0}, ICERR_BADFORMAT);
    send(ICM_DECOMPRESS_GET_FORMAT, {input, 0}, 5000);
    answer_with_colours();
    after = world_.client_copy(output, 2048);
    EXPECT_EQ(after[1063], std::byte{0xD0});
    EXPECT_EQ(after[1064], before[1064]) << "the format itself says how long it is";
}

TEST_P(VfwConversation, makes_room_for_compressed_frames) {
    const auto output = picture({.biWidth = 16, .biHeight = 16, .biCompression = 0x64697663});
    const auto input = picture({.biWidth = 16, .biHeight = 16, .biBitCount = 24});
    const Structure& declared = structure_named(Family::vfw, "ICCOMPRESS");
    const Layout layout = layout_of(declared, GetParam().client_pointer);
    const std::uint64_t data = world_.allocate(16 * 48);
    const std::uint64_t compressed = world_.allocate(16 * 48);
    const std::vector<std::byte> zeros(layout.size);
    const std::uint64_t at = world_.allocate(zeros);
    const auto structure = world_.client_at(at, layout.size);
    world_.set(structure, declared, layout, "lpbiOutput", output);
    world_.set(structure, declared, layout, "lpOutput", compressed);
    world_.set(structure, declared, layout, "lpbiInput", input);
    world_.set(structure, declared, layout, "lpInput", data);

    const auto compress = [&](std::uint32_t said) {
        const auto before = world_.client_copy(compressed, 16 * 48);
        Call call = world_.begin(conversation_, ICM_COMPRESS, at, layout.size);
        const auto there = call.parameters().lparam1;
        const auto format = world_.shared.at(driver_field("ICCOMPRESS", there, "lpbiOutput"), 40);
        std::memcpy(format.data() + 20, &said, sizeof said);
        const auto to = driver_field("ICCOMPRESS", there, "lpOutput");
        std::ranges::transform(before, world_.shared.at(to, before.size()).begin(),
                               [](std::byte byte) { return ~byte; });
        EXPECT_TRUE(call.finish(0));
        const auto after = world_.client_copy(compressed, 16 * 48);
        EXPECT_EQ(load(world_.client_copy(output, 40), 20, 4), said);
        std::size_t changed = 0;
        for (std::size_t i = 0; i < after.size(); ++i)
            changed += after[i] != before[i] ? 1 : 0;
        return changed;
    };
    EXPECT_EQ(compress(700), 700u) << "the picture's own size is enough";
    EXPECT_EQ(compress(100000), 700u) << "what biSizeImage says";
    send(ICM_COMPRESS_GET_SIZE, {input, output}, 300);
    EXPECT_EQ(compress(100000), 300u) << "what the driver answered";
    EXPECT_EQ(compress(20), 20u);
    EXPECT_EQ(compress(100000), 300u) << "whatever the frame before had";
}

TEST_P(VfwConversation, gives_thunks_for_functions) {
    const Sample status = sample_of(ICM_SET_STATUS_PROC);
    const auto there = send(ICM_SET_STATUS_PROC, status.values()).lparam1;
    const auto token = driver_field("ICSETSTATUSPROC", there, "lParam");
    ASSERT_EQ(world_.callbacks.functions.count(token), 1u);
    const Function& function = world_.callbacks.functions[token];
    EXPECT_EQ(function.kind, FunctionKind::icm_status);
    EXPECT_EQ(function.address,
              client_field("ICSETSTATUSPROC", status.parameters[0].value, "Status"));
    EXPECT_EQ(function.user, client_field("ICSETSTATUSPROC", status.parameters[0].value, "lParam"));

    const auto frames =
        send(ICM_COMPRESS_FRAMES_INFO, sample_of(ICM_COMPRESS_FRAMES_INFO).values()).lparam1;
    EXPECT_EQ(world_.callbacks.functions[driver_field("ICCOMPRESSFRAMES", frames, "lInput")].kind,
              FunctionKind::icm_get_data);
    EXPECT_EQ(world_.callbacks.functions[driver_field("ICCOMPRESSFRAMES", frames, "lOutput")].kind,
              FunctionKind::icm_put_data);
    EXPECT_EQ(world_.callbacks.functions.size(), 3u);

    send(ICM_SET_STATUS_PROC, sample_of(ICM_SET_STATUS_PROC).values());
    EXPECT_EQ(world_.callbacks.functions.count(token), 0u) << "the next one replaces it";
}

TEST_P(VfwConversation, refuses_a_structure_that_is_said_to_be_too_short) {
    const Sample sample = sample_of(ICM_DECOMPRESS);
    const auto call =
        conversation_.begin(ICM_DECOMPRESS, {sample.values().lparam1, 20}, world_.client);
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(call.error().text(), testing::HasSubstr("ICDECOMPRESS"));
}

TEST_P(VfwConversation, fills_as_much_of_the_information_as_was_asked_for) {
    const std::uint64_t at = world_.allocate(568);
    const auto before = world_.client_copy(at, 568);
    Call call = world_.begin(conversation_, ICM_GETINFO, at, 30);
    EXPECT_EQ(call.parameters().lparam2, 30u);
    std::ranges::fill(world_.shared.at(call.parameters().lparam1, 568), std::byte{0xD0});
    EXPECT_TRUE(call.finish(30));
    const auto after = world_.client_copy(at, 568);
    EXPECT_EQ(after[29], std::byte{0xD0});
    EXPECT_TRUE(std::equal(after.begin() + 30, after.end(), before.begin() + 30));
}

TEST_P(VfwConversation, refuses_an_error_code_that_does_not_fit_the_client) {
    const Declaration& opening = table_of(Family::vfw).opening;
    const Sample sample = make_sample(world_, opening);
    const auto run = [&](std::uint64_t error) {
        auto call = conversation_.begin(DRV_OPEN, sample.values(), world_.client);
        EXPECT_TRUE(call);
        set_driver_field("ICOPEN", call->parameters().lparam2, "dwError", error);
        return call->finish(0);
    };
    const std::uint64_t bad_format = static_cast<std::uint64_t>(-2);
    EXPECT_TRUE(run(bad_format));
    const auto got = client_field("ICOPEN", sample.parameters[1].value, "dwError");
    EXPECT_EQ(narrow(got, 4), narrow(bad_format, 4));
    if (GetParam().driver_pointer == 8) {
        EXPECT_EQ(run(0x1'0000'0000).has_value(), GetParam().client_pointer == 8);
    }
}

INSTANTIATE_TEST_SUITE_P(Messages, VfwConversation, testing::ValuesIn(all_sides()),
                         [](const auto& one) { return name_of(one.param); });

}  // namespace
}  // namespace instdrv::messages::test
