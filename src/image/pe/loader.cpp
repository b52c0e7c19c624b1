#include "image/pe/loader.hpp"

#include <algorithm>
#include <mutex>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/first_failure.hpp"
#include "base/text.hpp"
#include "image/pe/loaded_image.hpp"

namespace instdrv::pe {
namespace {

// The file of a DLL in a folder, its name in any case; nothing when there is none. `dll` is a name
// as normal_dll_name makes them.
std::filesystem::path find_beside(const std::filesystem::path& folder, std::string_view dll) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
        if (ascii_lower(entry.path().filename().string()) == dll &&
            entry.is_regular_file(ignored)) {
            return std::filesystem::canonical(entry.path(), ignored);
        }
    }
    return {};
}

Error because_of(std::string_view dll, Error error) {
    error.cause = fmt::format("its DLL {} cannot be loaded: {}", dll, error.cause);
    return error;
}

}  // namespace

class Loader::Impl {
public:
    explicit Impl(Environment& environment) : environment_(environment) {}
    ~Impl();

    Result<LoadedImage*> load(const std::filesystem::path& file);
    Status release(LoadedImage* image);
    template <class Predicate>
    LoadedImage* find(Predicate&& matches) const;
    std::vector<LoadedImage*> images() const;
    void notify_thread(Reason reason);

private:
    Result<Image*> load_tree(const std::filesystem::path& file);
    Result<Image*> map_tree(const std::filesystem::path& file);
    Status map_dependencies(Image& image);
    Status bind_new_images();
    Status attach_tree(Image& image);
    Status attach_dependencies(Image& image);

    Image* find_file(const std::filesystem::path& file) const;
    [[nodiscard]] std::vector<const Image*> reachable() const;
    Image* next_to_detach() const;
    Status unload_unreferenced();

    Environment& environment_;
    std::recursive_mutex loader_lock_;  // loads, unloads and thread notifications, one at a time
    mutable std::mutex images_mutex_;   // the vector alone, for lookups from other threads
    std::vector<std::unique_ptr<Image>> images_;  // in load order
    std::vector<Image*> attached_;                // in the order in which they were attached
    bool unloading_ = false;
};

Loader::Impl::~Impl() {
    for (const auto& image : images_)
        image->references = 0;
    unload_unreferenced();
}

Result<LoadedImage*> Loader::Impl::load(const std::filesystem::path& file) {
    const std::lock_guard lock(loader_lock_);
    const auto complete = [&](Error error) {
        error.operation = "load";
        error.driver = file.string();
        return failure(std::move(error));
    };
    std::error_code missing;
    const auto canonical = std::filesystem::canonical(file, missing);
    if (missing) return complete(io_error("load", file, missing.value()));
    auto image = load_tree(canonical);
    if (!image) {
        unload_unreferenced();
        return complete(std::move(image.error()));
    }
    return *image;
}

// The new reference is what keeps the tree while DllMain functions load and unload other images.
Result<Image*> Loader::Impl::load_tree(const std::filesystem::path& file) {
    auto image = map_tree(file);
    if (!image) return image;
    if (auto status = bind_new_images(); !status) return failure(std::move(status.error()));
    ++(*image)->references;
    environment_.prepare_thread();
    if (auto status = attach_tree(**image); !status) return failure(std::move(status.error()));
    return image;
}

Result<Image*> Loader::Impl::map_tree(const std::filesystem::path& file) {
    if (Image* const loaded = find_file(file)) {
        if (loaded->state != Image::State::detached) return loaded;
        return failure({.code = ErrorCode::busy, .cause = "it is just being unloaded"});
    }
    auto mapped = Image::map(file, environment_);
    if (!mapped) return failure(std::move(mapped.error()));
    Image& image = **mapped;
    {
        const std::lock_guard lock(images_mutex_);
        images_.push_back(std::move(*mapped));
    }
    if (auto status = map_dependencies(image); !status) return failure(std::move(status.error()));
    return &image;
}

Status Loader::Impl::map_dependencies(Image& image) {
    const auto names = image.wanted_dlls();
    if (!names) return failure(names.error());
    for (const std::string& dll : *names) {
        if (environment_.owns(dll)) continue;
        const auto file = find_beside(image.file().parent_path(), dll);
        if (file.empty()) continue;
        const auto dependency = map_tree(file);
        if (!dependency) return failure(because_of(dll, dependency.error()));
        image.add_dependency(dll, **dependency);
    }
    return {};
}

Status Loader::Impl::bind_new_images() {
    for (const auto& image : images_) {
        if (image->state != Image::State::mapped) continue;
        if (auto status = image->bind(); !status) return status;
        image->state = Image::State::bound;
    }
    return {};
}

