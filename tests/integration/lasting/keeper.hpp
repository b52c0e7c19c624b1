// The driver tests/drivers/keeps.c in a worker, for both machine sizes, and what it has kept.
#pragma once

#include <instdrv/host.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "support/kept_state.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {

enum Store : LPARAM { registry, profile, file, stream };

// The driver's messages; see there.
constexpr UINT keep = DRV_USER + 1;
constexpr UINT count_missing = DRV_USER + 2;
constexpr UINT keep_under_id = DRV_USER + 3;
constexpr UINT count_under_id = DRV_USER + 4;
constexpr UINT process_id = DRV_USER + 5;
constexpr UINT leave_in_stream = DRV_USER + 6;
constexpr UINT leave_and_exit = DRV_USER + 7;
constexpr UINT fill = DRV_USER + 8;
constexpr UINT open_ini = DRV_USER + 9;
constexpr UINT write_late = DRV_USER + 10;
constexpr UINT move_ini = DRV_USER + 11;

struct Machine {
    const char* name;
    const char* folder;
};
constexpr Machine machines[] = {{"Windows64", ""}, {"Windows32", "i386/"}};

inline std::string driver_of(const Machine& machine) {
    return std::string(INSTDRV_TEST_DRIVERS) + "/" + machine.folder + "keeps.dll";
}

// A host of its own with the driver open.
class Keeper {
public:
    Keeper(const Machine& machine, const std::filesystem::path& state,
           const std::filesystem::path& configuration = {})
        : host_({.configuration = configuration, .state_folder = state}) {
        auto opened = host_.open(configuration.empty() ? driver_of(machine) : "keeps");
        if (opened) {
            driver_ = *std::move(opened);
        } else {
            ADD_FAILURE() << opened.error().text();
        }
    }

    Result<LRESULT> send(UINT message, LPARAM lparam1 = 0, LPARAM lparam2 = 0) const {
        return driver_.send(message, lparam1, lparam2);
    }
    // -1 where the call failed, which is a failure of the test.
    [[nodiscard]] LRESULT ask(UINT message, LPARAM lparam1 = 0, LPARAM lparam2 = 0) const {
        const auto answer = send(message, lparam1, lparam2);
        if (!answer) ADD_FAILURE() << answer.error().text();
        return answer.value_or(-1);
    }
    Host& host() { return host_; }

private:
    Host host_;
    Driver driver_;
};

// The number that was answered last, as the driver has it in its state folder.
inline std::uint32_t last_answered(const std::filesystem::path& state, Store store) {
    std::ifstream numbers(kept_state(state, "keeps.dll") / "answered.bin", std::ios::binary);
    std::uint32_t number = 0;
    numbers.seekg(static_cast<std::streamoff>(store * sizeof number));
    numbers.read(reinterpret_cast<char*>(&number), sizeof number);
    return number;
}

inline std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace instdrv::test
