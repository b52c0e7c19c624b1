// Writes what a fuzz target starts from: for pe_stages images of ours that have every table there
// is, for hostile_client what programs do.
//     write_seeds TARGET FOLDER
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "channel/protocol.hpp"
#include "hostile_program.hpp"
#include "rich_image.hpp"

namespace {

using namespace instdrv;

bool write(const std::string& file, const void* bytes, std::size_t size) {
    std::ofstream out(file, std::ios::binary);
    out.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
    return static_cast<bool>(out.flush());
}

bool write_images(const std::string& folder) {
    for (const auto& [name, machine] :
         {std::pair("amd64", pe::Machine::x86_64), std::pair("i386", pe::Machine::x86)}) {
        const auto image = pe::test::build(pe::test::rich_image(machine));
        if (!write(folder + "/rich_" + name, image.data(), image.size())) return false;
    }
    return true;
}

// A script of HostileProgram's.
class Program {
public:
    using Move = fuzz::HostileProgram::Move;
    // How it reads a word.
    enum Word : std::uint8_t { zero, own, others, byte, message, first_message, token };

    Program& move(Move move, std::initializer_list<std::uint8_t> rest) {
        bytes_.push_back(static_cast<std::uint8_t>(move));
        bytes_.insert(bytes_.end(), rest);
        return *this;
    }
    Program& open() { return move(Move::open_a_lane, {lane}); }
    Program& listen() { return move(Move::listen, {lane}); }
    Program& call(channel::What what, std::initializer_list<std::uint8_t> words) {
        move(Move::call, {lane, static_cast<std::uint8_t>(what)});
        bytes_.insert(bytes_.end(), words);
        return *this;
    }
    Program& send(Word instance, std::uint8_t number, std::initializer_list<std::uint8_t> rest) {
        call(channel::What::call_driver, {zero, zero, instance, message, number});
        bytes_.insert(bytes_.end(), rest);
        return *this;
    }
    [[nodiscard]] bool write_to(const std::string& file) const {
        return write(file, bytes_.data(), bytes_.size());
    }

private:
    static constexpr std::uint8_t lane = 0;
    std::vector<std::uint8_t> bytes_;
};

bool write_programs(const std::string& folder) {
    using Move = Program::Move;
    using enum Program::Word;
    const auto begin = [] {
        return Program().open().call(channel::What::start, {zero, zero, zero, zero, zero, zero});
    };
    const auto loads =
        begin().listen().call(channel::What::load_module, {zero, zero, zero}).listen();
    const auto calls = begin().listen().send(own, 0, {byte, 7, byte, 9}).listen();
    const auto intrudes = begin().listen().send(others, 0, {zero, zero}).listen();
    const auto is_called = begin()
                               .listen()
                               .send(own, 1, {token, 0, 1, 2, 3, zero})
                               .listen()
                               .move(Move::reply, {0, 4, byte, 1})
                               .listen();
    const auto never_replies = begin().listen().send(own, 1, {token, 0, 1, 2, 3, zero});
    const auto guesses = begin().listen().send(own, 1, {token, 1, 1, 2, 3, zero}).listen();
    const auto nests = begin().listen().move(Move::nest, {0, 0xFF});
    const auto maps = begin().listen().move(Move::map_more, {0, 0, 1, 16, 0}).listen();
    const auto leaves = begin().move(Move::leave_the_session, {}).send(own, 0, {zero, zero});
    return loads.write_to(folder + "/loads") && calls.write_to(folder + "/calls") &&
           intrudes.write_to(folder + "/intrudes") && is_called.write_to(folder + "/is_called") &&
           never_replies.write_to(folder + "/never_replies") &&
           guesses.write_to(folder + "/guesses") && nests.write_to(folder + "/nests") &&
           maps.write_to(folder + "/maps") && leaves.write_to(folder + "/leaves");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const std::string_view target = argv[1];
    if (target == "pe_stages") return write_images(argv[2]) ? 0 : 1;
    if (target == "hostile_client") return write_programs(argv[2]) ? 0 : 1;
    return 2;
}
