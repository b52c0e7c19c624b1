#include "winapi/text/driver_text.hpp"

#include <type_traits>

#include "winapi/threads/driver_context.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {
namespace {

DriverText& usual_text() {
    static DriverText text;
    static_assert(std::is_trivially_destructible_v<DriverText>, "threads may outlive it");
    return text;
}

}  // namespace

DriverText::DriverText(const TextSettings& settings)
    : settings_(settings), locale_(find_locale(settings.locale)), multibyte_(settings.code_page) {}

DriverText& DriverText::current() noexcept {
    const DriverContext* const context = current_context();
    return context == nullptr || context->text == nullptr ? usual_text() : *context->text;
}

UINT thread_code_page() noexcept {
    const DriverText& driver = DriverText::current();
    if (!has_entered()) return driver.ansi_code_page();
    const WindowsLocale* const chosen = find_locale(current_thread().teb().CurrentLocale);
    const bool is_drivers = chosen == nullptr || chosen == &driver.locale();
    return is_drivers ? driver.ansi_code_page() : chosen->code_page;
}

}  // namespace instdrv::winapi
