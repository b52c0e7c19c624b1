#include "image/pe/loader.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

#include <sys/mman.h>

#include <gmock/gmock.h>

#include "recorder.hpp"

using namespace instdrv;
using namespace instdrv::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

std::vector<std::string> file_names(const pe::Loader& loader) {
    std::vector<std::string> names;
    for (const pe::LoadedImage* const image : loader.images())
        names.push_back(image->file().filename().string());
    return names;
}

TEST_F(LoaderTest, LoadsRunsAndUnloads) {
    pe::LoadedImage* const image = load(test_dll("more_numbers"));
    EXPECT_EQ(call(image, "three").value, 3000U);
    EXPECT_EQ(image->find_export({.name = "four"}), nullptr);
    EXPECT_EQ(image->find_export({.ordinal = 8}), nullptr);
    EXPECT_EQ(pe::guarded_call(image->find_export({.ordinal = 7})).value, 70000U);
    EXPECT_EQ(image->mapped().size(), image->size());
    EXPECT_EQ(image->view().headers().size_of_image, image->size());
    loader.release(image);
    EXPECT_THAT(recorder.notes, ElementsAre("more_numbers attach", "more_numbers detach"));
    EXPECT_THAT(loader.images(), IsEmpty());
}

TEST_F(LoaderTest, RelocatesAnImageWhoseBaseIsTaken) {
    const Folder folder;
    folder.add("more_numbers");
    pe::LoadedImage* const first = load(folder.add("numbers"));
    pe::LoadedImage* const second = load(folder.add("numbers", "copy.dll"));
    EXPECT_NE(first->base(), second->base());
    EXPECT_EQ(call(first, "one").value, 1U);
    EXPECT_EQ(call(second, "one").value, 1U);
}

TEST_F(LoaderTest, BindsNamesOrdinalsDataAndForwarders) {
    const Folder folder;
    folder.add("numbers", "NUMBERS.DLL");  // names of files are matched in any case
    folder.add("more_numbers", "More_Numbers.dll");
    pe::LoadedImage* const image = load(folder.add("uses_numbers"));
    EXPECT_EQ(call(image, "sum").value, 73521U);
    call(image, "call_forwarded_note");
    EXPECT_THAT(recorder.notes, ElementsAre("more_numbers attach", "numbers attach",
                                            "uses_numbers attach", "forwarded 99"));
    loader.release(image);
    EXPECT_THAT(recorder.notes, testing::IsSupersetOf({"uses_numbers detach", "numbers detach",
                                                       "more_numbers detach"}));
    EXPECT_EQ(recorder.notes.back(), "more_numbers detach");
    EXPECT_THAT(loader.images(), IsEmpty());
}

TEST_F(LoaderTest, BindsForwardersToNobodyToAThunk) {
    const Folder folder;
    folder.add("numbers");
    folder.add("more_numbers");
    pe::LoadedImage* const image = load(folder.add("uses_numbers"));
    const auto result = call(image, "call_forwarded_to_nobody");
    ASSERT_NE(result.broken, nullptr);
    EXPECT_EQ(result.broken->code, ErrorCode::missing_import);
    EXPECT_EQ(
        result.broken->cause,
        "the driver called numbers.dll!nowhere (which is absent.thing), which nobody provides");
    EXPECT_EQ(loader.find_by_name("numbers")->find_export({.name = "nowhere"}), nullptr);
}

TEST_F(LoaderTest, LoadsCircles) {
    const Folder folder;
    pe::LoadedImage* const a = load(folder.add("circle_a"));
    EXPECT_EQ(loader.images().size(), 1U);  // the other is not there yet: its functions are thunks
    EXPECT_NE(call(a, "ask_b").broken, nullptr);
    loader.release(a);
    recorder.notes.clear();

    folder.add("circle_b");
    pe::LoadedImage* const again = load(folder.path() / "circle_a.dll");
    EXPECT_EQ(call(again, "ask_b").value, static_cast<pe::Word>('b'));
    EXPECT_EQ(call(loader.find_by_name("circle_b"), "ask_a").value, static_cast<pe::Word>('a'));
    loader.release(again);
    EXPECT_THAT(recorder.notes, ElementsAre("circle_b attach", "circle_a attach", "circle_a detach",
                                            "circle_b detach"));
    EXPECT_THAT(loader.images(), IsEmpty());
}

TEST_F(LoaderTest, CountsReferences) {
    const Folder folder;
    const auto file = folder.add("more_numbers");
    folder.add("numbers");
    pe::LoadedImage* const image = load(file);
    pe::LoadedImage* const user = load(folder.add("uses_numbers"));
    // The same file by another way is the same module.
    EXPECT_EQ(load(folder.path() / "." / "more_numbers.dll"), image);
    std::filesystem::create_symlink(file, folder.path() / "link.dll");
    EXPECT_EQ(load(folder.path() / "link.dll"), image);
    for (int i = 0; i < 3; ++i)
        loader.release(image);
    EXPECT_EQ(loader.images().size(), 3U);  // numbers.dll still needs it
    loader.release(user);
    EXPECT_THAT(loader.images(), IsEmpty());
    EXPECT_EQ(std::count(recorder.notes.begin(), recorder.notes.end(), "more_numbers attach"), 1);
    EXPECT_EQ(std::count(recorder.notes.begin(), recorder.notes.end(), "more_numbers detach"), 1);
}

