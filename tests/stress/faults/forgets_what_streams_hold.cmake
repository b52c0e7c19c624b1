# What streams of the C runtime still held was lost when their driver was unloaded.
set(source winapi/driver_state.cpp)
set(test winapi_crt_test)
set(filter Streams.AreWrittenWhenTheirDriverIsUnloadedAndNoOthers)
set(from [==[
    crt::Stream::close_of(*this);
]==])
set(to [==[
]==])
