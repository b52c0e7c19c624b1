# A conversion whose last part failed ended well.
set(source codec/convert.cpp)
set(test codec_test)
set(filter Convert.FailsWhereTheDriverFailsAtTheEnd)
set(from [==[
            if (!moved && held_ == 0 && is_refusal(moved.error())) return {};
]==])
set(to [==[
            if (!moved && held_ == 0) return {};
]==])
