#include "service/bus_clients.hpp"

#include <utility>

namespace instdrv::service {

int BusClients::left(sd_bus_track*, void* client) noexcept {
    auto& self = static_cast<Client*>(client)->owner;
    const auto name = static_cast<Client*>(client)->name;
    self.gone_(self.take(name));
    return 1;  // 0 would have sd-bus come back to the track, which is gone
}

void BusClients::add(sd_bus* bus, const std::string& client,
                     const std::function<void(Holdings&)>& note) {
    auto& entry = clients_[client];
    const bool is_new = !entry;
    if (is_new)
        entry.reset(new Client{.owner = *this, .name = client, .track = {}, .holdings = {}});
    note(entry->holdings);
    if (!is_new) return;
    sd_bus_track* track = nullptr;
    sd_bus_track_new(bus, &track, left, entry.get());
    entry->track.reset(track);
    if (sd_bus_track_add_name(track, client.c_str()) < 0) gone_(take(client));
}

void BusClients::add(sd_bus* bus, const std::string& client, HDRVR instance) {
    holders_[instance] = client;
    add(bus, client, [&](Holdings& holdings) { holdings.instances.push_back(instance); });
}

std::uint64_t BusClients::add(sd_bus* bus, const std::string& client,
                              std::shared_ptr<SharedDriver> share) {
    const auto number = next_share_++;
    add(bus, client,
        [&](Holdings& holdings) { holdings.shares.emplace(number, std::move(share)); });
    return number;
}

void BusClients::remove(HDRVR instance) {
    const auto holder = holders_.extract(instance);
    if (holder.empty()) return;
    const auto client = clients_.find(holder.mapped());
    if (client != clients_.end()) std::erase(client->second->holdings.instances, instance);
}

bool BusClients::has(const std::string& client, HDRVR instance) const {
    const auto holder = holders_.find(instance);
    return holder != holders_.end() && holder->second == client;
}

std::shared_ptr<SharedDriver> BusClients::find(const std::string& client,
                                               std::uint64_t share) const {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return nullptr;
    const auto& shares = found->second->holdings.shares;
    const auto entry = shares.find(share);
    return entry == shares.end() ? nullptr : entry->second;
}

std::shared_ptr<SharedDriver> BusClients::remove(const std::string& client, std::uint64_t share) {
    auto found = find(client, share);
    if (found != nullptr) clients_.at(client)->holdings.shares.erase(share);
    return found;
}

Holdings BusClients::take(const std::string& client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return {};
    auto holdings = std::move(found->second->holdings);
    clients_.erase(found);
    for (const auto instance : holdings.instances)
        holders_.erase(instance);
    return holdings;
}

}  // namespace instdrv::service
