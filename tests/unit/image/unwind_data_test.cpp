#include "image/pe/unwind_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

constexpr Rva info_rva = 0x1100;

TableWriter functions(std::initializer_list<RuntimeFunction> list) {
    TableWriter out(table_rva);
    for (const auto& function : list)
        out.put(function);
    return out.fill_to(info_rva);
}

// Appends a header of unwind information.
TableWriter& header(TableWriter& out, unsigned version, unsigned flags, std::uint8_t slots,
                    std::uint8_t frame = 0) {
    return out.put(static_cast<std::uint8_t>(version | flags << 3))
        .put<std::uint8_t>(20)
        .put(slots)
        .put(frame);
}

TableWriter& code(TableWriter& out, std::uint8_t offset, UnwindOperation operation, unsigned info) {
    return out.put(offset).put(
        static_cast<std::uint8_t>(static_cast<unsigned>(operation) | info << 4));
}

std::optional<UnwindInfo> parse(TableWriter& out) {
    const BuiltImage image(with_table(Directory::exceptions, out.fill_to(0x1400), 0));
    return parse_unwind_info(image.view, info_rva);
}

TEST(UnwindData, FindsTheFunctionOfAnAddress) {
    auto out = functions(
        {{0x1010, 0x1020, info_rva}, {0x1020, 0x1028, info_rva}, {0x1040, 0x1050, info_rva}});
    header(out, 1, 0, 0).fill_to(0x1400);
    const BuiltImage image(with_table(Directory::exceptions, out, 36));
    ASSERT_TRUE(validate_unwind_data(image.view));
    EXPECT_EQ(runtime_function_count(image.view), 3u);
    const auto begin_of = [&](Rva address) {
        const auto function = find_runtime_function(image.view, address);
        return function ? function->begin : 0;
    };
    EXPECT_EQ(begin_of(0x100F), 0u);
    EXPECT_EQ(begin_of(0x1010), 0x1010u);
    EXPECT_EQ(begin_of(0x101F), 0x1010u);
    EXPECT_EQ(begin_of(0x1020), 0x1020u);
    EXPECT_EQ(begin_of(0x1028), 0u);
    EXPECT_EQ(begin_of(0x1040), 0x1040u);
    EXPECT_EQ(begin_of(0x104F), 0x1040u);
    EXPECT_EQ(begin_of(0x1050), 0u);
    EXPECT_EQ(begin_of(0xFFFFFFFF), 0u);
}

TEST(UnwindData, RefusesTablesOutOfOrderOrPlace) {
    const auto cause_for = [](std::initializer_list<RuntimeFunction> list, std::uint32_t size) {
        auto out = functions(list);
        header(out, 1, 0, 0).fill_to(0x1400);
        return cause_of(
            validate_unwind_data(BuiltImage(with_table(Directory::exceptions, out, size)).view));
    };
    EXPECT_EQ(cause_for({{0x1010, 0x1020, info_rva}}, 12), "");
    EXPECT_THAT(cause_for({{0x1040, 0x1050, info_rva}, {0x1010, 0x1020, info_rva}}, 24),
                HasSubstr("function 1 is out of order"));
    EXPECT_EQ(cause_for({{0x1020, 0x1020, info_rva}, {0x1020, 0x1024, info_rva}}, 24), "");
    EXPECT_THAT(cause_for({{0x1010, 0x1020, info_rva}, {0x101F, 0x1024, info_rva}}, 24),
                HasSubstr("function 1"));
    EXPECT_THAT(cause_for({{0x1020, 0x101F, info_rva}}, 12), HasSubstr("function 0"));
    EXPECT_THAT(cause_for({{0x1020, 0x9000, info_rva}}, 12), HasSubstr("function 0"));
    EXPECT_THAT(cause_for({{0x1010, 0x1020, 0x9000}}, 12), HasSubstr("unwind information"));
    EXPECT_THAT(cause_for({{0x1010, 0x1020, info_rva}}, 0xFFFFFFFF), HasSubstr("outside"));
}

TEST(UnwindData, AThirtyTwoBitImageHasNone) {
    const BuiltImage image(with_table(Directory::exceptions, TableWriter(0x1000).fill_to(0x1100),
                                      0x1000000, Machine::x86));
    EXPECT_TRUE(validate_unwind_data(image.view));
    EXPECT_EQ(runtime_function_count(image.view), 0u);
}