Status Loader::Impl::attach_tree(Image& image) {
    if (image.state == Image::State::detached) {
        return failure({.code = ErrorCode::refused_load, .cause = "its DllMain failed before"});
    }
    if (image.state != Image::State::bound) return {};  // done, or waiting for us in a circle
    image.state = Image::State::attaching;
    auto status = attach_dependencies(image);
    if (status) status = image.attach();
    if (status) {
        attached_.push_back(&image);
    } else {
        // A DllMain may have loaded it once more meanwhile: that counts no longer.
        image.references = 0;
        image.state = Image::State::detached;
    }
    return status;
}

Status Loader::Impl::attach_dependencies(Image& image) {
    for (const auto& dependency : image.dependencies()) {
        if (auto status = attach_tree(*dependency.image); !status) {
            return failure(because_of(dependency.dll, std::move(status.error())));
        }
    }
    return {};
}

Status Loader::Impl::release(LoadedImage* image) {
    const std::lock_guard lock(loader_lock_);
    environment_.prepare_thread();
    --static_cast<Image*>(image)->references;
    return unload_unreferenced();
}

Image* Loader::Impl::find_file(const std::filesystem::path& file) const {
    const auto found = std::find_if(images_.begin(), images_.end(),
                                    [&](const auto& image) { return image->file() == file; });
    return found == images_.end() ? nullptr : found->get();
}

// The images that users hold, and all that these depend on. Circles make counting useless.
std::vector<const Image*> Loader::Impl::reachable() const {
    std::vector<const Image*> found;
    const auto add = [&](const Image* image) {
        if (std::find(found.begin(), found.end(), image) == found.end()) found.push_back(image);
    };
    for (const auto& image : images_) {
        if (image->references > 0) add(image.get());
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (const auto& dependency : found[i]->dependencies())
            add(dependency.image);
    }
    return found;
}

Image* Loader::Impl::next_to_detach() const {
    const auto kept = reachable();
    const auto last = std::find_if(attached_.rbegin(), attached_.rend(), [&](const Image* image) {
        return std::find(kept.begin(), kept.end(), image) == kept.end();
    });
    return last == attached_.rend() ? nullptr : *last;
}

Status Loader::Impl::unload_unreferenced() {
    if (unloading_)
        return {};  // called by a DllMain that is run below, which goes on until all is done
    unloading_ = true;
    Status detached;
    while (Image* const image = next_to_detach()) {
        std::erase(attached_, image);
        keep_first_failure(detached, image->detach());
    }
    unloading_ = false;
    std::vector<std::unique_ptr<Image>> gone;
    const auto kept = reachable();
    {
        const std::lock_guard lock(images_mutex_);
        for (auto& image : images_) {
            if (std::find(kept.begin(), kept.end(), image.get()) == kept.end()) {
                gone.push_back(std::move(image));
            }
        }
        std::erase(images_, nullptr);
    }
    return detached;
}

template <class Predicate>
LoadedImage* Loader::Impl::find(Predicate&& matches) const {
    const std::lock_guard lock(images_mutex_);
    for (const auto& image : images_) {
        if (image->state != Image::State::mapped && matches(*image)) return image.get();
    }
    return nullptr;
}

std::vector<LoadedImage*> Loader::Impl::images() const {
    const std::lock_guard lock(images_mutex_);
    std::vector<LoadedImage*> found;
    for (const auto& image : images_) {
        if (image->state != Image::State::mapped) found.push_back(image.get());
    }
    return found;
}

void Loader::Impl::notify_thread(Reason reason) {
    const std::lock_guard lock(loader_lock_);
    auto order = attached_;
    if (reason == Reason::thread_detach) std::reverse(order.begin(), order.end());
    for (Image* const image : order)
        image->notify_thread(reason);
}

Loader::Loader(Environment& environment) : impl_(std::make_unique<Impl>(environment)) {}
Loader::~Loader() = default;

Result<LoadedImage*> Loader::load(const std::filesystem::path& file) { return impl_->load(file); }
Status Loader::release(LoadedImage* image) { return impl_->release(image); }

LoadedImage* Loader::find_by_base(const void* base) const {
    return impl_->find([&](const Image& image) { return image.base() == base; });
}

LoadedImage* Loader::find_by_address(const void* address) const {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    return impl_->find([&](const Image& image) {
        return wanted - reinterpret_cast<std::uintptr_t>(image.base()) < image.size();
    });
}

LoadedImage* Loader::find_by_name(std::string_view name) const {
    const std::string wanted = normal_dll_name(name);
    return impl_->find([&](const Image& image) {
        return ascii_lower(image.file().filename().string()) == wanted;
    });
}

std::vector<LoadedImage*> Loader::images() const { return impl_->images(); }
void Loader::notify_thread_attach() { impl_->notify_thread(Reason::thread_attach); }
void Loader::notify_thread_detach() { impl_->notify_thread(Reason::thread_detach); }

}  // namespace instdrv::pe
