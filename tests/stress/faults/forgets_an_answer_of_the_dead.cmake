# A call whose answer had come failed, where the worker had died before anybody looked.
set(source supervisor/worker_calls.cpp)
set(test supervisor_test)
set(filter Worker.HasAnsweredWhatItAnsweredBeforeItDied)
set(seconds 20)
set(from [==[
        const auto is_lost = [&] { return is_dead() && !listener.rang_before_its_end(heard); };
]==])
set(to [==[
        const auto is_lost = [&] { return is_dead(); };
]==])
