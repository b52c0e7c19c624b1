# A host that ended on a thread which had called no driver waited for itself.
set(source core/instance_table.cpp)
set(test core_test)
set(filter LifeCycleEnd.MayComeOnAThreadThatCalledNoDriver)
set(seconds 10)
set(from [==[
    // A first record is made under the same lock, so it has to be there before.
    this_thread_record();
]==])
set(to [==[
]==])
