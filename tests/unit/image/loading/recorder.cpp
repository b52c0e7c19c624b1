#include "recorder.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>

#include <asm/ldt.h>
#include <asm/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.hpp"

namespace instdrv::test {
namespace {

Recorder* current = nullptr;

#if defined(__x86_64__)
#define FROM_C __attribute__((ms_abi, force_align_arg_pointer))
constexpr std::size_t self_offset = 0x30;
constexpr std::size_t tls_offset = 0x58;

void set_segment(void* teb) { ::syscall(SYS_arch_prctl, ARCH_SET_GS, teb); }
#else
#define FROM_C __attribute__((force_align_arg_pointer))
constexpr std::size_t self_offset = 0x18;
constexpr std::size_t tls_offset = 0x2C;

void set_segment(void* teb) {
    static std::atomic<unsigned> entry = ~0U;  // -1: the kernel chooses one, which is free in all
    user_desc descriptor{};
    descriptor.entry_number = entry;
    descriptor.base_addr = reinterpret_cast<std::uintptr_t>(teb);
    descriptor.limit = 0xFFFFF;
    descriptor.seg_32bit = 1;
    descriptor.limit_in_pages = 1;
    descriptor.useable = 1;
    if (::syscall(SYS_set_thread_area, &descriptor) != 0) std::abort();
    entry = descriptor.entry_number;
    asm volatile("mov %w0, %%fs" : : "r"(descriptor.entry_number << 3 | 3));
}
#endif

// The start of what Windows keeps for a thread: a pointer to itself and the thread-local blocks.
struct Teb {
    alignas(16) std::array<std::byte, self_offset> unused{};
    Teb* self = this;
    std::array<std::byte, tls_offset - self_offset - sizeof(void*)> unused_too{};
    void** tls_blocks = slots.data();
    std::array<std::byte, 0x2000> rest{};
    std::array<void*, 64> slots{};
    std::vector<std::unique_ptr<std::byte[]>> blocks;
};

Teb& this_teb() {
    thread_local Teb teb;
    set_segment(&teb);
    return teb;
}

std::string reason_name(unsigned reason) {
    switch (reason) {
        case 0: return "detach";
        case 1: return "attach";
        case 2: return "thread attach";
        case 3: return "thread detach";
        default: return std::to_string(reason);
    }
}

FROM_C int note(const char* dll, unsigned reason) {
    const std::string text = std::string(dll) + " " + reason_name(reason);
    current->notes.push_back(text);
    if (current->when_noted) current->when_noted(text);
    return reason != 1 || !current->refusing.contains(dll);
}

}  // namespace

Recorder::Recorder() { current = this; }
Recorder::~Recorder() { current = nullptr; }

bool Recorder::owns(std::string_view dll) const {
    return owns_all || equals_ignoring_case(dll, "recorder.dll") ||
           equals_ignoring_case(dll, "recorder");
}

const void* Recorder::find_export(std::string_view dll, const pe::Symbol& symbol) const {
    asked_for.insert(pe::describe(dll, symbol));
    return symbol.name == "note" ? reinterpret_cast<const void*>(&note) : nullptr;
}

void Recorder::prepare_thread() {
    Teb& teb = this_teb();
    const std::lock_guard lock(mutex_);
    for (const auto& [index, tls] : templates_) {
        if (teb.slots.at(index) != nullptr) continue;
        auto block = std::make_unique<std::byte[]>(tls.initial.size() + tls.zero_fill);
        std::memcpy(block.get(), tls.initial.data(), tls.initial.size());
        teb.slots.at(index) = block.get();
        teb.blocks.push_back(std::move(block));
    }
}

std::uint32_t Recorder::add_tls(const pe::TlsTemplate& tls) {
    const std::lock_guard lock(mutex_);
    templates_[next_tls_] = tls;
    this_teb().slots.at(next_tls_) = nullptr;  // an earlier test's
    return next_tls_++;
}

void Recorder::remove_tls(std::uint32_t index) {
    const std::lock_guard lock(mutex_);
    templates_.erase(index);
}

std::size_t Recorder::tls_count() const {
    const std::lock_guard lock(mutex_);
    return templates_.size();
}

Folder::Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "instdrv-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = std::filesystem::canonical(name);
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Folder::add(const std::string& name, const std::string& as) const {
    auto file = path_ / (as.empty() ? name + ".dll" : as);
    std::filesystem::copy_file(test_dll(name), file);
    return file;
}

std::filesystem::path Folder::write(const std::string& name, std::string_view content) const {
    auto file = path_ / name;
    std::ofstream(file, std::ios::binary) << content;
    return file;
}

std::filesystem::path test_dll(const std::string& name) {
    return std::filesystem::path(INSTDRV_TEST_DLLS) / (name + ".dll");
}

pe::LoadedImage* LoaderTest::load(const std::filesystem::path& file) {
    const auto image = loader.load(file);
    if (!image) {
        ADD_FAILURE() << image.error().text();
        std::abort();
    }
    return *image;
}

std::string LoaderTest::load_error(const std::filesystem::path& file) {
    const auto image = loader.load(file);
    return image ? "" : image.error().text();
}

pe::GuardedResult LoaderTest::call(pe::LoadedImage* image, std::string_view function, pe::Word a,
                                   pe::Word b, pe::Word c) {
    const void* const address = image->find_export({.name = function});
    if (address == nullptr) {
        ADD_FAILURE() << function << " is not exported";
        return {};
    }
    return pe::guarded_call(address, a, b, c);
}

}  // namespace instdrv::test
