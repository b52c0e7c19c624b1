# A worker that did not read what it was told held its host up.
set(source channel/control.cpp)
set(test supervisor_test)
set(filter Worker.KeepsWhatItIsToldUntilItReads)
set(seconds 20)
set(from [==[
    if (send(socket, notice, descriptors, MSG_DONTWAIT)) return Sent::yes;
]==])
set(to [==[
    if (send(socket, notice, descriptors, 0)) return Sent::yes;
]==])
