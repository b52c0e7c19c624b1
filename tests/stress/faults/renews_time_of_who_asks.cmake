# Drivers that messaged each other had a whole deadline more for each of them, one inside of another.
set(source supervisor/deadlines.cpp)
set(test supervisor_test)
set(filter NestedDeadlines.NothingIsBegunForADriverThatHasNoTimeLeft)
set(seconds 20)
set(from [==[
    if (!previous_ || (latest && *latest < *previous_)) latest_moment = latest;
]==])
set(to [==[
    latest_moment = latest;
]==])
