// The parser program. instdrv and programs that use it start it; nobody else does. Descriptor 3 is
// the control socket (protocol.hpp).
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "channel/control.hpp"
#include "codec/byte_source.hpp"
#include "codec/wav_header.hpp"
#include "image/probe.hpp"
#include "parser/describe.hpp"
#include "parser/protocol.hpp"
#include "sandbox/confine.hpp"

namespace {

using namespace instdrv;

constexpr int control_descriptor = 3;

// Without whatever a library has to do at the end: it is nothing that matters.
[[noreturn]] void leave(int status) { ::_exit(status); }

// The caller has gone, or has broken off.
void send(std::span<const std::byte> packet) {
    const auto sent = ::write(control_descriptor, packet.data(), packet.size());
    if (sent != static_cast<ssize_t>(packet.size())) leave(1);
}

void confine() {
    std::vector<std::byte> plan(parser::largest_plan);
    const auto size = ::read(control_descriptor, plan.data(), plan.size());
    if (size <= 0) leave(1);
    const std::array kept{STDOUT_FILENO, STDERR_FILENO, control_descriptor};
    const auto report =
        sandbox::confine(std::span(plan).first(static_cast<std::size_t>(size)), kept);
    send(std::as_bytes(std::span(&report, 1)));
    if (report.confined == 0) leave(1);
}

// A file's bytes. Mapped, so that of a large one only what is looked at is read.
class MappedFile {
public:
    explicit MappedFile(const Fd& file) {
        const off_t end = ::lseek(file.get(), 0, SEEK_END);
        if (end <= 0) return;
        size_ = static_cast<std::size_t>(end);
        memory_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
        if (memory_ == MAP_FAILED) throw std::bad_alloc();
    }
    ~MappedFile() {
        if (size_ > 0) ::munmap(memory_, size_);
    }
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    [[nodiscard]] image::Bytes bytes() const noexcept {
        return {static_cast<const std::byte*>(memory_), size_};
    }

private:
    void* memory_ = nullptr;
    std::size_t size_ = 0;
};

Result<codec::WavHeader> read_wav(Fd file, bool is_file) {
    return codec::ByteSource::exact(std::move(file), is_file).and_then([](auto source) {
        return codec::read_wav_header(source);
    });
}

std::vector<std::byte> answer_to(parser::Question question, Fd file) {
    switch (question) {
        case parser::Question::kind: return parser::encode(image::probe(MappedFile(file).bytes()));
        case parser::Question::driver:
            return encode(parser::describe_driver(MappedFile(file).bytes()));
        case parser::Question::wav_file: return parser::encode(read_wav(std::move(file), true));
        case parser::Question::wav_pipe: return parser::encode(read_wav(std::move(file), false));
    }
    leave(1);
}

void send_answer(std::span<const std::byte> answer) {
    const std::uint64_t size = answer.size();
    send(std::as_bytes(std::span(&size, 1)));
    while (!answer.empty()) {
        const auto piece = answer.first(std::min(answer.size(), parser::largest_piece));
        send(piece);
        answer = answer.subspan(piece.size());
    }
}

void serve() {
    const Fd control(control_descriptor);
    for (;;) {
        parser::Question question{};
        if (::read(control.get(), &question, sizeof question) != sizeof question) leave(0);
        auto file = channel::receive_descriptor(control);
        if (!file) leave(1);
        send_answer(answer_to(question, *std::move(file)));
    }
}

}  // namespace

int main(int count, char**) {
    if (count != 2) {
        std::fprintf(stderr, "instdrv-parser is started by instdrv and by programs that use it.\n");
        return 2;
    }
    try {
        confine();
        serve();
    } catch (const std::bad_alloc&) {
        leave(parser::out_of_memory_status);
    }
}
