# A session whose standard error took nothing failed, and aborted.
set(source service/outlet.cpp)
set(test service_test)
set(filter Outlet.never_fails_whoever_writes_to_it)
set(from [==[
    static_cast<Outlet*>(outlet)->put({text, size});
    return static_cast<ssize_t>(size);
]==])
set(to [==[
    static_cast<Outlet*>(outlet)->put({text, size});
    const auto outcome = static_cast<Outlet*>(outlet)->finish(std::chrono::steady_clock::now() +
                                                              std::chrono::seconds(1));
    return outcome && static_cast<Outlet*>(outlet)->outcome() ? static_cast<ssize_t>(size) : 0;
]==])
