#include "worker/local_loader.hpp"

#include <utility>

#include "image/elf/driver.hpp"
#include "image/pe/control_words.hpp"
#include "image/pe/guarded_call.hpp"
#include "image/probe.hpp"
#include "winapi/exports/call_trace.hpp"
#include "winapi/files/driver_state.hpp"
#include "winapi/process/process.hpp"
#include "winapi/text/driver_text.hpp"
#include "winapi/threads/thread.hpp"
#include "worker/control_word_check.hpp"

namespace instdrv::worker {
namespace {

constexpr auto native_pe = sizeof(void*) == 8 ? image::Kind::pe64 : image::Kind::pe32;
constexpr auto native_elf = sizeof(void*) == 8 ? image::Kind::elf64 : image::Kind::elf32;

class ElfModule final : public core::Module {
public:
    explicit ElfModule(elf::Library library) : library_(std::move(library)) {}

    core::Answer call(const core::Target& target, UINT message, LPARAM lparam1,
                      LPARAM lparam2) noexcept override {
        const auto call = [&] {
            return library_.driver_proc()(target.driver_id, target.hdrvr, message, lparam1,
                                          lparam2);
        };
        if (!pe::is_drivers_thread()) return {call(), nullptr};
        const pe::LinuxPrecision scope;  // the thread has run a Windows driver
        return {call(), nullptr};
    }
    [[nodiscard]] HMODULE handle() const noexcept override {
        return static_cast<HMODULE>(library_.handle());
    }
    [[nodiscard]] std::string_view kind() const noexcept override {
        return image::name_of(native_elf);
    }
    [[nodiscard]] bool is_windows() const noexcept override { return false; }

    Status unload() noexcept override {
        library_.close();
        return {};
    }

private:
    elf::Library library_;
};

// What Windows code of one driver runs with, from before its file is mapped until after it is gone.
struct Surroundings {
    Surroundings(const core::ModuleRequest& request, core::DriverSystem& system)
        : text(request.text),
          state(request.state_folder, request.state_limit),
          context{.driver_folder = request.file.parent_path(),
                  .state = &state,
                  .system = &system,
                  .text = &text} {}

    winapi::DriverText text;
    winapi::DriverState state;  // settled last, when no code of the driver's runs any more
    const winapi::DriverContext context;
};

class PeModule final : public core::Module {
public:
    PeModule(pe::LoadedImage& image, const void* driver_proc,
             std::unique_ptr<Surroundings> surroundings)
        : surroundings_(std::move(surroundings)), image_(image), driver_proc_(driver_proc) {}
    // Where it was not unloaded, its images stay mapped, and what they use stays with them.
    ~PeModule() override {
        if (!unloaded_) static_cast<void>(surroundings_.release());
    }

    core::Answer call(const core::Target& target, UINT message, LPARAM lparam1,
                      LPARAM lparam2) noexcept override {
        if (!winapi::has_entered() || message == DRV_FREE) [[unlikely]] {
            return call_first_or_last(target, message, lparam1, lparam2);
        }
        return call_driver(target, message, lparam1, lparam2);
    }
    [[nodiscard]] HMODULE handle() const noexcept override {
        return reinterpret_cast<HMODULE>(image_.base());
    }
    [[nodiscard]] std::string_view kind() const noexcept override {
        return image::name_of(native_pe);
    }
    [[nodiscard]] bool is_windows() const noexcept override { return true; }

    Status unload() noexcept override {
        process_.prepare_thread();
        const winapi::ContextScope scope(&surroundings_->context);
        unloaded_ = true;
        return process_.loader().release(&image_);
    }

private:
    // Apart from all other messages, which need not keep their arguments for what is done here.
    [[gnu::cold, gnu::noinline]] core::Answer call_first_or_last(const core::Target& target,
                                                                 UINT message, LPARAM lparam1,
                                                                 LPARAM lparam2) noexcept {
        winapi::current_thread();
        const auto answer = call_driver(target, message, lparam1, lparam2);
        if (message == DRV_FREE) surroundings_->state.flush_streams();
        return answer;
    }

    core::Answer call_driver(const core::Target& target, UINT message, LPARAM lparam1,
                             LPARAM lparam2) noexcept {
        const winapi::ContextScope scope(&surroundings_->context);
        const ControlWordCheck check;
        const auto result = pe::guarded_call(
            driver_proc_, target.driver_id, reinterpret_cast<pe::Word>(target.hdrvr), message,
            static_cast<pe::Word>(lparam1), static_cast<pe::Word>(lparam2));
        if (result.broken == nullptr) check.compare(image_, message);
        return {static_cast<LRESULT>(result.value), result.broken};
    }

    winapi::Process& process_ = winapi::Process::instance();
    std::unique_ptr<Surroundings> surroundings_;
    pe::LoadedImage& image_;
    const void* driver_proc_;
    bool unloaded_ = false;
};

Error no_driver_proc(const std::filesystem::path& file) {
    return {.code = ErrorCode::bad_image,
            .operation = "load",
            .driver = file.string(),
            .cause = "it does not export DriverProc, so it is a library and not a driver"};
}

}  // namespace

LocalLoader::LocalLoader(core::DriverSystem& system, Prepare prepare)
    : system_(system), prepare_(std::move(prepare)) {}

Result<std::unique_ptr<core::Module>> LocalLoader::load(const core::ModuleRequest& request,
                                                        core::LoadUnderWay&) {
    const auto& file = request.file;
    const auto probed = image::probe_file(file);
    if (!probed) {
        Error error = probed.error();
        error.driver = file.string();
        return failure(std::move(error));
    }
    if (probed->kind != native_elf && probed->kind != native_pe) {
        return failure(Error{.code = ErrorCode::wrong_machine,
                             .operation = "load",
                             .driver = file.string(),
                             .cause = "it is " + std::string(image::name_of(probed->kind)) +
                                      ", and this process runs " +
                                      std::string(image::name_of(native_pe))});
    }
    if (prepare_) {
        if (Status prepared = prepare_(request); !prepared) return failure(prepared.error());
    }
    if (probed->kind == native_elf) {
        auto library = elf::Library::open(file);
        if (!library) return failure(std::move(library.error()));
        return std::make_unique<ElfModule>(std::move(*library));
    }
    auto surroundings = std::make_unique<Surroundings>(request, system_);
    if (!request.traced_calls.empty()) winapi::CallTrace::choose(request.traced_calls);
    auto& process = winapi::Process::instance();
    process.prepare_thread();
    const winapi::ContextScope scope(&surroundings->context);
    auto image = process.loader().load(file);
    if (!image) return failure(std::move(image.error()));
    const void* const driver_proc = (*image)->find_export({.name = "DriverProc"});
    if (driver_proc == nullptr) {
        // That it is no driver matters more than how its detaching went.
        static_cast<void>(process.loader().release(*image));
        return failure(no_driver_proc(file));
    }
    return std::make_unique<PeModule>(**image, driver_proc, std::move(surroundings));
}

}  // namespace instdrv::worker
