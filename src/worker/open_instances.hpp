// The instances that clients may call on their own channels: those that the supervisor has opened
// for them. Closing one waits until no thread is inside of it; so do disabling and unloading a
// module. [any thread]
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/module.hpp"

namespace instdrv::worker {

class OpenInstances {
public:
    struct Instance {
        core::Module* module = nullptr;
        DWORD_PTR driver_id = 0;
        std::uint32_t channel = 0;  // whose client may call it; 0: none
    };

    // The driver has accepted the DRV_OPEN of the instance that it knows by this name.
    void opened(std::uint64_t name, const Instance& instance);
    // Lets no client in any more and waits for those that are inside, except for the calling
    // thread, on which a driver may be closing its own instance. False if a client is still inside
    // after `longest`.
    [[nodiscard]] bool shut(std::uint64_t name, std::chrono::milliseconds longest);
    // The same, for as long as it takes.
    void shut(std::uint64_t name);
    // The same of all instances of a module, which is about to be disabled.
    void shut(const core::Module& module);
    // The driver refused to be closed.
    void admit(std::uint64_t name);
    void closed(std::uint64_t name);
    // The channel of the client that may call the instance; 0 if there is no such client or
    // instance.
    [[nodiscard]] std::uint32_t channel_of(std::uint64_t name);
    // Forgets all instances of a module, which is about to be unloaded.
    void forget(const core::Module& module);

    // A client's call, for as long as this lives. It is inside where `instance` has a value: where
    // that is open, and that client's.
    class Visit {
    public:
        Visit(OpenInstances& instances, std::uint64_t name, std::uint32_t channel);
        ~Visit();
        Visit(const Visit&) = delete;
        Visit& operator=(const Visit&) = delete;
        [[nodiscard]] const std::optional<Instance>& instance() const noexcept { return instance_; }

    private:
        OpenInstances& instances_;
        std::uint64_t name_;
        std::optional<Instance> instance_;
    };

private:
    struct Entry {
        Instance instance;
        bool shut = false;
    };
    struct Inside {
        std::uint64_t name;
        const core::Module* module;
        std::thread::id thread;
    };

    // With mutex_.
    void refuse_entry(std::uint64_t name);
    template <class Matches>
    [[nodiscard]] bool has_left(const Matches& matches) const;

    std::mutex mutex_;
    std::condition_variable left_;
    std::map<std::uint64_t, Entry> entries_;
    std::vector<Inside> inside_;
};

}  // namespace instdrv::worker
