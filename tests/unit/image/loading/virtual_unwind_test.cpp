// Unwind information of every kind, over a stack made by hand.
#include "image/pe/virtual_unwind_x86_64.hpp"

#include <cstring>
#include <initializer_list>
#include <map>

#include <gtest/gtest.h>

#include "../image_builder.hpp"

namespace instdrv::pe {
namespace {

using test::BuiltImage;
using test::TableWriter;

constexpr std::uint64_t image_base = 0x10000000;
constexpr Rva info_rva = 0x1100;
constexpr Rva primary_info_rva = 0x1180;
constexpr Rva function_rva = 0x1200;
constexpr Rva function_end = 0x1280;
constexpr Rva primary_rva = 0x1300;
constexpr Rva handler_rva = 0x1380;
constexpr std::uint64_t stack = 0x7000;

class Stack final : public MemoryReader {
public:
    std::map<std::uint64_t, std::uint64_t> words;

    [[nodiscard]] bool read(std::uint64_t address,
                            std::span<std::byte> out) const noexcept override {
        for (std::size_t done = 0; done < out.size(); done += 8) {
            const auto word = words.find(address + done);
            if (word == words.end()) return false;
            std::memcpy(out.data() + done, &word->second, 8);
        }
        return true;
    }
};

std::uint16_t slot(std::uint8_t offset, UnwindOperation operation, unsigned info) {
    return static_cast<std::uint16_t>(offset | static_cast<unsigned>(operation) << 8 | info << 12);
}

struct Info {
    std::uint8_t prolog_size = 16;
    unsigned flags = 0;
    std::uint8_t frame = 0;  // register, and offset / 16 in the upper half
    std::vector<std::uint16_t> slots;
    Rva tail = 0;  // a handler
    bool chained = false;
};

void put(TableWriter& out, const Info& info) {
    out.put(static_cast<std::uint8_t>(1 | info.flags << 3)).put(info.prolog_size);
    out.put(static_cast<std::uint8_t>(info.slots.size())).put(info.frame);
    for (const auto word : info.slots)
        out.put(word);
    out.align(4);
    if (info.chained) out.put(RuntimeFunction{primary_rva, primary_rva + 64, primary_info_rva});
    if (info.tail != 0) out.put(info.tail);
}

class VirtualUnwind : public testing::Test {
protected:
    VirtualUnwind() {
        context.rip = image_base + function_rva + 0x40;
        context[Register::rsp] = stack;
        for (const auto which : {Register::rbx, Register::rbp, Register::rsi, Register::rdi})
            context[which] = 0x1111;
    }

    // Unwinds one frame at `offset` into a function with this code at that place.
    std::optional<UnwoundFrame> unwind(const Info& info, std::uint32_t offset,
                                       std::initializer_list<int> code = {0x90, 0x90},
                                       const Info& primary = {}) {
        TableWriter out(test::table_rva);
        out.put(RuntimeFunction{function_rva, function_end, info_rva});
        out.put(RuntimeFunction{primary_rva, primary_rva + 64, primary_info_rva});
        out.fill_to(info_rva);
        put(out, info);
        out.fill_to(primary_info_rva);
        put(out, primary);
        out.fill_to(function_rva + offset);
        for (const int byte : code)
            out.put(static_cast<std::uint8_t>(byte));
        out.fill_to(0x1400);
        const BuiltImage image(test::with_table(Directory::exceptions, out, 24));
        EXPECT_TRUE(validate_unwind_data(image.view));
        const auto function = find_runtime_function(image.view, function_rva);
        return virtual_unwind(image.view, *function, image_base + function_rva + offset, wanted,
                              memory, context);
    }

