// A test that acts for a driver: with a folder of its own and a state folder, both fresh.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "winapi/files/driver_state.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi::test {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "winapi-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) std::abort();
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class DriverFolderTest : public testing::Test {
protected:
    DriverFolderTest() { std::filesystem::create_directory(context_.driver_folder); }

    static void write(const std::filesystem::path& file, std::string_view text) {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }
    static std::string read(const std::filesystem::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    [[nodiscard]] const std::filesystem::path& driver() const { return context_.driver_folder; }
    [[nodiscard]] const std::filesystem::path& state() const { return state_.folder(); }
    // As when the driver is unloaded.
    void settle() { state_.settle(); }

private:
    TemporaryFolder folder_;
    DriverState state_{folder_.path() / "state"};
    DriverContext context_{.driver_folder = folder_.path() / "driver", .state = &state_};
    ContextScope scope_{&context_};
};

}  // namespace instdrv::winapi::test
