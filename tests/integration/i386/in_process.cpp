#include "in_process.hpp"

#include <instdrv/driver.h>

#include "core/driver_callback.hpp"

namespace instdrv::test {
namespace {

InProcess* current = nullptr;  // what the C functions work on

}  // namespace

InProcess::InProcess(std::filesystem::path folder, std::filesystem::path state_folder)
    : folder_(std::move(folder)), loader_(*this, std::move(state_folder)), life_cycle_(loader_) {
    current = this;
}

InProcess::~InProcess() { current = nullptr; }

Result<HDRVR> InProcess::open_driver(std::string_view name, LPARAM lparam2) {
    std::error_code error;
    auto file = std::filesystem::canonical(folder_ / name, error);
    if (error) return failure({.code = ErrorCode::not_found, .driver = std::string(name)});
    return life_cycle_.open({.name = std::string(name),
                             .file = std::move(file),
                             .text = {},
                             .lparam2 = lparam2});
}

Result<LRESULT> InProcess::ask(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    const auto answer = core::send(hdrvr, message, lparam1, lparam2);
    if (answer.broken != nullptr) return failure(*answer.broken);
    return answer.value;
}

HDRVR InProcess::open(std::string_view name, std::string_view, LPARAM lparam2) {
    return open_driver(name, lparam2).value_or(nullptr);
}

LRESULT InProcess::close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    return life_cycle_.close(hdrvr, lparam1, lparam2, core::CloseMode::ask).value_or(0);
}

LRESULT InProcess::send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    return ask(hdrvr, message, lparam1, lparam2).value_or(0);
}

HMODULE InProcess::module_handle(HDRVR hdrvr) {
    const auto snapshot = life_cycle_.snapshot(hdrvr);
    return snapshot ? snapshot->module : nullptr;
}

}  // namespace instdrv::test

// ---- the C functions that the native test drivers call ------------------------------------------

using instdrv::test::current;

HDRVR OpenDriverA(LPCSTR driver_name, LPCSTR, LPARAM lparam2) {
    return current->open(driver_name, {}, lparam2);
}

LRESULT CloseDriver(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    return current->close(hdrvr, lparam1, lparam2);
}

LRESULT DefDriverProc(DWORD_PTR, HDRVR, UINT message, LPARAM, LPARAM) {
    return instdrv::core::default_answer(message);
}

BOOL DriverCallback(DWORD_PTR callback, DWORD flags, HDRVR device, DWORD message, DWORD_PTR user,
                    DWORD_PTR param1, DWORD_PTR param2) {
    return instdrv::core::driver_callback(
        {.callback = callback, .flags = flags, .device = device, .message = message, .user = user,
         .param1 = param1, .param2 = param2},
        instdrv::core::call_native_callback);
}
