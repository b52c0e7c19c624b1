#include <fstream>

#include <sys/mman.h>

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/imports.hpp"
#include "patched_file.hpp"
#include "recorder.hpp"

using namespace instdrv;
using namespace instdrv::test;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

using LoaderFailures = LoaderTest;

TEST_F(LoaderFailures, NamesAFileThatIsNotThere) {
    const auto image = loader.load("/nowhere/absent.acm");
    ASSERT_FALSE(image);
    EXPECT_THAT(image.error().text(), AllOf(HasSubstr("load /nowhere/absent.acm"),
                                            HasSubstr("No such file or directory")));
}

TEST_F(LoaderFailures, SaysWhatIsWrongWithAFile) {
    const Folder folder;
    EXPECT_THAT(load_error(folder.path()), HasSubstr("load " + folder.path().string()));
    EXPECT_THAT(load_error(folder.write("text.dll", "Dear driver,\n")), HasSubstr("text"));
    EXPECT_THAT(load_error(folder.write("empty.dll", "")), HasSubstr("empty"));
    const std::string whole(PatchedFile(test_dll("numbers")).content());
    EXPECT_THAT(load_error(folder.write("short.dll", whole.substr(0, 3000))),
                HasSubstr("the file ends inside"));
    EXPECT_THAT(loader.images(), IsEmpty());
    EXPECT_THAT(recorder.notes, IsEmpty());
}

TEST_F(LoaderFailures, NamesTheChainOfDllsToTheOneAtFault) {
    const Folder folder;
    folder.add("numbers");
    folder.write("more_numbers.dll", "not a DLL");
    const auto image = loader.load(folder.add("uses_numbers"));
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().driver, (folder.path() / "uses_numbers.dll").string());
    EXPECT_THAT(image.error().cause, HasSubstr("its DLL numbers.dll cannot be loaded: its DLL "
                                               "more_numbers.dll cannot be loaded: "));
    EXPECT_THAT(recorder.notes, IsEmpty());
    EXPECT_THAT(loader.images(), IsEmpty());
}

TEST_F(LoaderFailures, UnloadsWhatRefusesToAttach) {
    const Folder folder;
    folder.add("numbers");
    folder.add("more_numbers");
    recorder.refusing = {"numbers"};
    const auto image = loader.load(folder.add("uses_numbers"));
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, ErrorCode::refused_load);
    EXPECT_EQ(image.error().cause,
              "its DLL numbers.dll cannot be loaded: its DllMain refused DLL_PROCESS_ATTACH (it "
              "returned FALSE)");
    EXPECT_THAT(recorder.notes, ElementsAre("more_numbers attach", "numbers attach",
                                            "numbers detach", "more_numbers detach"));
    EXPECT_THAT(loader.images(), IsEmpty());

    recorder.refusing.clear();
    EXPECT_EQ(call(load(folder.path() / "uses_numbers.dll"), "sum").value, 73521U);
}

TEST_F(LoaderFailures, KeepsWhatOthersUseWhenALoadFails) {
    const Folder folder;
    pe::LoadedImage* const kept = load(folder.add("more_numbers"));
    folder.add("numbers");
    recorder.refusing = {"uses_numbers"};
    EXPECT_THAT(load_error(folder.add("uses_numbers")), HasSubstr("refused DLL_PROCESS_ATTACH"));
    EXPECT_THAT(loader.images(), ElementsAre(kept));
    EXPECT_EQ(call(kept, "three").value, 3000U);
}

TEST_F(LoaderFailures, ReportsAMissingImportCalledInDllMain) {
    const auto image = loader.load(test_dll("needs_missing_at_once"));
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, ErrorCode::missing_import);
    EXPECT_EQ(image.error().cause,
              "its DLL missing_at_once.dll cannot be loaded: the driver called nobody.dll!Absent, "
              "which nobody provides, in its DllMain");
    EXPECT_THAT(loader.images(), IsEmpty());
    EXPECT_THAT(recorder.notes, IsEmpty());
}

TEST_F(LoaderFailures, ALoadThatFailsInsideDllMainFailsNothingElse) {
    const Folder folder;
    const auto refusing = folder.add("missing");
    recorder.refusing = {"missing"};
    std::string error;
    recorder.when_noted = [&](const std::string& note) {
        if (note == "more_numbers attach") error = load_error(refusing);
    };
    pe::LoadedImage* const image = load(folder.add("more_numbers"));
    EXPECT_THAT(error, HasSubstr("refused DLL_PROCESS_ATTACH"));
    EXPECT_THAT(loader.images(), ElementsAre(image));
}

TEST_F(LoaderFailures, ADependencyThatFailedInsideDllMainFailsTheOuterLoad) {
    const Folder folder;
    folder.add("circle_a");
    const auto numbers = folder.add("more_numbers");
    recorder.refusing = {"more_numbers"};
    std::string error;
    recorder.when_noted = [&](const std::string& note) {
        if (note == "circle_a attach") error = load_error(numbers);
    };
    EXPECT_THAT(load_error(folder.add("two_needs")),
                HasSubstr("its DLL more_numbers.dll cannot be loaded: its DllMain failed before"));
    EXPECT_THAT(error, HasSubstr("refused DLL_PROCESS_ATTACH"));
    EXPECT_THAT(loader.images(), IsEmpty());
    EXPECT_EQ(recorder.notes.back(), "circle_a detach");
}

