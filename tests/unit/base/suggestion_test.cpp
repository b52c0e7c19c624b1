#include "base/suggestion.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace instdrv {
namespace {

const std::vector<std::string> names{"list", "inspect", "--json", "--notify-timeout",
                                     "--close-timeout"};

TEST(EditDistance, CountsWhatHasToChange) {
    EXPECT_EQ(edit_distance("", ""), 0u);
    EXPECT_EQ(edit_distance("", "list"), 4u);
    EXPECT_EQ(edit_distance("list", "list"), 0u);
    EXPECT_EQ(edit_distance("LIST", "list"), 0u);
    EXPECT_EQ(edit_distance("lits", "list"), 1u) << "neighbours were swapped";
    EXPECT_EQ(edit_distance("lst", "list"), 1u);
    EXPECT_EQ(edit_distance("lisst", "list"), 1u);
    EXPECT_EQ(edit_distance("lost", "list"), 1u);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(DidYouMean, NamesTheNearest) {
    EXPECT_EQ(did_you_mean("lst", names), "; did you mean list?");
    EXPECT_EQ(did_you_mean("inspetc", names), "; did you mean inspect?");
    EXPECT_EQ(did_you_mean("--jsno", names), "; did you mean --json?");
    EXPECT_EQ(did_you_mean("--notify-timout", names), "; did you mean --notify-timeout?");
    EXPECT_EQ(did_you_mean("--close-timout", names), "; did you mean --close-timeout?");
    EXPECT_EQ(did_you_mean("--notify", names), "; did you mean --notify-timeout?");
}

TEST(DidYouMean, IsSilentWhereNothingIsNear) {
    for (const char* word : {"fly", "", "-", "--", "--no-such-option", "x", "-j"})
        EXPECT_EQ(did_you_mean(word, names), "") << word;
    EXPECT_EQ(did_you_mean("list", {}), "");
}

}  // namespace
}  // namespace instdrv
