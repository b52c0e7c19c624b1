// The recording driver, driven by the same scripts under Wine's winmm and under instdrv. Where the
// two differ it is by a decision of ours, and every such place is listed in
// expected_differences.txt: a difference that is not listed fails, and so does a listed one that
// does not occur.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "support/command.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

// One place where the two differ: the step it belongs to and the lines of both.
struct Difference {
    std::string step;
    Lines wine;
    Lines instdrv;
    bool operator==(const Difference&) const = default;
};

void PrintTo(const Difference& difference, std::ostream* out) {
    *out << "\nafter " << difference.step << '\n';
    for (const auto& line : difference.wine)
        *out << "wine " << line << '\n';
    for (const auto& line : difference.instdrv)
        *out << "instdrv " << line << '\n';
}

// A difference that is meant, under the name of the decision that explains it.
struct Expected {
    std::string decision;
    std::string script;
    Difference difference;
};

// expected_differences.txt: "decision", "script" and "after" lines say what follows is about,
// "wine" and "instdrv" lines what each printed.
std::vector<Expected> expected_differences() {
    std::ifstream file(INSTDRV_SCRIPTS "/expected_differences.txt");
    std::vector<Expected> all;
    std::string decision;
    std::string script;
    for (std::string line; std::getline(file, line);) {
        const auto blank = line.find(' ');
        const auto word = line.substr(0, blank);
        const auto rest = blank == std::string::npos ? "" : line.substr(blank + 1);
        if (word == "decision") decision = rest;
        if (word == "script") script = rest;
        if (word == "after") all.push_back({decision, script, {rest, {}, {}}});
        if (word == "wine") all.back().difference.wine.push_back(rest);
        if (word == "instdrv") all.back().difference.instdrv.push_back(rest);
    }
    return all;
}

// Everything that a step printed, by step. The scripts have no line twice in a row that matters, so
// steps are told apart by their place.
struct Step {
    std::string text;
    Lines lines;
};

std::vector<Step> steps_of(const Lines& output) {
    std::vector<Step> steps;
    for (const auto& line : output) {
        if (!line.starts_with("  ")) {
            steps.push_back({line, {}});
        } else if (!steps.empty()) {
            steps.back().lines.push_back(line.substr(2));
        }
    }
    return steps;
}

// dwDriverId of DISABLE and FREE is 0 here, the last instance's in Wine (row 3 of the
// specification). So it is in every script that gets that far, and counted instead of listed.
struct ModuleMessages {
    int all = 0;
    int with_id = 0;

    std::string with_id_zero(const std::string& line) {
        for (const std::string message : {"DISABLE id ", "FREE id "}) {
            if (!line.starts_with(message)) continue;
            ++all;
            if (line.starts_with(message + "0 ")) return line;
            ++with_id;
            return message + "0" + line.substr(line.find(' ', message.size()));
        }
        return line;
    }
};

// Leaves out what both have in common at the beginning and the end of a step.
Difference trimmed(Difference difference) {
    auto& [step, wine, ours] = difference;
    while (!wine.empty() && !ours.empty() && wine.back() == ours.back()) {
        wine.pop_back();
        ours.pop_back();
    }
    const auto common = std::mismatch(wine.begin(), wine.end(), ours.begin(), ours.end());
    ours.erase(ours.begin(), common.second);
    wine.erase(wine.begin(), common.first);
    return difference;
}

class WineDifferential : public testing::TestWithParam<std::string> {
protected:
    static fs::path folder() { return INSTDRV_RECORDER_FOLDER; }
    static std::string script() { return INSTDRV_SCRIPTS "/" + GetParam() + ".script"; }

    // A copy of the driver where its path has a blank, made once by CMake.
    static fs::path driver() { return folder() / "recorder.dll"; }
    static fs::path driver_in_blank() { return folder() / "with blank" / "recorder.dll"; }

    static std::string windows_path(const fs::path& path) {
        auto text = "Z:" + path.string();
        std::replace(text.begin(), text.end(), '/', '\\');
        return text;
    }

    static Lines run(const std::vector<std::string>& program) {
        const auto result = test::run(
            {.arguments = program,
             .input = script(),
             .environment = {{"WINEDEBUG", "-all"}, {"WINEPREFIX", INSTDRV_WINE_PREFIX}}});
        EXPECT_EQ(result.status, 0) << result.err;
        Lines lines;
        std::istringstream stream(result.out);
        for (std::string line; std::getline(stream, line);) {
            if (line.ends_with('\r')) line.pop_back();
            lines.push_back(line);
        }
        return lines;
    }

    static Lines under_wine() {
        return run({"wine", INSTDRV_RECORDER_EXE, windows_path(driver()),
                    windows_path(driver_in_blank())});
    }
    static Lines under_instdrv() {
        return run({INSTDRV_RECORDER_NATIVE, driver().string(), driver_in_blank().string()});
    }
};

TEST_P(WineDifferential, AgreesButForOurDecisions) {
    const auto wine = steps_of(under_wine());
    const auto ours = steps_of(under_instdrv());
    ASSERT_FALSE(wine.empty());
    ASSERT_EQ(wine.size(), ours.size());
    std::vector<Difference> differences;
    ModuleMessages of_wine;
    ModuleMessages of_ours;
    for (std::size_t i = 0; i < wine.size(); ++i) {
        ASSERT_EQ(wine[i].text, ours[i].text);
        Difference difference{wine[i].text, wine[i].lines, ours[i].lines};
        for (auto& line : difference.wine)
            line = of_wine.with_id_zero(line);
        for (auto& line : difference.instdrv)
            line = of_ours.with_id_zero(line);
        if (difference.wine != difference.instdrv) {
            differences.push_back(trimmed(std::move(difference)));
        }
    }
    EXPECT_EQ(of_ours.with_id, 0);
    EXPECT_EQ(of_wine.with_id, of_wine.all);

    std::vector<Difference> expected;
    for (const auto& entry : expected_differences()) {
        if (entry.script == GetParam()) expected.push_back(entry.difference);
    }
    EXPECT_THAT(differences, testing::UnorderedElementsAreArray(expected));
}

TEST(ExpectedDifferences, NameTheirDecisionAndAScriptThatExists) {
    ASSERT_FALSE(expected_differences().empty());
    for (const auto& entry : expected_differences()) {
        EXPECT_NE(entry.decision, "");
        EXPECT_TRUE(fs::exists(INSTDRV_SCRIPTS "/" + entry.script + ".script")) << entry.script;
    }
}

std::vector<std::string> script_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(INSTDRV_SCRIPTS)) {
        if (entry.path().extension() == ".script") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

INSTANTIATE_TEST_SUITE_P(Scripts, WineDifferential, testing::ValuesIn(script_names()),
                         [](const auto& tested) { return tested.param; });

}  // namespace
}  // namespace instdrv
