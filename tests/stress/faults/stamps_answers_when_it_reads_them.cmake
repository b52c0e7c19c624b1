# An answer counted from when the exit came to read it.
set(source host/exit_executor.cpp)
set(test host_integration_test)
set(filter ExitPromise.AnAnswerCountsFromWhenItCame)
set(from [==[
                record(run_, std::move(ended));
]==])
set(to [==[
                ended.at = Clock::now();
                record(run_, std::move(ended));
]==])
