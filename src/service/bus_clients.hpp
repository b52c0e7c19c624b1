// Who on the bus has which instances open.
#pragma once

#include <instdrv/driver.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "session/bus.hpp"

namespace instdrv::service {

// Clients are their unique names on the bus, ":1.42", which are never given out twice.
// [loop thread]
class BusClients {
public:
    // Called when a client with instances has left the bus, with what it had open.
    using Gone = std::function<void(const std::vector<HDRVR>&)>;
    explicit BusClients(Gone gone) : gone_(std::move(gone)) {}
    BusClients(const BusClients&) = delete;
    BusClients& operator=(const BusClients&) = delete;
    ~BusClients() = default;

    // If the client has left meanwhile, `gone` is called at once or soon.
    void add(sd_bus* bus, const std::string& client, HDRVR instance);
    void remove(HDRVR instance);
    // What the client has open, which is nobody's from now on.
    std::vector<HDRVR> take(const std::string& client);

private:
    struct Unref {
        void operator()(sd_bus_track* track) const noexcept { sd_bus_track_unref(track); }
    };
    struct Client {
        BusClients& owner;
        std::string name;
        std::unique_ptr<sd_bus_track, Unref> track;
        std::vector<HDRVR> instances;
    };

    static int left(sd_bus_track* track, void* client) noexcept;

    Gone gone_;
    std::map<std::string, std::unique_ptr<Client>> clients_;
};

}  // namespace instdrv::service
