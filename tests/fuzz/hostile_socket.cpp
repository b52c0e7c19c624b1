#include "hostile_socket.hpp"

#include <array>
#include <vector>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace instdrv::fuzz {
namespace {

// As many as the kernel takes in a message (SCM_MAX_FD).
constexpr std::size_t most_descriptors = 253;

Fd memory_of(std::size_t size) {
    Fd memory(::memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    return ::ftruncate(memory.get(), static_cast<off_t>(size)) == 0 ? std::move(memory) : Fd();
}

// Of a kind that a channel may have, or of another.
Fd descriptor_of(std::size_t kind) {
    switch (kind) {
        case 0: return memory_of(4096);
        case 1: return memory_of(std::size_t{1} << 20);
        case 2: return Fd(::eventfd(0, EFD_CLOEXEC));
        case 3: return Fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
        case 4: return Fd(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        default: return Fd(::open("/dev/null", O_RDWR | O_CLOEXEC));
    }
}
constexpr std::size_t kinds_of_descriptors = 6;

constexpr std::array<std::size_t, 6> counts_of_descriptors{0, 0, 1, 2, 3, most_descriptors};

}  // namespace

void HostileSocket::act(Script& script) {
    enum Act { notice, noise, many, listen, leave, count };
    if (!end_) return;
    switch (script.choice(count)) {
        case notice: return send(script.take(sizeof(channel::Notice)), script);
        case noise: return send(script.take(script.number(1)), script);
        case many: return flood(script);
        case listen: return read();
        default: hang_up();
    }
}

void HostileSocket::tell(channel::Notice::Kind kind, std::uint32_t subject) {
    if (end_) channel::try_to_send_notice(end_, {kind, subject});
}

void HostileSocket::send(std::span<const std::uint8_t> bytes, Script& script) {
    std::array<std::uint8_t, 256> copy{};
    std::ranges::copy(bytes, copy.begin());
    iovec part{copy.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    const Fd one = descriptor_of(script.choice(kinds_of_descriptors));
    const std::vector<int> numbers(counts_of_descriptors.at(script.choice(6)), one.get());
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> beside{};
    if (!numbers.empty()) {
        const auto size = numbers.size() * sizeof(int);
        message.msg_control = beside.data();
        message.msg_controllen = CMSG_SPACE(size);
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(size);
        std::memcpy(CMSG_DATA(header), numbers.data(), size);
    }
    ::sendmsg(end_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

// Until the socket takes no more.
void HostileSocket::flood(Script& script) {
    const channel::Notice notice{static_cast<channel::Notice::Kind>(script.number(1)),
                                 static_cast<std::uint32_t>(script.number(1))};
    constexpr int more_than_fit = 400;
    for (int i = 0; i < more_than_fit; ++i) {
        if (channel::try_to_send_notice(end_, notice) != channel::Sent::yes) return;
    }
}

void HostileSocket::read() {
    std::array<char, 64> bytes{};
    static_cast<void>(::recv(end_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT));
}

}  // namespace instdrv::fuzz
