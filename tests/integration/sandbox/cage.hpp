// The caged program (caged.hpp) and a small world around it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sandbox/policy.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {

constexpr unsigned nobody = 65534;

// What there is to attack, made anew for each attempt, since some change it. Everybody may enter;
// what is inside belongs to whom the program runs as.
class World {
public:
    explicit World(bool of_nobody = false);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }
    // Is all as it was but what lies in the state folder?
    [[nodiscard]] bool is_unharmed() const;
    // The usual policy for a driver in this world.
    [[nodiscard]] sandbox::PolicyBuilder policy(
        sandbox::Architecture architecture,
        sandbox::KernelSupport kernel = sandbox::kernel_support()) const;

private:
    [[nodiscard]] std::ptrdiff_t entries(const char* name) const;

    TemporaryFolder folder_;
};

class CagedProgram {
public:
    explicit CagedProgram(sandbox::Architecture architecture, bool as_nobody = false);

    // What came of an attempt under a policy, in the words of expectations.hpp; where the program
    // did not get that far, why.
    [[nodiscard]] std::string outcome(const std::string& attempt, const World& world,
                                      const sandbox::PolicyBuilder& policy) const;
    [[nodiscard]] std::string outcome(const std::string& attempt, const World& world) const;
    // The names it knows of a kind: "attempt" or "call".
    [[nodiscard]] std::vector<std::string> listed(const std::string& kind) const;

private:
    [[nodiscard]] std::string path() const { return folder_ / "caged"; }
    [[nodiscard]] std::string in_words(const std::string& line) const;

    sandbox::Architecture architecture_;
    bool as_nobody_;
    TemporaryFolder folder_;
};

}  // namespace instdrv::test
