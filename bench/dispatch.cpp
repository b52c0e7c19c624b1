// What SendDriverMessage costs in one process: against a bare indirect call of the same DriverProc,
// with one open instance and with 10,000, from two threads, and against Wine with the same DLL.
//
//     dispatch [--json] [DRIVER]      default: msg711.acm of Debian's libwine
#include <instdrv/driver.h>
#include <instdrv/host.hpp>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/image_view.hpp"
#include "rounds.hpp"
#include "wine.hpp"

namespace {

using namespace instdrv;

constexpr UINT message = DRV_USER + 0x0123;  // no driver knows it: the shortest way through one
constexpr long calls = 2'000'000;
constexpr int rounds = 15;

using PeDriverProc = LRESULT(__attribute__((ms_abi)) *)(DWORD_PTR, HDRVR, UINT, LPARAM, LPARAM);

[[noreturn]] void fail(const std::string& what) {
    fmt::print(stderr, "dispatch: {}\n", what);
    std::exit(1);
}

HDRVR open(const std::string& driver) {
    const HDRVR handle = OpenDriverA(driver.c_str(), nullptr, 0);
    if (handle == nullptr) fail(instdrv_last_error_text());
    return handle;
}

std::string file_of(HDRVR handle) {
    const auto info = Host::default_host().info(handle);
    if (!info) fail(info.error().text());
    return info->file;
}

PeDriverProc driver_proc_of(HDRVR handle) {
    const auto content = read_file(file_of(handle));
    if (!content) fail(content.error().text());
    const auto view = pe::ImageView::of_file(*content);
    if (!view) fail(view.error().text());
    const auto exports = pe::ExportTable::parse(*view);
    const auto* const proc = exports ? exports->find({.name = "DriverProc"}) : nullptr;
    if (proc == nullptr) fail("this benchmark wants a Windows DLL that exports DriverProc");
    return reinterpret_cast<PeDriverProc>(
        reinterpret_cast<std::uintptr_t>(GetDriverModuleHandle(handle)) + proc->rva);
}

double send_many(HDRVR handle) {
    return bench::time_per_call(calls, [=] { SendDriverMessage(handle, message, 0, 0); });
}

// Time per call when two threads send `calls` each: half of one thread's, at best.
double send_from_two_threads(HDRVR first, HDRVR second) {
    const auto start = std::chrono::steady_clock::now();
    std::thread other([=] { send_many(second); });
    send_many(first);
    other.join();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    return took.count() / (2.0 * calls);
}

// The same loop in a Windows program under Wine; 0 where there is no Wine.
double send_under_wine(const std::string& file) {
    const auto output = bench::output_of(
        bench::under_wine(fmt::format("{} 'Z:{}' {}", WINE_DISPATCH, file, calls)));
    return output.empty() ? 0 : std::atof(output.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    std::string driver = "msg711.acm";
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] != '-') driver = argv[i];
    }
    const HDRVR first = open(driver);
    const HDRVR second = open(driver);
    const PeDriverProc bare = driver_proc_of(first);
    SendDriverMessage(first, message, 0, 0);  // prepares this thread

    std::vector<bench::Variant> variants = {
        {"bare",
         [=] {
             PeDriverProc volatile proc = bare;
             return bench::time_per_call(calls, [&] { proc(1, first, message, 0, 0); });
         }},
        {"send", [=] { return send_many(first); }},
        {"two_threads", [=] { return send_from_two_threads(first, second); }},
        {"wine", [=] { return send_under_wine(file_of(first)); }},
    };
    const auto few = bench::medians(variants, rounds);
    for (int i = 2; i < 10'000; ++i)
        open(driver);
    const auto many = bench::medians({variants[0], variants[1]}, rounds);

    std::vector<bench::Figure> figures = {
        {"bare_call_ns", few[0], "ns"},
        {"send_1_instance_ns", few[1], "ns"},
        {"send_10000_instances_ns", many[1], "ns"},
        {"send_over_bare_1_instance", few[1] / few[0], "ratio"},
        {"send_over_bare_10000_instances", many[1] / many[0], "ratio"},
        {"two_threads_over_one", few[1] / few[2], "ratio"},
    };
    if (few[3] > 0) {
        figures.push_back({"wine_send_ns", few[3], "ns"});
        figures.push_back({"wine_over_send", few[3] / few[1], "ratio"});
    }
    bench::print(figures, argc, argv);
    return 0;
}