TEST_F(LoaderFailures, AReferenceTakenDuringALoadEndsWithItsFailure) {
    const Folder folder;
    const auto numbers = folder.add("numbers");
    recorder.refusing = {"numbers"};
    recorder.when_noted = [&](const std::string& note) {
        if (note == "more_numbers attach") load(numbers);
    };
    folder.add("more_numbers");
    EXPECT_THAT(load_error(folder.add("uses_numbers")), HasSubstr("its DLL numbers.dll"));
    EXPECT_THAT(loader.images(), IsEmpty());
}

// fixed.dll wants to be at 0x10000000, and its relocations are taken away.
class WithoutRelocations : public LoaderTest {
protected:
    WithoutRelocations() {
        PatchedFile patched(test_dll("fixed"));
        const auto flags = patched.get<std::uint16_t>(patched.characteristics());
        patched.put<std::uint16_t>(patched.characteristics(), flags | 1);
        patched.put<std::uint64_t>(patched.directory(5), 0);
        file = folder.write("fixed.dll", patched.content());
    }

    Folder folder;
    std::filesystem::path file;
};

TEST_F(WithoutRelocations, RunsAtItsBase) {
    pe::LoadedImage* const image = load(file);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(image->base()), 0x10000000U);
}

TEST_F(WithoutRelocations, IsRefusedWhereItsBaseIsTaken) {
    void* const base = reinterpret_cast<void*>(0x10000000);
    void* const taken =
        ::mmap(base, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    ASSERT_EQ(taken, base);
    EXPECT_THAT(load_error(file),
                HasSubstr("it can only run at address 0x10000000, which is taken"));
    ::munmap(taken, 4096);
    EXPECT_EQ(load_error(file), "");
}

// What /proc/self/maps says of the page an address lies in: "r-xp".
std::string access_of(const void* address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        const auto start = std::stoull(line, nullptr, 16);
        const auto end = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
        const auto wanted = reinterpret_cast<std::uintptr_t>(address);
        if (wanted >= start && wanted < end) return line.substr(line.find(' ') + 1, 4);
    }
    return "none";
}

TEST_F(LoaderTest, NoPageIsWritableAndExecutable) {
    pe::LoadedImage* const greedy = load(test_dll("greedy"));
    EXPECT_EQ(call(greedy, "six").value, 6U);
    EXPECT_EQ(access_of(greedy->find_export({.name = "six"})), "r-xp");
    EXPECT_EQ(access_of(greedy->base()), "r--p");

    pe::LoadedImage* const numbers = load(test_dll("numbers"));
    EXPECT_EQ(access_of(numbers->find_export({.name = "datum"})), "rw-p");
    EXPECT_EQ(access_of(numbers->find_export({.name = "one"})), "r-xp");

    load(test_dll("missing"));
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        EXPECT_EQ(line.find(" rwx"), std::string::npos) << line;
    }
}

TEST_F(LoaderTest, DoesNotTrustBoundImports) {
    const Folder folder;
    folder.add("numbers");
    folder.add("more_numbers");
    PatchedFile patched(test_dll("uses_numbers"));
    // A bound DLL: its address table holds addresses already, here wrong ones.
    const auto bytes = std::as_bytes(std::span(patched.content()));
    const auto view = pe::ImageView::of_file(bytes);
    ASSERT_TRUE(view);
    const auto to_offset = [&](std::uint64_t rva) {
        const pe::Section* const section = view->section_at(rva);
        return rva - section->rva + section->raw_offset;
    };
    const auto imports = pe::parse_imports(*view);
    ASSERT_TRUE(imports);
    const auto descriptor = to_offset(view->directory(pe::Directory::imports).rva);
    patched.put<std::uint32_t>(descriptor + 4, 0xFFFFFFFF);
    for (const auto& symbol : imports->front().symbols) {
        patched.put<std::uintptr_t>(to_offset(symbol.slot), 0xDEADBEEF);
    }
    pe::LoadedImage* const image = load(folder.write("uses_numbers.dll", patched.content()));
    EXPECT_EQ(call(image, "sum").value, 73521U);
}

TEST_F(LoaderTest, BindsDelayedImportsAtOnce) {
    const Folder folder;
    pe::LoadedImage* const numbers = load(folder.add("numbers"));
    PatchedFile patched(test_dll("delayed"));
    const auto view = pe::ImageView::of_file(std::as_bytes(std::span(patched.content())));
    ASSERT_TRUE(view);
    const auto exports = pe::ExportTable::parse(*view);
    ASSERT_TRUE(exports);
    const auto descriptors = exports->find({.name = "delay_descriptors"})->rva;
    patched.put<std::uint32_t>(patched.directory(13), descriptors);
    patched.put<std::uint32_t>(patched.directory(13) + 4, 96);

    pe::LoadedImage* const image = load(folder.write("delayed.dll", patched.content()));
    EXPECT_EQ(call(image, "call_one").value, 1U);
    EXPECT_EQ(call(image, "handle_of_numbers").value,
              reinterpret_cast<std::uintptr_t>(numbers->base()));
    const auto result = call(image, "call_absent");
    ASSERT_NE(result.broken, nullptr);
    EXPECT_EQ(result.broken->cause, "the driver called nobody.dll!Absent, which nobody provides");
    // It counts as a user of the DLL.
    loader.release(numbers);
    EXPECT_EQ(call(image, "call_one").value, 1U);
}

}  // namespace
