#include "core/exit_plan.hpp"

#include <algorithm>
#include <utility>

namespace instdrv::core {
namespace {

// Appends calls in the order of the exit.
class Planner {
public:
    explicit Planner(const ExitWorld& world) : world_(world), has_instance_(world.modules.size()) {
        for (const auto& instance : world.instances)
            has_instance_[instance.module] = true;
    }

    void notify() {
        each_instance(DRV_EXITSESSION, ExitPhase::notify);
        for (std::size_t m = world_.modules.size(); m-- > 0;) {
            if (is_ready(m) && !has_instance_[m]) to_module(m, DRV_EXITSESSION, ExitPhase::notify);
        }
    }

    void close(bool send_close) {
        if (send_close) each_instance(DRV_CLOSE, ExitPhase::close);
        for (std::size_t m = world_.modules.size(); m-- > 0;) {
            if (!is_ready(m)) continue;
            if (send_close && world_.modules[m].session_instance) close_session_instance(m);
            to_module(m, DRV_DISABLE, ExitPhase::close);
            to_module(m, DRV_FREE, ExitPhase::close);
            to_module(m, unloading_step, ExitPhase::close);
        }
        for (std::size_t m = world_.modules.size(); m-- > 0;) {
            if (!is_ready(m)) wait_for(m);
        }
    }

    std::vector<ExitCall> take() { return std::move(calls_); }

private:
    void each_instance(UINT message, ExitPhase phase) {
        for (std::size_t i = world_.instances.size(); i-- > 0;) {
            const auto& instance = world_.instances[i];
            auto& call = to_module(instance.module, message, phase);
            call.instance = i;
            call.handle = instance.handle;
            call.driver_id = instance.driver_id;
        }
    }

    void close_session_instance(std::size_t module) {
        const auto& hidden = *world_.modules[module].session_instance;
        auto& call = to_module(module, DRV_CLOSE, ExitPhase::close);
        call.handle = hidden.handle;
        call.driver_id = hidden.driver_id;
        call.hidden = true;
    }

    [[nodiscard]] bool is_ready(std::size_t module) const {
        return world_.modules[module].state == ExitModuleState::ready;
    }

    void wait_for(std::size_t module) {
        const bool loading = world_.modules[module].state == ExitModuleState::loading;
        to_module(module, loading ? loading_step : unloading_step, ExitPhase::close).waits = true;
    }

    ExitCall& to_module(std::size_t module, UINT message, ExitPhase phase) {
        ExitCall call;
        call.step = calls_.size();
        call.queue = world_.modules[module].queue;
        call.module = module;
        call.message = message;
        call.phase = phase;
        return calls_.emplace_back(call);
    }

    const ExitWorld& world_;
    std::vector<bool> has_instance_;
    std::vector<ExitCall> calls_;
};

}  // namespace

std::vector<ExitCall> calls_of(const ExitWorld& world, const ExitOptions& options) {
    Planner planner(world);
    planner.notify();
    planner.close(options.send_close);
    return planner.take();
}

ExitPlan plan_of(const ExitWorld& world, const ExitOptions& options) {
    ExitPlan plan{.options = options, .steps = {}};
    for (const auto& call : calls_of(world, options)) {
        const auto& module = world.modules[call.module];
        if (call.hidden || call.waits || !module.enabled) continue;
        plan.steps.push_back({.phase = call.phase,
                              .message = call.message,
                              .instance = call.handle,
                              .driver_id = call.driver_id,
                              .file = module.file});
    }
    return plan;
}

}  // namespace instdrv::core
