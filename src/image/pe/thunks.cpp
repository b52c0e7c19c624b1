#include "image/pe/thunks.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>

#include <fmt/format.h>

#include "image/pe/guarded_call.hpp"

namespace instdrv::pe {

// A page is written whole, for symbols yet to come, so that it is never changed once it can run.
class MissingImports::Page {
public:
    static Result<std::unique_ptr<Page>> make() {
        std::unique_ptr<Page> page(new Page);
        if (page->memory_ == MAP_FAILED || !page->write()) {
            return failure({.code = ErrorCode::out_of_memory,
                            .cause = fmt::format("no memory for its missing imports: {}",
                                                 std::strerror(errno))});
        }
        return page;
    }
    ~Page() {
        if (memory_ != MAP_FAILED) ::munmap(memory_, page_size);
    }
    Page(const Page&) = delete;
    Page& operator=(const Page&) = delete;

    [[nodiscard]] bool is_full() const noexcept { return used_ == imports_.size(); }
    const void* add(MissingImport import) {
        imports_[used_] = std::move(import);
        return code(used_++);
    }
    [[nodiscard]] const void* find(std::string_view symbol) const noexcept {
        for (std::size_t i = 0; i < used_; ++i) {
            if (imports_[i].symbol == symbol) return code(i);
        }
        return nullptr;
    }

private:
    static constexpr std::size_t page_size = 4096;

    Page()
        : memory_(::mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                         -1, 0)) {}
    [[nodiscard]] std::byte* code(std::size_t index) const noexcept {
        return static_cast<std::byte*>(memory_) + index * thunk_size;
    }
    bool write() noexcept {
        for (std::size_t i = 0; i < imports_.size(); ++i) {
            const ThunkCode bytes = make_thunk_code(&imports_[i]);
            std::memcpy(code(i), bytes.data(), bytes.size());
        }
        return ::mprotect(memory_, page_size, PROT_READ | PROT_EXEC) == 0;
    }

    void* memory_;
    std::array<MissingImport, page_size / thunk_size> imports_;
    std::size_t used_ = 0;
};

MissingImports::MissingImports(std::string image) : image_(std::move(image)) {}
MissingImports::~MissingImports() = default;
MissingImports::MissingImports(MissingImports&&) noexcept = default;

Result<const void*> MissingImports::thunk_for(std::string_view symbol) {
    for (const auto& page : pages_) {
        if (const void* const code = page->find(symbol)) return code;
    }
    if (pages_.empty() || pages_.back()->is_full()) {
        auto page = Page::make();
        if (!page) return failure(std::move(page.error()));
        pages_.push_back(std::move(*page));
    }
    return pages_.back()->add({.image = image_, .symbol = std::string(symbol)});
}

void end_call_of(const MissingImport& import) noexcept {
    break_off({.code = ErrorCode::missing_import,
               .operation = "call",
               .driver = import.image,
               .cause = fmt::format("the driver called {}, which nobody provides", import.symbol)});
}

}  // namespace instdrv::pe
