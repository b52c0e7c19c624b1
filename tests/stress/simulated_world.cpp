#include "stress/simulated_world.hpp"

#include <array>

#include <fmt/format.h>

#include "messages/catalog.hpp"
#include "stress/random.hpp"

namespace instdrv::stress {
namespace {

// How a module's handlers tend to behave.
enum Temper : unsigned { good, slow, hanging, late, breaking, refusing, closing_others };
constexpr std::array temper_names = {"good",     "slow",     "hanging",       "late",
                                     "breaking", "refusing", "closing others"};

Duration random_timeout(Random& random) {
    constexpr std::array<int, 8> choices = {0, 1, 2, 10, 50, 100, 100, 2000};
    return Duration(choices[random.below(choices.size())]);
}

core::ExitModule random_module(Random& random, std::size_t index, bool shared_queues) {
    core::ExitModule module;
    module.queue = shared_queues ? random.below(3) : index;
    module.name = fmt::format("m{}", index);
    module.file = fmt::format("m{}.dll", index);
    module.kind = "simulated";
    if (random.percent(10)) {
        module.state =
            random.percent(50) ? core::ExitModuleState::loading : core::ExitModuleState::unloading;
        return module;
    }
    module.enabled = !random.percent(5);
    if (random.percent(40)) {
        module.session_instance = {reinterpret_cast<HDRVR>(0x1000 + index), random.next()};
    }
    return module;
}

// Most instances are left in peace.
Holder random_holder(Random& random, const ExitOptions& options) {
    const auto whole =
        static_cast<std::size_t>((options.notify_timeout + options.close_timeout).count() + 10);
    const auto some_time = [&] { return Duration(random.below(whole)); };
    Holder out;
    if (random.percent(15)) out.inside = some_time();
    if (random.percent(2)) out.inside.reset();
    if (random.percent(20)) {
        out.leaves = random.percent(30) ? Duration(0) : some_time();
        if (!random.percent(5)) out.closing = random.percent(60) ? Duration(0) : some_time();
    }
    return out;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    return Random(a ^ (b * 0xD6E8FEB86659FD93u)).next();
}

Behaviour behaviour_of(Temper temper, Random& random, const core::ExitCall& call, Duration timeout,
                       std::size_t instances) {
    const auto within = static_cast<std::size_t>(timeout.count()) + 1;
    Behaviour out{.takes = Duration(random.below(4)),
                  .answer = static_cast<LRESULT>(random.next() | 1)};
    const bool acts = random.percent(40);
    switch (temper) {
        case slow: out.takes = Duration(random.below(within)); break;
        case hanging:
            if (acts) out.end = Behaviour::End::never;
            break;
        case late:
            if (acts) out.takes = timeout + Duration(random.below(within));
            break;
        case breaking:
            if (acts) out.end = Behaviour::End::breaks;
            break;
        case refusing:
            if (call.message == DRV_CLOSE || acts) out.answer = 0;
            break;
        case closing_others:
            for (std::size_t n = acts ? random.below(3) : 0; n > 0 && instances > 0; --n) {
                out.closes.push_back(random.below(instances));
            }
            break;
        default: break;
    }
    return out;
}

std::string text_of(const Holder& holder) {
    const auto time = [](const std::optional<Duration>& of) {
        return of ? fmt::format("{} ms", of->count()) : std::string("ever");
    };
    std::string out;
    if (holder.inside != Duration(0)) out += fmt::format(" (entered for {})", time(holder.inside));
    if (holder.leaves) {
        out += fmt::format(" (closed after {}, for {})", time(holder.leaves), time(holder.closing));
    }
    return out;
}

}  // namespace

Behaviour SimulatedWorld::behaviour(const core::ExitCall& call) const {
    const auto who = call.instance ? *call.instance + 1 : 0;
    const auto what = (call.module * 64 + who) * 64 + call.message * 2 + (call.hidden ? 1 : 0);
    Random random(mix(seed, what));
    const auto timeout =
        call.phase == ExitPhase::notify ? options.notify_timeout : options.close_timeout;
    return behaviour_of(static_cast<Temper>(tempers[call.module]), random, call, timeout,
                        world.instances.size());
}

std::string SimulatedWorld::text() const {
    std::string out =
        fmt::format("notify {} ms, close {} ms, {}DRV_CLOSE\n", options.notify_timeout.count(),
                    options.close_timeout.count(), options.send_close ? "" : "no ");
    for (std::size_t m = 0; m < world.modules.size(); ++m) {
        const auto& module = world.modules[m];
        out += fmt::format("{} in queue {}, {}{}{}, instances:", module.file, module.queue,
                           temper_names[tempers[m]], module.enabled ? "" : ", not enabled",
                           module.session_instance ? ", with a session instance" : "");
        for (std::size_t i = 0; i < world.instances.size(); ++i) {
            if (world.instances[i].module == m) out += fmt::format(" {}{}", i, text_of(holders[i]));
        }
        out += '\n';
    }
    return out;
}

SimulatedWorld random_world(std::uint64_t seed) {
    Random random(mix(seed, 1));
    SimulatedWorld out;
    out.seed = seed;
    out.options.notify_timeout = random_timeout(random);
    out.options.close_timeout = random_timeout(random);
    out.options.send_close = random.percent(85);
    const auto modules = random.below(8);
    const bool shared_queues = random.percent(25);
    const bool all_good = random.percent(10);
    for (std::size_t m = 0; m < modules; ++m) {
        out.world.modules.push_back(random_module(random, m, shared_queues));
        out.tempers.push_back(static_cast<unsigned>(all_good ? std::size_t{good}
                                                             : random.below(temper_names.size())));
    }
    for (auto left = modules == 0 ? 0 : random.below(12); left > 0; --left) {
        const auto i = out.world.instances.size();
        const auto module = random.below(modules);
        if (out.world.modules[module].state != core::ExitModuleState::ready) continue;
        out.world.instances.push_back({.handle = reinterpret_cast<HDRVR>(0x2000 + i),
                                       .driver_id = random.next(),
                                       .module = module,
                                       .name = fmt::format("i{}", i)});
        out.holders.push_back(random_holder(random, out.options));
    }
    return out;
}

std::string text_of(const core::ExitCall& call) {
    const auto who = call.instance ? fmt::format(" instance {}", *call.instance)
                     : call.hidden ? std::string(" session instance")
                                   : std::string();
    return fmt::format("m{}{} {}", call.module, who, messages::describe(call.message));
}

}  // namespace instdrv::stress
