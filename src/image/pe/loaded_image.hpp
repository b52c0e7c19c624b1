// One image from mapped file to running code. The loader decides which images are loaded and in
// which order; this class handles a single one. All but the const functions are called under the
// loader lock.
#pragma once

#include <instdrv/error.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "image/pe/environment.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/image_view.hpp"
#include "image/pe/imports.hpp"
#include "image/pe/loader.hpp"
#include "image/pe/mapping.hpp"
#include "image/pe/thunks.hpp"
#include "image/pe/tls.hpp"

namespace instdrv::pe {

// Why DllMain and TLS callbacks are called.
// https://learn.microsoft.com/windows/win32/dlls/dllmain
enum class Reason : std::uint32_t {
    process_detach = 0,
    process_attach = 1,
    thread_attach = 2,
    thread_detach = 3,
};

class Image final : public LoadedImage {
public:
    enum class State {
        mapped,     // in memory, not usable
        bound,      // imports filled in, pages protected; lookups find it from here on
        attaching,  // its dependencies are being attached, or DllMain runs for the first time
        attached,
        detached,  // DllMain was told, or failed to attach: about to be unmapped
    };

    // Reads, validates, maps and relocates a file. Nothing of it runs.
    static Result<std::unique_ptr<Image>> map(std::filesystem::path file, Environment& environment);
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;
    ~Image() override;

    [[nodiscard]] std::byte* base() const noexcept override { return mapping_.base(); }
    [[nodiscard]] std::size_t size() const noexcept override { return mapping_.bytes().size(); }
    [[nodiscard]] const std::filesystem::path& file() const noexcept override { return file_; }
    [[nodiscard]] std::span<const std::byte> mapped() const noexcept override {
        return mapping_.bytes();
    }
    [[nodiscard]] const ImageView& view() const noexcept override { return view_; }
    [[nodiscard]] const void* find_export(const Symbol& symbol) override {
        return find_export(symbol, 0);
    }
    void disable_thread_calls() noexcept override;

    // The DLLs that it imports from, also delayed, and that it forwards exports to, each once,
    // named as normal_dll_name does.
    [[nodiscard]] Result<std::vector<std::string>> wanted_dlls() const;
    // `image` is where symbols of `dll`, one of the names above, come from.
    void add_dependency(std::string dll, Image& image);
    struct Dependency {
        std::string dll;
        Image* image;
    };
    [[nodiscard]] const std::vector<Dependency>& dependencies() const noexcept {
        return dependencies_;
    }

    // Fills in imports, delayed ones too, reserves thread-local data and protects the pages.
    Status bind();
    // Runs TLS callbacks and DllMain with DLL_PROCESS_ATTACH; after a refusal again to detach.
    Status attach();
    // Fails where one of them broke off.
    Status detach();
    void notify_thread(Reason reason);

    // The loader's bookkeeping.
    std::atomic<State> state = State::mapped;
    std::size_t references = 0;  // held by users of the loader, not by other images

private:
    Image(std::filesystem::path file, Environment& environment, Mapping mapping, ImageView view,
          ExportTable exports, std::optional<TlsDirectory> tls);

    const void* find_export(const Symbol& symbol, int depth);
    [[nodiscard]] Image* dependency(std::string_view dll) const;
    Result<const void*> resolve(std::string_view dll, const Symbol& symbol);
    Status bind_dll(std::string_view dll, std::span<const ImportedSymbol> symbols);
    void reserve_tls();
    // Calls TLS callbacks and DllMain: its answer, or the Error of a call that broke off.
    Result<bool> call_entry_points(Reason reason);

    std::filesystem::path file_;
    Environment& environment_;
    Mapping mapping_;
    ImageView view_;
    ExportTable exports_;
    std::optional<TlsDirectory> tls_;
    std::optional<std::uint32_t> tls_index_;
    MissingImports missing_;
    std::vector<Dependency> dependencies_;
    std::atomic<bool> wants_thread_calls_ = true;
};

// How a DLL is called in files and tables: lower case, ".dll" added where there is no dot.
std::string normal_dll_name(std::string_view name);

}  // namespace instdrv::pe
