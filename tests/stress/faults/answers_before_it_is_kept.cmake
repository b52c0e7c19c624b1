# Changes of the registry were answered with success before they were anywhere but in memory.
set(source winapi/state/journaled_file.cpp)
set(test winapi_kernel_test)
set(filter JournaledFiles.HaveOneFileAgainOnceTheyAreFolded)
set(from [==[
    if (const int error = write_at(journal, bytes, replayed_); error != 0) {
]==])
set(to [==[
    if (const int error = journal >= 0 ? 0 : write_at(journal, bytes, replayed_); error != 0) {
]==])