TEST(UnwindInfo, ReadsEveryOperation) {
    auto out = functions({});
    header(out, 1, 0, 16, 0x25);  // frame register 5, offset 2 * 16
    code(out, 20, UnwindOperation::set_frame_register, 0);
    code(out, 18, UnwindOperation::save_nonvolatile, 3).put<std::uint16_t>(5);
    code(out, 16, UnwindOperation::save_nonvolatile_far, 4).put<std::uint32_t>(0x123458);
    code(out, 14, UnwindOperation::save_xmm128, 6).put<std::uint16_t>(2);
    code(out, 12, UnwindOperation::save_xmm128_far, 7).put<std::uint32_t>(0x20);
    code(out, 10, UnwindOperation::allocate_large, 0).put<std::uint16_t>(0x100);
    code(out, 5, UnwindOperation::allocate_small, 3);
    code(out, 1, UnwindOperation::push_nonvolatile, 12);
    code(out, 0, UnwindOperation::push_machine_frame, 1);
    const auto info = parse(out);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->prolog_size, 20u);
    EXPECT_EQ(info->frame_register, 5u);
    EXPECT_EQ(info->frame_offset, 32u);
    ASSERT_EQ(info->code_count, 9u);
    EXPECT_EQ(info->codes[1].operand, 40u);
    EXPECT_EQ(info->codes[1].info, 3u);
    EXPECT_EQ(info->codes[2].operand, 0x123458u);
    EXPECT_EQ(info->codes[3].operand, 32u);
    EXPECT_EQ(info->codes[4].operand, 0x20u);
    EXPECT_EQ(info->codes[5].operand, 0x800u);
    EXPECT_EQ(info->codes[6].operand, 32u);
    EXPECT_EQ(info->codes[7].info, 12u);
    EXPECT_EQ(info->codes[8].operation, UnwindOperation::push_machine_frame);
    EXPECT_EQ(info->handler, 0u);
    EXPECT_FALSE(info->chained);
}

TEST(UnwindInfo, ReadsTheHandlerBehindAnOddNumberOfSlots) {
    auto out = functions({});
    header(out, 1, 3, 1);
    code(out, 1, UnwindOperation::push_nonvolatile, 5).put<std::uint16_t>(0xFFFF).put<Rva>(0x1008);
    const auto info = parse(out);
    ASSERT_TRUE(info);
    EXPECT_TRUE(info->has_exception_handler);
    EXPECT_TRUE(info->has_termination_handler);
    EXPECT_EQ(info->handler, 0x1008u);
    EXPECT_EQ(info->handler_data, info_rva + 12);
}

TEST(UnwindInfo, ReadsWhatAFunctionGoesOnWith) {
    auto out = functions({});
    header(out, 1, 4, 0).put(RuntimeFunction{0x1000, 0x1010, 0x1200});
    const auto info = parse(out);
    ASSERT_TRUE(info && info->chained);
    EXPECT_EQ(info->chained->unwind_info, 0x1200u);
}

TEST(UnwindInfo, ACircleIsDamage) {
    auto out = functions({{0x1010, 0x1020, info_rva}});
    header(out, 1, 4, 0).put(RuntimeFunction{0x1000, 0x1010, info_rva}).fill_to(0x1400);
    const BuiltImage image(with_table(Directory::exceptions, out, 12));
    EXPECT_THAT(cause_of(validate_unwind_data(image.view)), HasSubstr("unwind information"));
}

TEST(UnwindInfo, VersionTwoHasEpilogs) {
    auto out = functions({});
    header(out, 2, 0, 3);
    code(out, 5, UnwindOperation::epilog, 1);
    code(out, 9, UnwindOperation::epilog, 0);
    code(out, 1, UnwindOperation::push_nonvolatile, 3);
    const auto info = parse(out);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->code_count, 3u);
}

TEST(UnwindInfo, RefusesUnknownVersionsAndOperations) {
    const auto is_refused = [](unsigned version, unsigned flags, std::uint8_t slots,
                               unsigned operation, unsigned info) {
        auto out = functions({});
        header(out, version, flags, slots);
        code(out, 1, static_cast<UnwindOperation>(operation), info);
        return !parse(out);
    };
    EXPECT_FALSE(is_refused(1, 0, 1, 0, 3));
    EXPECT_TRUE(is_refused(3, 0, 1, 0, 3));
    EXPECT_TRUE(is_refused(0, 0, 1, 0, 3));
    EXPECT_TRUE(is_refused(1, 0, 1, 6, 0));   // epilogs are of version 2
    EXPECT_TRUE(is_refused(1, 0, 1, 11, 0));  // no such operation
    EXPECT_TRUE(is_refused(1, 0, 1, 1, 0));   // operand behind the last slot
    EXPECT_TRUE(is_refused(1, 0, 3, 1, 2));   // no such form of a large allocation
    EXPECT_TRUE(is_refused(1, 5, 0, 0, 0));   // both chained and with a handler
}

}  // namespace
}  // namespace instdrv::pe::test
