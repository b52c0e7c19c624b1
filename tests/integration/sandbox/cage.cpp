#include "cage.hpp"

#include <cstring>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "sandbox/syscalls.hpp"
#include "support/command.hpp"

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;
using sandbox::Architecture;

void write(const fs::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

World::World(bool of_nobody) {
    fs::permissions(folder_.path(), fs::perms(0755));
    for (const char* const name : {"driver", "state", "state/sub", "outside"}) {
        fs::create_directory(folder_ / name);
    }
    write(folder_ / "driver/driver.acm", "driver");
    write(folder_ / "state/kept.txt", "kept");
    write(folder_ / "outside/secret.txt", "secret");
    fs::create_symlink(folder_ / "outside/secret.txt", folder_ / "state/link");
    fs::create_symlink("..", folder_ / "state/up");
    write(folder_ / "state/closed.txt", "closed");
    fs::permissions(folder_ / "state/closed.txt", fs::perms::none);
    if (!of_nobody) return;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
        if (::lchown(entry.path().c_str(), nobody, nobody) != 0) throw std::runtime_error("lchown");
    }
}

bool World::is_unharmed() const {
    const auto secret = folder_ / "outside/secret.txt";
    const auto driver = folder_ / "driver/driver.acm";
    for (const auto& file : {secret, driver}) {
        if (!fs::exists(file) || fs::file_size(file) != std::strlen("secret")) return false;
        const auto mode = fs::status(file).permissions();
        if ((mode & fs::perms::others_write) != fs::perms::none) return false;
    }
    return entries("outside") == 1 && entries("driver") == 1;
}

std::ptrdiff_t World::entries(const char* name) const {
    return std::distance(fs::directory_iterator(folder_ / name), {});
}

sandbox::PolicyBuilder World::policy(Architecture architecture,
                                     sandbox::KernelSupport kernel) const {
    sandbox::PolicyBuilder builder(architecture, kernel);
    builder.driver_folder(folder_ / "driver").state_folder(folder_ / "state");
    return builder;
}

CagedProgram::CagedProgram(Architecture architecture, bool as_nobody)
    : architecture_(architecture), as_nobody_(as_nobody) {
    fs::permissions(folder_.path(), fs::perms(0755));
    fs::copy_file(architecture == Architecture::amd64 ? CAGED_AMD64 : CAGED_I386, path());
}

std::string CagedProgram::outcome(const std::string& attempt, const World& world,
                                  const sandbox::PolicyBuilder& builder) const {
    const auto policy = builder.build();
    if (!policy) return policy.error().text();
    const auto plan = policy->serialise();
    write(folder_ / "plan", {reinterpret_cast<const char*>(plan.data()), plan.size()});
    std::vector<std::string> arguments;
    if (as_nobody_) arguments = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    arguments.insert(arguments.end(), {path(), folder_ / "plan", attempt, world.path()});
    const auto result = run({.arguments = arguments, .environment = {{"TZ", "Europe/Berlin"}}});
    if (result.status == 0) return in_words(result.out);
    constexpr int killed = 128;
    if (result.status > killed) {
        return std::string("killed by SIG") + ::sigabbrev_np(result.status - killed);
    }
    return "ended with " + std::to_string(result.status) + ": " + result.err;
}

std::string CagedProgram::outcome(const std::string& attempt, const World& world) const {
    return outcome(attempt, world, world.policy(architecture_));
}

std::vector<std::string> CagedProgram::listed(const std::string& kind) const {
    std::istringstream lines(run({.arguments = {path(), "--list"}}).out);
    std::vector<std::string> names;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string first, name;
        words >> first >> name;
        if (first == kind) names.push_back(name);
    }
    return names;
}

// "denied 41 3221225534" to "denied socket", "errno 13" to "EACCES".
std::string CagedProgram::in_words(const std::string& line) const {
    std::istringstream words(line);
    std::string what;
    long number = 0;
    words >> what >> number;
    if (what == "errno") return ::strerrorname_np(static_cast<int>(number));
    if (what != "denied") return what;
    unsigned audit = 0;
    words >> audit;
    const auto architecture = sandbox::architecture_of(audit, architecture_);
    std::string of_another;
    if (architecture != architecture_) {
        of_another = architecture == Architecture::amd64 ? "amd64 " : "i386 ";
    }
    return "denied " + of_another +
           sandbox::name_of_syscall(static_cast<std::int32_t>(number), architecture);
}

}  // namespace instdrv::test
