#include "service/host_signals.hpp"

#include "service/host_protocol.hpp"

namespace instdrv::service {

using session::sendable;

void HostSignals::changed() {
    sd_bus_emit_properties_changed(bus_, host_path, host_interface, "State", "Drivers", "Instances",
                                   nullptr);
}

void HostSignals::opened(const InstanceInfo& info) {
    sd_bus_emit_signal(bus_, host_path, host_interface, "DriverOpened", "ts", id_of(info.handle),
                       sendable(info.name).c_str());
    changed();
}

void HostSignals::closed(HDRVR instance) {
    sd_bus_emit_signal(bus_, host_path, host_interface, "DriverClosed", "t", id_of(instance));
    changed();
}

void HostSignals::died(const DriverDeath& death) {
    sd_bus_message* made = nullptr;
    int result = sd_bus_message_new_signal(bus_, &made, host_path, host_interface, "DriverDied");
    const session::BusMessage signal(made);
    const auto append = [&](const auto& step) {
        if (result >= 0) result = step();
    };
    append([&] { return sd_bus_message_append(made, "s", sendable(death.file).c_str()); });
    append([&] { return sd_bus_message_open_container(made, 'a', "t"); });
    for (const auto instance : death.instances)
        append([&] { return sd_bus_message_append(made, "t", id_of(instance)); });
    append([&] { return sd_bus_message_close_container(made); });
    append([&] { return sd_bus_message_append(made, "s", sendable(death.error.text()).c_str()); });
    append([&] { return sd_bus_send(bus_, made, nullptr); });
    changed();
}

void HostSignals::ended(const std::string& report) {
    sd_bus_emit_signal(bus_, host_path, host_interface, "SessionEnding", "s", report.c_str());
}

}  // namespace instdrv::service
