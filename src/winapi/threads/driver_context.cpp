#include "winapi/threads/driver_context.hpp"

namespace instdrv::winapi {

constinit thread_local const DriverContext* detail::context = nullptr;

}  // namespace instdrv::winapi
