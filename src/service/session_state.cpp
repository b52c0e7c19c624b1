#include "service/session_state.hpp"

#include <utility>

namespace instdrv::service {

void SessionState::enter(std::string_view state) {
    name = state;
    if (object != nullptr) object->changed();
}

void SessionState::stop(Error error) {
    outcome = failure(std::move(error));
    loop->quit();
}

}  // namespace instdrv::service
