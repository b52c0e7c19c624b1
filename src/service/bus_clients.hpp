// The clients on the bus: the instances that each has open, and the drivers that are shared with
// it.
#pragma once

#include <instdrv/driver.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "host/shared_driver.hpp"
#include "session/bus.hpp"

namespace instdrv::service {

struct Holdings {
    std::vector<HDRVR> instances;
    std::map<std::uint64_t, std::shared_ptr<SharedDriver>> shares;  // letting go may call drivers
};

// Clients are their unique names on the bus, ":1.42", which are never given out twice.
// [loop thread]
class BusClients {
public:
    // Called when a client has left the bus, with what it had.
    using Gone = std::function<void(Holdings)>;
    explicit BusClients(Gone gone) : gone_(std::move(gone)) {}
    BusClients(const BusClients&) = delete;
    BusClients& operator=(const BusClients&) = delete;
    ~BusClients() = default;

    // If the client has left meanwhile, `gone` is called at once or soon.
    void add(sd_bus* bus, const std::string& client, HDRVR instance);
    // Returns the number that the client calls it by.
    std::uint64_t add(sd_bus* bus, const std::string& client, std::shared_ptr<SharedDriver> share);
    void remove(HDRVR instance);
    // Whether the client opened it.
    [[nodiscard]] bool has(const std::string& client, HDRVR instance) const;
    // Null: the client has no such share.
    [[nodiscard]] std::shared_ptr<SharedDriver> find(const std::string& client,
                                                     std::uint64_t share) const;
    std::shared_ptr<SharedDriver> remove(const std::string& client, std::uint64_t share);
    // Takes everything that the client holds away from it.
    Holdings take(const std::string& client);

private:
    struct Unref {
        void operator()(sd_bus_track* track) const noexcept { sd_bus_track_unref(track); }
    };
    struct Client {
        BusClients& owner;
        std::string name;
        std::unique_ptr<sd_bus_track, Unref> track;
        Holdings holdings;
    };

    // `note` puts something into the client's holdings.
    void add(sd_bus* bus, const std::string& client, const std::function<void(Holdings&)>& note);
    static int left(sd_bus_track* track, void* client) noexcept;

    Gone gone_;
    std::map<std::string, std::unique_ptr<Client>> clients_;
    std::unordered_map<HDRVR, std::string> holders_;  // of instances
    std::uint64_t next_share_ = 1;
};

}  // namespace instdrv::service
