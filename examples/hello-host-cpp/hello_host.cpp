// Opens a driver, sends it a typed message and one of its own, and ends the session.
//
//     ./hello_host ../hello-driver/hello_driver.so
//     ./hello_host msadp32.acm
#include <instdrv/host.hpp>

#include <iostream>

// A message of the driver's own, with a typed answer.
struct Add {
    static constexpr UINT number = DRV_USER;
    using Response = long;
    LPARAM a = 0;
    LPARAM b = 0;
    [[nodiscard]] LPARAM lparam1() const noexcept { return a; }
    [[nodiscard]] LPARAM lparam2() const noexcept { return b; }
    static Response decode(LRESULT answer) noexcept { return answer; }
};

static int run(const char* name) {
    instdrv::Host host;
    const auto driver = host.open(name);
    if (!driver) {
        std::cerr << driver.error().text() << '\n';
        return 1;
    }
    if (const auto has_dialog = driver->send(instdrv::QueryConfigure{})) {
        std::cout << "has a dialog: " << std::boolalpha << *has_dialog << '\n';
    }
    if (const auto sum = driver->send(Add{20, 22})) std::cout << "20 + 22 = " << *sum << '\n';
    const auto report = host.exit_session();
    if (!report) {
        std::cerr << report.error().text() << '\n';
        return 1;
    }
    for (const auto& ended : report->drivers) {
        std::cout << ended.name << ": " << ended.outcome() << '\n';
    }
    return report->ended_well() ? 0 : 3;
}

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " DRIVER\n";
        return 2;
    }
    return run(argv[1]);
}
