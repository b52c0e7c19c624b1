// Decides what drivers in workers may open. The rules are a table (broker.cpp); everything else is
// refused and reported.
//
// | a driver may open                                          | because                          |
// |------------------------------------------------------------|----------------------------------|
// | an alias of the configuration                              | its user has put it there        |
// | a file of its own folder, older than its worker, by a name | it was installed together with it|
// | what its setting may_open= names                           | its user says so                 |
//
// Never a path, and never a file below the state folder, where drivers write.
#pragma once

#include <instdrv/error.hpp>

#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "core/asker.hpp"
#include "core/life_cycle.hpp"

namespace instdrv {

// Tells of what was refused, each thing once. [any thread]
class Refusals {
public:
    using Notice = std::function<void(const std::string& line)>;
    explicit Refusals(Notice notice) : notice_(std::move(notice)) {}
    void tell(const core::Asker& asker, const Error& refusal);

private:
    static constexpr std::size_t most_told = 100;  // a driver may ask for names without end
    const Notice notice_;
    std::mutex mutex_;
    std::set<std::string> told_;
};

// How names are looked up for a program.
struct Lookup {
    std::function<Result<core::OpenRequest>(std::string_view name)> resolve;
    std::filesystem::path state_root;  // empty: there is none
};

// What the driver may have of what it asks for. Fails with unsupported where that is nothing.
Result<core::OpenRequest> resolve_for(const core::Asker& asker, std::string_view name,
                                      const Lookup& lookup);

// Is it a driver that this one was installed together with?
bool belongs_to(const core::Asker& asker, const std::filesystem::path& file);

}  // namespace instdrv
