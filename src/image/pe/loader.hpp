// The PE images loaded into this process: loading with dependencies, sharing, unloading, looking
// up.
//
// A load maps and relocates the image and every DLL it needs that lies beside it, binds imports
// (system DLLs through the Environment, a thunk of its own for what nobody provides), protects the
// sections, then runs TLS callbacks and DllMain(DLL_PROCESS_ATTACH), dependencies first. An image
// needs the DLLs that it imports from, at once or delayed, and those that it forwards exports to;
// they stay as long as it does. Circular imports between DLLs are allowed. A file loaded twice is
// one module with two references. [any thread; no lock is held while DllMain runs, except that
// loads and unloads of one process are
//  serialised by a recursive loader lock, as Windows' are]
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "image/pe/environment.hpp"
#include "image/pe/image_view.hpp"

namespace instdrv::pe {

// One loaded image. Owned by the Loader; valid while references are held.
class LoadedImage {
public:
    virtual ~LoadedImage() = default;
    [[nodiscard]] virtual std::byte* base() const noexcept = 0;  // what Windows calls the HMODULE
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    [[nodiscard]] virtual const std::filesystem::path& file() const noexcept = 0;
    // The mapped bytes laid out by RVA, and the same for the pure stages (exports, resources,
    // unwind data), which need no second look at the headers.
    [[nodiscard]] virtual std::span<const std::byte> mapped() const noexcept = 0;
    [[nodiscard]] virtual const ImageView& view() const noexcept = 0;
    // The address of an exported function or datum, forwarders followed; null: not exported.
    [[nodiscard]] virtual const void* find_export(const Symbol& symbol) = 0;
    // DisableThreadLibraryCalls.
    virtual void disable_thread_calls() noexcept = 0;
};

class Loader {
public:
    explicit Loader(Environment& environment);
    ~Loader();
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    // Loads a file or takes one more reference. The image stays until release.
    Result<LoadedImage*> load(const std::filesystem::path& file);
    // Gives one reference back; the last runs DLL_PROCESS_DETACH and unmaps, then does the same for
    // dependencies. Fails where a DllMain or TLS callback broke off in that; all is unmapped then,
    // too.
    Status release(LoadedImage* image);

    [[nodiscard]] LoadedImage* find_by_base(const void* base) const;
    [[nodiscard]] LoadedImage* find_by_address(const void* address) const;
    // By file name without folder, any case, ".dll" added where there is no dot.
    [[nodiscard]] LoadedImage* find_by_name(std::string_view name) const;
    // In load order, under no lock afterwards: for callers that keep the images referenced.
    [[nodiscard]] std::vector<LoadedImage*> images() const;

    // Runs DllMain and TLS callbacks with DLL_THREAD_ATTACH or DLL_THREAD_DETACH in every image
    // that wants them, on the calling thread.
    void notify_thread_attach();
    void notify_thread_detach();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace instdrv::pe
