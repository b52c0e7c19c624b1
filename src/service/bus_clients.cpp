#include "service/bus_clients.hpp"

#include <utility>

namespace instdrv::service {

int BusClients::left(sd_bus_track*, void* client) noexcept {
    auto& self = static_cast<Client*>(client)->owner;
    const auto name = static_cast<Client*>(client)->name;
    self.gone_(self.take(name));
    return 1;  // 0 would have sd-bus come back to the track, which is gone
}

void BusClients::add(sd_bus* bus, const std::string& client, HDRVR instance) {
    auto& entry = clients_[client];
    if (!entry) {
        entry.reset(new Client{.owner = *this, .name = client, .track = {}, .instances = {}});
        sd_bus_track* track = nullptr;
        sd_bus_track_new(bus, &track, left, entry.get());
        entry->track.reset(track);
        if (sd_bus_track_add_name(track, client.c_str()) < 0) {
            entry->instances.push_back(instance);
            return gone_(take(client));
        }
    }
    entry->instances.push_back(instance);
}

void BusClients::remove(HDRVR instance) {
    for (auto& [name, client] : clients_)
        std::erase(client->instances, instance);
}

std::vector<HDRVR> BusClients::take(const std::string& client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return {};
    auto instances = std::move(found->second->instances);
    clients_.erase(found);
    return instances;
}

}  // namespace instdrv::service
