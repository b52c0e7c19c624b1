# What streams of the C runtime still held was lost when their driver was unloaded.
set(source winapi/files/driver_state.cpp)
set(test winapi_crt_test)
set(filter Streams.AreWrittenWhenTheirDriverIsUnloadedAndNoOthers)
set(from [==[
    streams_in_use.close(*this);
]==])
set(to [==[
]==])