    Context context;
    Stack memory;
    HandlerKind wanted = HandlerKind::exception;
};

// push rbp; push rbx; sub rsp, 0x28
const Info two_pushes{.prolog_size = 6,
                      .slots = {slot(6, UnwindOperation::allocate_small, 4),
                                slot(2, UnwindOperation::push_nonvolatile, 3),
                                slot(1, UnwindOperation::push_nonvolatile, 5)}};

TEST_F(VirtualUnwind, UndoesPushesAndAllocation) {
    memory.words = {{stack + 0x28, 33}, {stack + 0x30, 55}, {stack + 0x38, 0xABCD}};
    const auto frame = unwind(two_pushes, 0x20);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->establisher, stack);
    EXPECT_EQ(frame->handler, 0u);
    EXPECT_EQ(context[Register::rbx], 33u);
    EXPECT_EQ(context[Register::rbp], 55u);
    EXPECT_EQ(context.rip, 0xABCDu);
    EXPECT_EQ(context[Register::rsp], stack + 0x40);
}

TEST_F(VirtualUnwind, UndoesAsMuchOfTheProlog) {
    memory.words = {{stack, 0xABCD}};
    ASSERT_TRUE(unwind(two_pushes, 0));
    EXPECT_EQ(context.rip, 0xABCDu);
    EXPECT_EQ(context[Register::rsp], stack + 8);

    context[Register::rsp] = stack;
    memory.words = {{stack, 33}, {stack + 8, 55}, {stack + 16, 0xEF01}};
    ASSERT_TRUE(unwind(two_pushes, 2));
    EXPECT_EQ(context[Register::rbx], 33u);
    EXPECT_EQ(context[Register::rbp], 55u);
    EXPECT_EQ(context.rip, 0xEF01u);
}

TEST_F(VirtualUnwind, RunsTheRestOfAnEpilog) {
    memory.words = {{stack + 0x28, 33}, {stack + 0x30, 55}, {stack + 0x38, 0xABCD}};
    // add rsp, 0x28; pop rbx; pop rbp; ret
    ASSERT_TRUE(unwind(two_pushes, 0x20, {0x48, 0x83, 0xC4, 0x28, 0x5B, 0x5D, 0xC3}));
    EXPECT_EQ(context.rip, 0xABCDu);

    context[Register::rsp] = stack;
    memory.words = {{stack, 77}, {stack + 8, 0xEF01}};
    ASSERT_TRUE(unwind(two_pushes, 0x20, {0x5D, 0xC3}));  // pop rbp; ret
    EXPECT_EQ(context[Register::rbp], 77u);
    EXPECT_EQ(context.rip, 0xEF01u);

    context[Register::rsp] = stack;
    memory.words = {{stack, 0x1234}};
    ASSERT_TRUE(unwind(two_pushes, 0x20, {0xF3, 0xC3}));  // rep ret
    EXPECT_EQ(context.rip, 0x1234u);
}

TEST_F(VirtualUnwind, TellsTailCallsFromJumpsWithinAFunction) {
    memory.words = {
        {stack, 0x1234}, {stack + 0x28, 33}, {stack + 0x30, 55}, {stack + 0x38, 0xABCD}};
    const auto after_jump_to = [&](Rva target) {
        context[Register::rsp] = stack;
        const auto distance = static_cast<int>(target) - static_cast<int>(function_rva + 0x20 + 5);
        EXPECT_TRUE(unwind(two_pushes, 0x20,
                           {0xE9, distance & 0xFF, distance >> 8 & 0xFF, distance >> 16 & 0xFF,
                            distance >> 24 & 0xFF}));
        return context.rip;
    };
    EXPECT_EQ(after_jump_to(primary_rva), 0x1234u);         // another function
    EXPECT_EQ(after_jump_to(handler_rva), 0x1234u);         // a leaf function
    EXPECT_EQ(after_jump_to(function_rva), 0x1234u);        // itself, once more
    EXPECT_EQ(after_jump_to(function_rva + 8), 0xABCDu);    // within itself
    EXPECT_EQ(after_jump_to(primary_rva + 0x10), 0xABCDu);  // from its cold part to its hot one
    context[Register::rsp] = stack;
    ASSERT_TRUE(unwind(two_pushes, 0x20, {0xFF, 0x25, 0, 0, 0, 0}));  // through an import slot
    EXPECT_EQ(context.rip, 0x1234u);
}

// push rbp; sub rsp, 0x100; lea rbp, [rsp + 0x80]; mov [rsp + 0xF0], rsi; movaps [rsp + 0x90], xmm6
const Info frame_pointer{.prolog_size = 30,
                         .frame = 0x85,
                         .slots = {slot(30, UnwindOperation::save_xmm128, 6), 9,
                                   slot(24, UnwindOperation::save_nonvolatile, 6), 0xF0 / 8,
                                   slot(16, UnwindOperation::set_frame_register, 0),
                                   slot(8, UnwindOperation::allocate_large, 0), 0x100 / 8,
                                   slot(1, UnwindOperation::push_nonvolatile, 5)}};

TEST_F(VirtualUnwind, FollowsTheFrameRegister) {
    context[Register::rbp] = stack + 0x80;
    context[Register::rsp] = stack - 0x500;  // alloca
    memory.words = {{stack + 0x90, 61},
                    {stack + 0x98, 62},
                    {stack + 0xF0, 66},
                    {stack + 0x100, 55},
                    {stack + 0x108, 0xABCD}};
    const auto frame = unwind(frame_pointer, 0x40);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->establisher, stack);
    EXPECT_EQ(context[Register::rsi], 66u);
    EXPECT_EQ(context[Register::rbp], 55u);
    EXPECT_EQ(context.floating.xmm[6].low, 61u);
    EXPECT_EQ(context.floating.xmm[6].high, 62u);
    EXPECT_EQ(context.rip, 0xABCDu);
    EXPECT_EQ(context[Register::rsp], stack + 0x110);
}

