// The system that the loader's test DLLs are loaded into: it has one DLL, recorder.dll, whose
// function `note` is how DllMain and TLS callbacks tell the test that they were called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "image/pe/environment.hpp"
#include "image/pe/guarded_call.hpp"
#include "image/pe/loader.hpp"

namespace instdrv::test {

class Recorder final : public pe::Environment {
public:
    Recorder();
    ~Recorder() override;

    // "numbers attach", "numbers detach", "numbers thread attach", ..., in the order of the calls.
    std::vector<std::string> notes;
    // These DLLs' DllMain answers FALSE to DLL_PROCESS_ATTACH.
    std::set<std::string> refusing;
    // Runs inside `note`, before it answers.
    std::function<void(const std::string& note)> when_noted;
    // Own every DLL that is not named here, and provide nothing of it.
    bool owns_all = false;
    // Symbols of owned DLLs that were asked for: "KERNEL32.dll!Sleep".
    mutable std::set<std::string> asked_for;

    [[nodiscard]] bool owns(std::string_view dll) const override;
    [[nodiscard]] const void* find_export(std::string_view dll,
                                          const pe::Symbol& symbol) const override;
    void prepare_thread() override;
    std::uint32_t add_tls(const pe::TlsTemplate& tls) override;
    void remove_tls(std::uint32_t index) override;
    [[nodiscard]] std::size_t tls_count() const;

private:
    mutable std::mutex mutex_;
    std::map<std::uint32_t, pe::TlsTemplate> templates_;
    std::uint32_t next_tls_ = 5;
};

// A folder of copies of test DLLs, deleted with it.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // Copies NAME.dll of the test DLLs, under another name if one is given.
    std::filesystem::path add(const std::string& name, const std::string& as = {}) const;
    std::filesystem::path write(const std::string& name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

std::filesystem::path test_dll(const std::string& name);

class LoaderTest : public testing::Test {
protected:
    // Fails the test if it cannot be loaded.
    pe::LoadedImage* load(const std::filesystem::path& file);
    // The Error's text, "" if it was loaded after all.
    std::string load_error(const std::filesystem::path& file);
    static pe::GuardedResult call(pe::LoadedImage* image, std::string_view function, pe::Word a = 0,
                                  pe::Word b = 0, pe::Word c = 0);

    Recorder recorder;
    pe::Loader loader{recorder};
};

}  // namespace instdrv::test
