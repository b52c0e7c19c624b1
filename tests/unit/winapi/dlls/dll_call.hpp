// Calling the functions of any DLL of ours as a driver does.
#pragma once

#include <string_view>

#include "kernel/windows_call.hpp"

namespace instdrv::winapi::test {

// Dll winmm{"winmm.dll"}; winmm.call<LONG>("mmioRead", file, buffer, size)
class CalledDll {
public:
    explicit constexpr CalledDll(std::string_view name) : name_(name) {}

    template <class Answer, class... Arguments>
    Answer call(std::string_view function, Arguments... arguments) const {
        using Function = Answer(WINCALL*)(Arguments...);
        Process::instance().prepare_thread();
        return reinterpret_cast<Function>(address_in(name_, function))(arguments...);
    }

private:
    std::string_view name_;
};

}  // namespace instdrv::winapi::test
