#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <unistd.h>

#include "base/text.hpp"
#include "recorder_platform.h"
#include "winapi/process/environment_variables.hpp"

#include "drivers/journal.h"

namespace {

using Entries = std::map<std::string, std::string>;
std::map<std::string, Entries>& sections() {
    static std::map<std::string, Entries> all;
    return all;
}

std::filesystem::path configuration() {
    return std::filesystem::temp_directory_path() /
           ("recorder_session_" + std::to_string(getpid()) + ".ini");
}

}  // namespace

// Windows drivers have an environment of their own.
void set_journal(const void* address) {
    const auto digits = instdrv::hex(reinterpret_cast<std::uintptr_t>(address)).substr(2);
    setenv(JOURNAL_VARIABLE, digits.c_str(), 1);
    instdrv::winapi::set_environment_variable(instdrv::to_utf16(JOURNAL_VARIABLE),
                                              instdrv::to_utf16(digits));
}

HDRVR open_driver(const char* name, const char* section, LPARAM lparam2) {
    return OpenDriverA(name, section, lparam2);
}

void set_alias(const char* section, const char* name, const char* value) {
    sections()[section][name] = value;
    {
        std::ofstream file(configuration());
        for (const auto& [header, entries] : sections()) {
            file << '[' << header << "]\n";
            for (const auto& [key, text] : entries)
                file << key << '=' << text << '\n';
        }
    }
    if (instdrv_set_configuration(configuration().c_str()) == 0) {
        std::fputs(instdrv_last_error_text(), stderr);
        std::abort();
    }
}

void remove_aliases() { std::filesystem::remove(configuration()); }
