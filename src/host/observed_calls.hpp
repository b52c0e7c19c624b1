// Reports a module's calls to an observer.
#pragma once

#include <instdrv/trace.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/call_watch.hpp"
#include "messages/catalog.hpp"

namespace instdrv {

class ObservedCalls final : public core::CallWatch {
public:
    // `module` outlives its calls.
    ObservedCalls(core::Module& module, std::string file, std::shared_ptr<CallObserver> observer)
        : module_(module), file_(std::move(file)), observer_(std::move(observer)) {}

    core::Answer call(const core::Target& target, UINT message, LPARAM lparam1,
                      LPARAM lparam2) noexcept override;
    void opening(HDRVR hdrvr, std::string_view section) override;
    void closed(HDRVR hdrvr) noexcept override;

private:
    // What an instance is opened as, which decides what its messages mean.
    struct Opened {
        std::string section;
        messages::Family family = messages::Family::standard;
    };
    messages::Family family_of(HDRVR instance, UINT message, LPARAM lparam2);
    std::string describe(HDRVR instance, UINT message, LPARAM lparam1, LPARAM lparam2);

    core::Module& module_;
    std::string file_;
    std::shared_ptr<CallObserver> observer_;
    std::mutex mutex_;
    std::map<HDRVR, Opened> opened_;
};

}  // namespace instdrv
