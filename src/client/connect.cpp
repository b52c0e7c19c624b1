#include <instdrv/connect.hpp>

#include <utility>

#include "client/remote_source.hpp"
#include "host/impl.hpp"

namespace instdrv {

Result<std::unique_ptr<Host>> connect() {
    auto session = client::RemoteSession::connect();
    if (!session) return failure(std::move(session.error()));
    return std::make_unique<Host>(
        Host::Impl::make([&](core::DriverSystem&, const supervisor::Requests::FindSystem&) {
            return std::make_unique<client::RemoteSource>(*std::move(session));
        }));
}

}  // namespace instdrv
