#include "channel/protocol.hpp"

#include <array>
#include <bit>
#include <memory>
#include <random>
#include <vector>

#include <gmock/gmock.h>

namespace instdrv::channel {
namespace {

class ProtocolTest : public testing::Test {
protected:
    std::unique_ptr<Message> message_ = std::make_unique<Message>();
};

TEST_F(ProtocolTest, CarriesWordsAndText) {
    const CallDriver call{.module = 1,
                          .driver_id = ~std::uint64_t{0},
                          .hdrvr = 3,
                          .message = 4,
                          .lparam1 = 5,
                          .lparam2 = 6};
    send(*message_, Turn::call, CallDriver::what, words_of(call), "some text");
    const auto received = receive(*message_);
    EXPECT_EQ(received.turn, Turn::call);
    EXPECT_EQ(received.what, What::call_driver);
    EXPECT_EQ(received.text, "some text");
    const auto again = value_of<CallDriver>(received.words);
    EXPECT_EQ(again.driver_id, ~std::uint64_t{0});
    EXPECT_EQ(again.lparam2, 6u);
}

TEST_F(ProtocolTest, CutsTextThatDoesNotFit) {
    send(*message_, Turn::call, What::load_module, {}, std::string(text_capacity * 2, 'x'));
    EXPECT_EQ(receive(*message_).text, std::string(text_capacity, 'x'));
}

TEST_F(ProtocolTest, BelievesNoLengthOfTheOtherSide) {
    message_->text_size = 0xFFFFFFFF;
    EXPECT_EQ(receive(*message_).text.size(), text_capacity);
}

TEST_F(ProtocolTest, CarriesErrors) {
    const Error error{.code = ErrorCode::missing_import,
                      .operation = "call",
                      .driver = "a.dll",
                      .cause = "nobody provides X.dll!Y",
                      .advice = "Put X.dll beside it",
                      .system_code = -5};
    send_error(*message_, Turn::answer, error);
    const auto received = receive(*message_);
    EXPECT_EQ(received.what, failed);
    const auto again = error_of(received);
    EXPECT_EQ(again.code, error.code);
    EXPECT_EQ(again.text(), error.text());
    EXPECT_EQ(again.system_code, -5);
}

TEST_F(ProtocolTest, KeepsEveryPartOfALongError) {
    send_error(*message_, Turn::answer,
               {.code = ErrorCode::io,
                .operation = std::string(9000, 'o'),
                .driver = std::string(9000, 'd'),
                .cause = std::string(9000, 'c'),
                .advice = std::string(9000, 'a')});
    const auto again = error_of(receive(*message_));
    EXPECT_EQ(again.advice.front(), 'a');
    EXPECT_EQ(again.cause.front(), 'c');
}

// Found by fuzzing.
TEST_F(ProtocolTest, GivesAnErrorWithoutWordsSome) {
    send_error(*message_, Turn::answer, Error{.code = ErrorCode::io});
    EXPECT_FALSE(error_of(receive(*message_)).cause.empty());
}

TEST_F(ProtocolTest, TakesAnErrorOfNonsenseForABrokenOne) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 10'000; ++round) {
        auto* const bytes = reinterpret_cast<std::uint64_t*>(message_.get());
        for (std::size_t i = 0; i < 32; ++i)
            bytes[i] = random();
        const auto error = error_of(receive(*message_));
        EXPECT_NE(error.code, ErrorCode::none);
        EXPECT_NE(name_of(error.code), "unknown");
    }
}

TEST(Texts, ComeApartAsTheyWerePutTogether) {
    const std::array<std::string_view, 3> parts{"", "two words", std::string_view("\0x", 2)};
    const auto packed = pack(parts);
    const auto again = unpack(packed, 3);
    ASSERT_TRUE(again);
    EXPECT_EQ((*again)[1], "two words");
    EXPECT_EQ((*again)[2], parts[2]);
    EXPECT_FALSE(unpack(packed, 2));
    EXPECT_FALSE(unpack(packed, 4));
    for (std::size_t size = 0; size < packed.size(); ++size) {
        EXPECT_FALSE(unpack(std::string_view(packed).substr(0, size), 3)) << size;
    }
}

constexpr std::array<std::uint64_t, 4> secrets{0, 1, 0x0123'4567'89AB'CDEF, ~std::uint64_t{0}};

TEST(CallbackTokens, NameTheirChannelAndFitTheDriversPointers) {
    for (const std::uint32_t channel : {0u, 1u, CallbackToken::most_channels - 1}) {
        for (const auto secret : secrets) {
            const auto small = CallbackToken::make(channel, secret, 4);
            EXPECT_EQ(CallbackToken::channel_of(small), channel);
            EXPECT_NE(small, 0u);
            EXPECT_LT(small, std::uint64_t{1} << 31);
            const auto large = CallbackToken::make(channel, secret, 8);
            EXPECT_EQ(CallbackToken::channel_of(large), channel);
            EXPECT_LT(large, std::uint64_t{1} << 63);
        }
    }
}

int bits_that_differ(unsigned pointer_size) {
    return std::popcount(CallbackToken::make(1, 0, pointer_size) ^
                         CallbackToken::make(1, ~std::uint64_t{0}, pointer_size));
}

TEST(CallbackTokens, AreAsSecretAsThereIsRoom) {
    EXPECT_EQ(bits_that_differ(8), 51);
    EXPECT_EQ(bits_that_differ(4), 20);
}

TEST(CallbackTokens, AreNoOtherNumbers) {
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::uint64_t{0x4C}, std::uint64_t{0x7F35'0CC0'DF20}, ~std::uint64_t{0},
          std::uint64_t{0xFFFF'FFFF'C0C0'0000}}) {
        EXPECT_EQ(CallbackToken::channel_of(number), 0u) << number;
    }
}

// Programs that were built against another version attach to the same channels. Whoever changes a
// request changes this line, and `version` with it.
TEST_F(ProtocolTest, HasAVersionForItsRequests) {
    const auto sizes_of = []<class... Call>() {
        return std::vector<std::size_t>{sizeof(Call)..., sizeof(typename Call::Answer)...};
    };
    EXPECT_EQ(version, 5U);
    EXPECT_THAT((sizes_of.operator()<LoadModule, CallDriver, MapMemory, OpenDriver, CloseDriver,
                                     SendMessage, DriverCallback, DirectCallback>()),
                testing::ElementsAre(40, 48, 16, 8, 24, 32, 48, 40, 48, 8, 8, 8, 8, 8, 8, 8));
}

}  // namespace
}  // namespace instdrv::channel
