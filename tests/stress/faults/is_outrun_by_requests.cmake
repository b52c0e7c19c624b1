# A worker whose requests took long outran its deadline.
set(source supervisor/worker_calls.cpp)
set(test supervisor_test)
set(filter Worker.CannotOutrunItsDeadlineWithRequestsThatTakeLong)
set(seconds 20)
set(from [==[
constexpr int most_extensions = 8;  // times the deadline
]==])
set(to [==[
constexpr int most_extensions = 100'000;
]==])
