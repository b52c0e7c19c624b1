# A client had its time for a callback anew in each callback that it nested.
set(source worker/link_wait.cpp)
set(test worker_test)
set(filter LaneServer.CountsAClientsTimeInNestedCallbacksTogether)
set(seconds 20)
set(from [==[
        if (&wait->link_ == &link) deadline_ = wait->deadline_;
]==])
set(to [==[
        if (&wait->link_ == &link) return;
]==])
