// What a driver and its Windows layer need.
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "caged.hpp"

namespace instdrv::caged {
namespace {

long threads(const World&) {
    int sum = 0;
    for (int i = 0; i < 3; ++i)
        std::thread([&] { sum += ::open("/etc/passwd", O_RDONLY); }).join();
    return sum == -3 ? 0 : -1;  // and they are confined too
}

long state_file(const World& world) {
    const auto file = world.state + "/sub/new.txt";
    const std::byte content[3] = {};
    if (!write_file_atomically(file, content)) return -1;
    if (!write_file_atomically(file, content)) return -1;  // over one that exists
    const auto read = read_file(file);
    return read && read->size() == sizeof content ? 0 : -1;
}

long state_folders(const World& world) {
    if (::mkdir((world.state + "/made").c_str(), 0700) != 0) return -1;
    const auto from = world.state + "/kept.txt";
    const auto to = world.state + "/made/moved.txt";
    if (::rename(from.c_str(), to.c_str()) != 0) return -1;
    if (::unlink(to.c_str()) != 0) return -1;
    return ::rmdir((world.state + "/made").c_str());
}

long driver_file(const World& world) {
    const auto read = read_file(world.driver + "/driver.acm");
    return read && !read->empty() ? 0 : -1;
}

long own_mappings(const World&) {
    for (int i = 0; i < 3; ++i) {
        std::ifstream file("/proc/self/maps");
        std::string line;
        if (!std::getline(file, line)) return -1;
    }
    return 0;
}

long code(const World&) {
    constexpr std::size_t page = 4096;
    void* const memory =
        ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return -1;
    *static_cast<unsigned char*>(memory) = 0xc3;  // ret
    if (::mprotect(memory, page, PROT_READ | PROT_EXEC) != 0) return -1;
    reinterpret_cast<void (*)()>(memory)();
    return ::munmap(memory, page);
}

long file_mapping(const World&) {
    constexpr std::size_t size = 1 << 16;
    void* const memory =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    void* const view = ::mremap(memory, 0, size, MREMAP_MAYMOVE);
    return view == MAP_FAILED ? -1 : ::msync(view, size, MS_SYNC);
}

long objects(const World&) {
    const Fd event(::eventfd(1, EFD_CLOEXEC));
    const Fd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
    const itimerspec soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_nsec = 1}};
    if (::timerfd_settime(timer.get(), 0, &soon, nullptr) != 0) return -1;
    pollfd both[] = {{event.get(), POLLIN, 0}, {timer.get(), POLLIN, 0}};
    return ::poll(both, 2, -1) > 0 ? 0 : -1;
}

// A message with a descriptor, there and back.
long control_socket(const World& world) {
    const Fd sent(::eventfd(0, EFD_CLOEXEC));
    char byte = 'x';
    iovec text{&byte, 1};
    alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &text;
    message.msg_iovlen = 1;
    message.msg_control = room;
    message.msg_controllen = sizeof room;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    *header = {
        .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    const int number = sent.get();
    std::memcpy(CMSG_DATA(header), &number, sizeof number);
    if (::sendmsg(world.ends[0], &message, 0) != 1) return -1;
    return ::recvmsg(world.ends[1], &message, MSG_CMSG_CLOEXEC) == 1 ? 0 : -1;
}

long barrier(const World&) {
    if (::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0) return -1;
    return ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

long local_time(const World&) {
    const std::time_t summer = 1750000000;
    std::tm broken{};
    if (::localtime_r(&summer, &broken) == nullptr) return -1;
    return broken.tm_gmtoff == 2 * 3600 ? 0 : -1;  // the test sets TZ=Europe/Berlin
}

long sorting(const World&) {
    std::vector<int> many(1 << 16);
    for (std::size_t i = 0; i < many.size(); ++i)
        many[i] = static_cast<int>(i * 7919 % 65536);
    std::qsort(many.data(), many.size(), sizeof many[0], [](const void* a, const void* b) {
        return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    });
    return std::is_sorted(many.begin(), many.end()) ? 0 : -1;
}

long library(const World&) {
    if (::dlopen("libresolv.so.2", RTLD_NOW) != nullptr) return 0;
    errno = ELIBACC;  // dlopen says why in words alone
    return -1;
}

// A write over the limit comes back as an error and does not end the program.
long large_file(const World& world) {
    const Fd fd(::open((world.state + "/large").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    return fd ? ::pwrite(fd.get(), "x", 1, off_t{1} << 30) : 0;
}

long memory_without_end(const World&) {
    for (int i = 0; i < 4096; ++i) {
        constexpr std::size_t size = std::size_t{16} << 20;
        void* const memory =
            ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return i >= 16 ? -1 : 0;
    }
    return 0;
}

long files_without_end(const World& world) {
    for (int i = 0; i < 4096; ++i) {
        if (::open((world.driver + "/driver.acm").c_str(), O_RDONLY) < 0) return -1;
    }
    return 0;
}

long inherited_descriptor(const World&) {
    char byte = 0;
    return ::read(9, &byte, 1);  // the test leaves it open
}

long variables(const World&) {
    const char* const zone = std::getenv("TZ");
    return zone != nullptr && environ[1] == nullptr ? 0 : -1;
}

long abort_itself(const World&) {
    std::signal(SIGABRT, [](int) { ::_exit(::write(STDOUT_FILENO, "done\n", 5) == 5 ? 0 : 1); });
    std::abort();
}

long thread_name(const World&) { return ::pthread_setname_np(::pthread_self(), "driver"); }

constexpr Attempt attempts[] = {
    {"threads", threads},
    {"state_file", state_file},
    {"state_folders", state_folders},
    {"driver_file", driver_file},
    {"own_mappings", own_mappings},
    {"code", code},
    {"file_mapping", file_mapping},
    {"objects", objects},
    {"control_socket", control_socket},
    {"barrier", barrier},
    {"local_time", local_time},
    {"sorting", sorting},
    {"library", library},
    {"large_file", large_file},
    {"memory_without_end", memory_without_end},
    {"files_without_end", files_without_end},
    {"inherited_descriptor", inherited_descriptor},
    {"variables", variables},
    {"abort_itself", abort_itself},
    {"thread_name", thread_name},
};

}  // namespace

std::span<const Attempt> work_attempts() { return attempts; }

}  // namespace instdrv::caged
