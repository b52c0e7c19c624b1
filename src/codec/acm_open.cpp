#include <memory>

#include <instdrv/host.hpp>

#include "codec/acm_driver.hpp"
#include "codec/acm_error.hpp"

namespace instdrv::codec {
namespace {

constexpr DWORD acm_version = 0x05000000;  // of Windows 2000 and everything after it

// Which layout the driver wants is known only when it is open. The natural description is the
// packed one with 4 bytes more at its end, and drivers accept a cbStruct larger than theirs: it
// serves both.
NaturalOpenDescription description() {
    return {.cbStruct = sizeof(NaturalOpenDescription),
            .fccType = ACMDRIVERDETAILS_FCCTYPE_AUDIOCODEC,
            .fccComp = ACMDRIVERDETAILS_FCCCOMP_UNDEFINED,
            .dwVersion = acm_version};
}

Error refusal(Error error, std::string_view name, DWORD reason) {
    if (error.code != ErrorCode::refused_open) return error;
    if (reason != MMSYSERR_NOERROR) return acm_error("open", std::string(name), reason);
    error.advice = "It may be no sound codec: `instdrv inspect` shows what it is";
    return error;
}

}  // namespace

Result<AcmDriver> AcmDriver::open(Host& host, std::string_view name) {
    auto opening = description();
    auto driver = host.open(name, {.section = {}, .lparam2 = reinterpret_cast<LPARAM>(&opening)});
    if (!driver) return failure(refusal(driver.error(), name, opening.dwError));
    const auto info = host.info(driver->handle());
    if (!info) return failure(info.error());
    auto shared = std::make_shared<Driver>(*std::move(driver));
    return AcmDriver(
        std::string(name), layout_of(std::filesystem::path(info->file)),
        [shared](UINT message, LPARAM lparam1, LPARAM lparam2) {
            return shared->send(message, lparam1, lparam2);
        },
        [shared](std::size_t size) { return shared->take_buffer(size); });
}

}  // namespace instdrv::codec
