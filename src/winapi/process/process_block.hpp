// The PEB and the structures that it points to.
#pragma once

#include <string>

#include "winapi/threads/teb.hpp"

namespace instdrv::winapi {

class ProcessBlock {
public:
    ProcessBlock();
    ProcessBlock(const ProcessBlock&) = delete;
    ProcessBlock& operator=(const ProcessBlock&) = delete;

    [[nodiscard]] Peb& peb() noexcept { return peb_; }

private:
    Peb peb_{};
    PebLdrData ldr_{};
    ProcessParameters parameters_{};
    std::u16string current_directory_;
    std::u16string dll_path_;
    std::u16string image_path_;
    std::u16string command_line_;
    std::u16string environment_;
};

}  // namespace instdrv::winapi