TEST_F(VirtualUnwind, DoesNotFollowAFrameRegisterThatIsNotSetYet) {
    context[Register::rbp] = 0xDEAD;
    memory.words = {{stack + 0x100, 55}, {stack + 0x108, 0xABCD}};
    ASSERT_TRUE(unwind(frame_pointer, 8));
    EXPECT_EQ(context[Register::rbp], 55u);
    EXPECT_EQ(context.rip, 0xABCDu);
}

TEST_F(VirtualUnwind, RunsAnEpilogThatStartsFromTheFrameRegister) {
    context[Register::rbp] = stack + 0x80;
    context[Register::rsp] = stack - 0x500;
    memory.words = {{stack + 0x100, 55}, {stack + 0x108, 0xABCD}};
    // lea rsp, [rbp + 0x80]; pop rbp; ret
    ASSERT_TRUE(unwind(frame_pointer, 0x40, {0x48, 0x8D, 0xA5, 0x80, 0, 0, 0, 0x5D, 0xC3}));
    EXPECT_EQ(context[Register::rbp], 55u);
    EXPECT_EQ(context.rip, 0xABCDu);
    EXPECT_EQ(context[Register::rsi], 0x1111u);
}

TEST_F(VirtualUnwind, UndoesFarSavesAndHugeAllocations) {
    const Info info{.prolog_size = 30,
                    .slots = {slot(30, UnwindOperation::save_xmm128_far, 15), 0x20, 1,
                              slot(20, UnwindOperation::save_nonvolatile_far, 12), 0x30, 1,
                              slot(10, UnwindOperation::allocate_large, 1), 0x40, 2}};
    memory.words = {{stack + 0x10020, 1},
                    {stack + 0x10028, 2},
                    {stack + 0x10030, 12},
                    {stack + 0x20040, 0xABCD}};
    ASSERT_TRUE(unwind(info, 0x40));
    EXPECT_EQ(context.floating.xmm[15].high, 2u);
    EXPECT_EQ(context[Register::r12], 12u);
    EXPECT_EQ(context.rip, 0xABCDu);
}