TEST_F(LoaderTest, FindsImages) {
    pe::LoadedImage* const image = load(test_dll("uses_numbers"));
    pe::LoadedImage* const numbers = loader.find_by_name("NUMBERS");
    ASSERT_NE(numbers, nullptr);
    EXPECT_EQ(loader.find_by_name("numbers.DLL"), numbers);
    EXPECT_EQ(loader.find_by_name("number"), nullptr);
    EXPECT_EQ(loader.find_by_base(numbers->base()), numbers);
    EXPECT_EQ(loader.find_by_base(numbers->base() + 1), nullptr);
    EXPECT_EQ(loader.find_by_address(numbers->base()), numbers);
    EXPECT_EQ(loader.find_by_address(numbers->base() + numbers->size() - 1), numbers);
    EXPECT_NE(loader.find_by_address(numbers->base() + numbers->size()), numbers);
    EXPECT_EQ(loader.find_by_address(&recorder), nullptr);
    EXPECT_EQ(image->file(), std::filesystem::canonical(test_dll("uses_numbers")));
    EXPECT_THAT(file_names(loader), testing::UnorderedElementsAre("uses_numbers.dll", "numbers.dll",
                                                                  "more_numbers.dll"));
}

TEST_F(LoaderTest, ImportsThatNobodyProvidesAreHarmlessUntilCalled) {
    pe::LoadedImage* const image = load(test_dll("missing"));
    EXPECT_EQ(call(image, "harmless").value, 5U);
    const std::pair<const char*, const char*> calls[] = {
        {"call_absent", "the driver called nobody.dll!Absent, which nobody provides"},
        {"call_by_ordinal", "the driver called nobody.dll!#1, which nobody provides"},
        {"call_not_there", "the driver called recorder.dll!NotThere, which nobody provides"}};
    for (const auto& [function, cause] : calls) {
        const auto result = call(image, function);
        ASSERT_NE(result.broken, nullptr) << function;
        EXPECT_EQ(result.broken->code, ErrorCode::missing_import);
        EXPECT_EQ(result.broken->driver, "missing.dll");
        EXPECT_EQ(result.broken->cause, cause);
    }
    EXPECT_EQ(call(image, "harmless").value, 5U);
}

TEST_F(LoaderTest, TellsThreadsToThoseThatWantIt) {
    const Folder folder;
    pe::LoadedImage* const numbers = load(folder.add("more_numbers"));
    load(folder.add("missing"));
    recorder.notes.clear();
    std::thread([&] {
        recorder.prepare_thread();
        loader.notify_thread_attach();
        loader.notify_thread_detach();
    }).join();
    EXPECT_THAT(recorder.notes, ElementsAre("more_numbers thread attach", "missing thread attach",
                                            "missing thread detach", "more_numbers thread detach"));
    recorder.notes.clear();
    numbers->disable_thread_calls();
    loader.notify_thread_attach();
    EXPECT_THAT(recorder.notes, ElementsAre("missing thread attach"));
}

TEST_F(LoaderTest, DllMainMayLoadAndReleaseOtherImages) {
    const Folder folder;
    const auto other = folder.add("missing");
    pe::LoadedImage* loaded = nullptr;
    recorder.when_noted = [&](const std::string& note) {
        if (note == "more_numbers attach") loaded = load(other);
        if (note == "more_numbers detach") loader.release(loaded);
    };
    pe::LoadedImage* const image = load(folder.add("more_numbers"));
    EXPECT_EQ(call(loaded, "harmless").value, 5U);
    loader.release(image);
    EXPECT_THAT(recorder.notes, ElementsAre("more_numbers attach", "missing attach",
                                            "more_numbers detach", "missing detach"));
    EXPECT_THAT(loader.images(), IsEmpty());
}

TEST_F(LoaderTest, LoadsAndLookupsFromManyThreads) {
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            recorder.prepare_thread();
            for (int round = 0; round < 20; ++round) {
                pe::LoadedImage* const image = load(test_dll("uses_numbers"));
                EXPECT_EQ(loader.find_by_address(image->base() + 4096), image);
                EXPECT_EQ(call(image, "sum").value, 73521U);
                loader.release(image);
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_THAT(loader.images(), IsEmpty());
}

TEST(LoaderEnd, DetachesWhatIsStillLoaded) {
    Recorder recorder;
    {
        pe::Loader loader(recorder);
        ASSERT_TRUE(loader.load(test_dll("numbers")));
    }
    EXPECT_THAT(recorder.notes, ElementsAre("more_numbers attach", "numbers attach",
                                            "numbers detach", "more_numbers detach"));
}

}  // namespace
