#include "fault_files.hpp"
#include "support/i386.hpp"

#include <chrono>
#include <fstream>
#include <string>

#include <unistd.h>

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;

// Long enough for a machine that has much else to do; only hanging drivers use theirs up.
constexpr std::chrono::milliseconds fault_deadline{1000};

}  // namespace

FaultFiles::FaultFiles(const Fault& fault, const Build& build) : fault_(fault), build_(build) {
    const auto home = folder_ / "home";
    fs::create_directory(folder_ / "drivers");
    fs::create_directory(home);
    std::ofstream(home / "secret") << "not for drivers\n";
    std::ofstream(folder_ / "drivers/facts.txt") << ::getpid() << ' ' << (home / "secret").string();
    for (const auto& stage : stages)
        fs::copy_file(driver_file(std::string(build.folder) + "misbehaves", build.ending),
                      driver(stage));
    write_configuration();
}

fs::path FaultFiles::driver(const Stage& stage) const {
    return folder_ / "drivers" / (std::string(fault_.name) + "-" + stage.name + build_.ending);
}

void FaultFiles::write_configuration() const {
    std::ofstream file(configuration());
    for (const auto& stage : stages) {
        if (!fault_.takes_its_deadline) break;
        file << "[instdrv." << driver(stage).string() << "]\ndeadline=" << fault_deadline.count()
             << "ms\n";
    }
}

std::vector<fs::path> healthy_files() {
    std::vector<fs::path> files;
    for (const auto& name :
         that_run_here({"misbehaves.so", "misbehaves.dll", "i386/misbehaves.dll"}))
        files.push_back(fs::path(INSTDRV_TEST_DRIVERS) / name);
    return files;
}

}  // namespace instdrv::test
