#include "channel/control.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/uio.h>

namespace instdrv::channel {
namespace {

// The descriptors in a message, put there or taken out.
class Attached {
public:
    Attached(msghdr& message, std::span<const int> descriptors) noexcept {
        if (descriptors.empty()) return;
        message.msg_control = buffer_.data();
        message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
    }
    // Room for as many as a notice has.
    explicit Attached(msghdr& message) noexcept {
        message.msg_control = buffer_.data();
        message.msg_controllen = buffer_.size();
    }

    static void take(msghdr& message, std::span<Fd> out) noexcept {
        const cmsghdr* const header = CMSG_FIRSTHDR(&message);
        if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(header) + i * sizeof number, sizeof number);
            Fd descriptor(number);
            if (i < out.size()) out[i] = std::move(descriptor);
        }
    }

private:
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> buffer_{};
};

// A message of one byte with room for one descriptor beside it.
struct Envelope {
    char byte = 'r';
    iovec part{&byte, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> buffer{};
    msghdr message{};

    Envelope() {
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = buffer.data();
        message.msg_controllen = buffer.size();
    }
};

template <class Call>
ssize_t uninterrupted(const Call& call) {
    ssize_t result = 0;
    do {
        result = call();
    } while (result < 0 && errno == EINTR);
    return result;
}

// With sendmsg and recvmsg, the calls that a confined worker may make on a socket.
bool send(const Fd& socket, const Notice& notice, std::span<const int> descriptors,
          int flags) noexcept {
    Notice copy = notice;
    iovec part{&copy, sizeof copy};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    const Attached attached(message, descriptors);
    const int all_flags = flags | MSG_NOSIGNAL;
    return uninterrupted([&] { return ::sendmsg(socket.get(), &message, all_flags); }) ==
           static_cast<ssize_t>(sizeof notice);
}

}  // namespace

bool send_notice(const Fd& socket, const Notice& notice,
                 std::span<const int> descriptors) noexcept {
    return send(socket, notice, descriptors, 0);
}

Sent try_to_send_notice(const Fd& socket, const Notice& notice,
                        std::span<const int> descriptors) noexcept {
    if (send(socket, notice, descriptors, MSG_DONTWAIT)) return Sent::yes;
    const bool later = errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
    return later ? Sent::no_room : Sent::gone;
}

std::optional<Notice> receive_notice(const Fd& socket, std::span<Fd> descriptors) noexcept {
    Notice notice{};
    iovec part{&notice, sizeof notice};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    std::optional<Attached> attached;
    if (!descriptors.empty()) attached.emplace(message);
    const ssize_t size =
        uninterrupted([&] { return ::recvmsg(socket.get(), &message, MSG_CMSG_CLOEXEC); });
    if (size > 0 && attached) Attached::take(message, descriptors);
    if (size != static_cast<ssize_t>(sizeof notice)) return std::nullopt;
    return notice;
}

Status send_descriptor(const Fd& socket, const Fd& descriptor) {
    Envelope envelope;
    cmsghdr* const header = CMSG_FIRSTHDR(&envelope.message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int number = descriptor.get();
    std::memcpy(CMSG_DATA(header), &number, sizeof number);
    if (uninterrupted([&] { return ::sendmsg(socket.get(), &envelope.message, MSG_NOSIGNAL); }) <
        0) {
        return failure(io_error("hand over a descriptor", {}, errno));
    }
    return {};
}

Result<Fd> receive_descriptor(const Fd& socket) {
    Envelope envelope;
    if (uninterrupted(
            [&] { return ::recvmsg(socket.get(), &envelope.message, MSG_CMSG_CLOEXEC); }) < 0) {
        return failure(io_error("take over a descriptor", {}, errno));
    }
    const cmsghdr* const header = CMSG_FIRSTHDR(&envelope.message);
    if (header == nullptr || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS ||
        header->cmsg_len != CMSG_LEN(sizeof(int))) {
        return failure(Error{.code = ErrorCode::broken,
                             .operation = "take over a descriptor",
                             .cause = "there is none in the message"});
    }
    int number = -1;
    std::memcpy(&number, CMSG_DATA(header), sizeof number);
    return Fd(number);
}

}  // namespace instdrv::channel
