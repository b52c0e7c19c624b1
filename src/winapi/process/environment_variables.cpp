#include "winapi/process/environment_variables.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "winapi/text/code_page.hpp"
#include "winapi/text/driver_text.hpp"

namespace instdrv::winapi {
namespace {

std::u16string upper_case(std::u16string_view name) {
    std::u16string upper(name);
    for (char16_t& c : upper) {
        if (c >= u'a' && c <= u'z') c = static_cast<char16_t>(c - 32);
    }
    return upper;
}

class Store {
public:
    Store() {
        for (const auto& [name, value] : {
                 std::pair{u"COMSPEC", u"C:\\windows\\system32\\cmd.exe"},
                 std::pair{u"OS", u"Windows_NT"},
                 std::pair{u"PATH", u"C:\\windows\\system32;C:\\windows"},
                 std::pair{u"SystemDrive", u"C:"},
                 std::pair{u"SystemRoot", u"C:\\windows"},
                 std::pair{u"TEMP", u"C:\\windows\\temp"},
                 std::pair{u"TMP", u"C:\\windows\\temp"},
                 std::pair{u"windir", u"C:\\windows"},
             }) {
            set(name, value);
        }
    }

    const EnvironmentVariable* find(std::u16string_view name) {
        const std::lock_guard lock(mutex_);
        const auto found = current_.find(upper_case(name));
        return found == current_.end() ? nullptr : found->second;
    }

    void set(std::u16string_view name, std::u16string_view value) {
        const std::lock_guard lock(mutex_);
        auto& variable = current_[upper_case(name)];
        const std::u16string spelling = variable != nullptr ? variable->name : std::u16string(name);
        all_.push_back(std::make_unique<EnvironmentVariable>(
            EnvironmentVariable{.name = spelling, .value = std::u16string(value)}));
        variable = all_.back().get();
    }

    const char* ansi_value(const EnvironmentVariable& variable) {
        const std::lock_guard lock(mutex_);
        std::string& value = ansi_values_[{&variable, ansi_code_page()}];
        if (value.empty()) value = to_ansi(variable.value);
        return value.c_str();
    }

    void remove(std::u16string_view name) {
        const std::lock_guard lock(mutex_);
        current_.erase(upper_case(name));
    }

    std::vector<const EnvironmentVariable*> list() {
        const std::lock_guard lock(mutex_);
        std::vector<const EnvironmentVariable*> variables;
        for (const auto& [name, variable] : current_)
            variables.push_back(variable);
        return variables;
    }

private:
    std::mutex mutex_;
    std::map<std::u16string, const EnvironmentVariable*> current_;
    std::vector<std::unique_ptr<const EnvironmentVariable>> all_;  // with values since replaced
    std::map<std::pair<const EnvironmentVariable*, UINT>, std::string>
        ansi_values_;  // as asked for
};

Store& store() {
    static auto* const variables = new Store;  // threads of drivers may outlive everything else
    return *variables;
}

}  // namespace

const EnvironmentVariable* find_environment_variable(std::u16string_view name) {
    return store().find(name);
}

const char* ansi_value_of(const EnvironmentVariable& variable) {
    return store().ansi_value(variable);
}

void set_environment_variable(std::u16string_view name, std::u16string_view value) {
    store().set(name, value);
}

void remove_environment_variable(std::u16string_view name) { store().remove(name); }

std::vector<const EnvironmentVariable*> environment_variables() { return store().list(); }

std::u16string expand_environment(std::u16string_view text) {
    std::u16string out;
    while (!text.empty()) {
        const auto end = text.front() == u'%' ? text.find(u'%', 1) : std::u16string_view::npos;
        const EnvironmentVariable* const variable =
            end == std::u16string_view::npos ? nullptr
                                             : find_environment_variable(text.substr(1, end - 1));
        if (variable != nullptr) {
            out += variable->value;
            text.remove_prefix(end + 1);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace instdrv::winapi