TEST_F(VirtualUnwind, LeavesMachineFrames) {
    for (const unsigned error_code : {0u, 1u}) {
        const Info info{.prolog_size = 0,
                        .slots = {slot(0, UnwindOperation::allocate_small, 0),
                                  slot(0, UnwindOperation::push_machine_frame, error_code)}};
        const std::uint64_t frame = stack + 8 + error_code * 8;
        context[Register::rsp] = stack;
        memory.words = {{frame, 0xABCD}, {frame + 24, 0x9000}};
        ASSERT_TRUE(unwind(info, 0x20));
        EXPECT_EQ(context.rip, 0xABCDu);
        EXPECT_EQ(context[Register::rsp], 0x9000u);
    }
}

TEST_F(VirtualUnwind, FollowsChains) {
    const Info part{.prolog_size = 4,
                    .flags = 4,
                    .slots = {slot(4, UnwindOperation::save_nonvolatile, 7), 1},
                    .chained = true};
    Info primary = two_pushes;
    primary.flags = 1;
    primary.tail = handler_rva;
    memory.words = {
        {stack + 8, 77}, {stack + 0x28, 33}, {stack + 0x30, 55}, {stack + 0x38, 0xABCD}};
    const auto frame = unwind(part, 0x20, {0x90}, primary);
    ASSERT_TRUE(frame);
    EXPECT_EQ(context[Register::rdi], 77u);
    EXPECT_EQ(context[Register::rbx], 33u);
    EXPECT_EQ(context.rip, 0xABCDu);
    EXPECT_EQ(frame->handler, image_base + handler_rva);

    context[Register::rsp] = stack;
    context[Register::rdi] = 0x1111;
    ASSERT_TRUE(
        unwind(part, 0, {0x90}, primary));  // the part's own prolog has not run, the other has
    EXPECT_EQ(context[Register::rdi], 0x1111u);
    EXPECT_EQ(context.rip, 0xABCDu);
}

TEST_F(VirtualUnwind, NamesTheHandlerThatIsAskedFor) {
    Info info = two_pushes;
    info.flags = 1;
    info.tail = handler_rva;
    memory.words = {{stack, 0x1234},
                    {stack + 8, 1},
                    {stack + 0x28, 33},
                    {stack + 0x30, 55},
                    {stack + 0x38, 0xABCD}};
    const auto handler_at = [&](std::uint32_t offset, std::initializer_list<int> code) {
        context[Register::rsp] = stack;
        const auto frame = unwind(info, offset, code);
        return frame ? frame->handler : 1;
    };
    EXPECT_EQ(handler_at(0x20, {0x90}), image_base + handler_rva);
    EXPECT_EQ(handler_at(0, {0x90}), 0u);     // in the prolog
    EXPECT_EQ(handler_at(0x20, {0xC3}), 0u);  // in an epilog
    wanted = HandlerKind::termination;
    EXPECT_EQ(handler_at(0x20, {0x90}), 0u);
    info.flags = 2;
    EXPECT_EQ(handler_at(0x20, {0x90}), image_base + handler_rva);
    context[Register::rsp] = stack;
    EXPECT_EQ(unwind(info, 0x20)->handler_data, image_base + info_rva + 4 + 8 + 4);
}

TEST_F(VirtualUnwind, ChangesNothingWhenTheStackIsUnreadable) {
    memory.words = {{stack + 0x28, 33}};
    EXPECT_FALSE(unwind(two_pushes, 0x20));
    EXPECT_EQ(context[Register::rbx], 0x1111u);
    EXPECT_EQ(context[Register::rsp], stack);
    EXPECT_EQ(context.rip, image_base + function_rva + 0x40);
}

TEST_F(VirtualUnwind, LeavesLeafFunctions) {
    EXPECT_FALSE(unwind_leaf(memory, context));
    memory.words = {{stack, 0xABCD}};
    EXPECT_TRUE(unwind_leaf(memory, context));
    EXPECT_EQ(context.rip, 0xABCDu);
    EXPECT_EQ(context[Register::rsp], stack + 8);
}

}  // namespace
}  // namespace instdrv::pe
