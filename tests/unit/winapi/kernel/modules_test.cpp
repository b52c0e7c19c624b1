#include <thread>

#include "image/pe/guarded_call.hpp"

#include "driver_folder.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

class Modules : public DriverFolderTest {
protected:
    Modules() {
        std::filesystem::copy(std::string(INSTDRV_TEST_DLLS) + "/helper.dll",
                              driver() / "Helper.dll");
    }
    static HMODULE load(const char* name) { return call<HMODULE>("LoadLibraryA", name); }
    static BOOL free(HMODULE module) { return call<BOOL>("FreeLibrary", module); }
    static HMODULE handle(const char* name) { return call<HMODULE>("GetModuleHandleA", name); }
    static int ask(HMODULE module, const char* function) {
        const void* const address = call<const void*>("GetProcAddress", module, function);
        EXPECT_NE(address, nullptr);
        return static_cast<int>(pe::guarded_call(address).value);
    }
};

TEST_F(Modules, OfOursHaveHandlesAndFunctions) {
    HMODULE const kernel = handle("kernel32");
    ASSERT_NE(kernel, nullptr);
    EXPECT_EQ(handle("C:\\Windows\\System32\\KERNEL32.DLL"), kernel);
    EXPECT_EQ(load("kernel32.dll"), kernel);
    EXPECT_EQ(call<const void*>("GetProcAddress", kernel, "HeapAlloc"),
              address_in("kernel32.dll", "HeapAlloc"));
    EXPECT_EQ(call<const void*>("GetProcAddress", kernel, "NoSuchFunction"), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_PROC_NOT_FOUND);
    EXPECT_EQ(call<const void*>("GetProcAddress", kernel, reinterpret_cast<const char*>(9)),
              nullptr);
    EXPECT_EQ(*reinterpret_cast<const WORD*>(kernel), 0x5A4D) << "MZ";
    EXPECT_EQ(free(kernel), TRUE);
    EXPECT_EQ(handle("kernel32"), kernel);
    char name[64] = {};
    EXPECT_EQ(call<DWORD>("GetModuleFileNameA", kernel, +name, DWORD{64}), 32u);
    EXPECT_STREQ(name, "C:\\windows\\system32\\kernel32.dll");
    EXPECT_EQ(call<DWORD>("GetModuleFileNameA", kernel, +name, DWORD{10}), 10u);
    EXPECT_EQ(last_error_code(), ERROR_INSUFFICIENT_BUFFER);
    EXPECT_STREQ(name, "C:\\window");
}

TEST_F(Modules, AreLoadedFromTheDriversFolderAndCounted) {
    EXPECT_EQ(handle("helper.dll"), nullptr);
    HMODULE const helper = load("HELPER");
    ASSERT_NE(helper, nullptr) << last_error_code();
    EXPECT_EQ(load("C:\\windows\\system32\\helper.dll"), helper);
    EXPECT_EQ(handle("helper.dll"), helper);
    HMODULE by_address = nullptr;
    EXPECT_EQ(
        call<BOOL>("GetModuleHandleExA", DWORD{6},
                   call<const char*>("GetProcAddress", helper, "attached_threads"), &by_address),
        TRUE);
    EXPECT_EQ(by_address, helper);
    EXPECT_EQ(free(helper), TRUE);
    EXPECT_EQ(handle("helper.dll"), helper);
    EXPECT_EQ(free(helper), TRUE);
    EXPECT_EQ(handle("helper.dll"), nullptr);
    EXPECT_EQ(free(helper), FALSE);
}

TEST_F(Modules, OfTheHostAreNotForDriversToRelease) {
    const auto held = Process::instance().loader().load(driver() / "Helper.dll");
    ASSERT_TRUE(held);
    auto* const module = reinterpret_cast<HMODULE>((*held)->base());
    EXPECT_EQ(free(module), TRUE);
    EXPECT_EQ(free(module), TRUE);
    EXPECT_EQ(handle("helper.dll"), module);
    Process::instance().loader().release(*held);
    EXPECT_EQ(handle("helper.dll"), nullptr);
}

TEST_F(Modules, AreNeverLoadedFromWhatADriverWrote) {
    std::filesystem::create_directories(state());
    std::filesystem::copy(driver() / "Helper.dll", state() / "own.dll");
    write(driver() / "text.dll", "this is no library");
    EXPECT_EQ(load("C:\\own.dll"), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_MOD_NOT_FOUND);
    EXPECT_EQ(load("nothing.dll"), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_MOD_NOT_FOUND);
    EXPECT_EQ(load("text.dll"), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_BAD_EXE_FORMAT);
    EXPECT_EQ(load(""), nullptr);
}

TEST_F(Modules, AreToldOfThreads) {
    HMODULE const helper = load("helper.dll");
    ASSERT_NE(helper, nullptr);
    const int attached = ask(helper, "attached_threads");
    const int detached = ask(helper, "detached_threads");
    std::thread([] { Process::instance().prepare_thread(); }).join();
    EXPECT_EQ(ask(helper, "attached_threads"), attached + 1);
    EXPECT_EQ(ask(helper, "detached_threads"), detached + 1);
    EXPECT_EQ(free(helper), TRUE);
    EXPECT_EQ(call<BOOL>("DisableThreadLibraryCalls", helper), FALSE);
}

TEST_F(Modules, HaveResources) {
    const auto loaded =
        Process::instance().loader().load(std::string(INSTDRV_WINE_DLLS) + "/msrle32.dll");
    ASSERT_TRUE(loaded) << loaded.error().text();
    auto* const module = reinterpret_cast<HMODULE>((*loaded)->base());
    const auto number = [](std::uintptr_t value) { return reinterpret_cast<const WCHAR*>(value); };
    const auto find = [&](const WCHAR* name, const WCHAR* type) {
        return call<const void*>("FindResourceW", module, name, type);
    };
    const void* const texts = find(number(7), number(6));
    ASSERT_NE(texts, nullptr);
    EXPECT_EQ(find(u"#7", u"#6"), texts);
    const auto size = call<DWORD>("SizeofResource", module, texts);
    void* const data = call<void*>("LoadResource", module, texts);
    const auto* at = static_cast<const WCHAR*>(call<void*>("LockResource", data));
    const WCHAR* const end = at + size / sizeof(WCHAR);
    for (int i = 0; i < 16; ++i)
        at += 1 + *at;  // a block of 16 texts, each with its length before it
    EXPECT_EQ(at, end);
    EXPECT_EQ(find(number(77), number(6)), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_RESOURCE_NAME_NOT_FOUND);
    EXPECT_EQ(find(number(7), u"NONE"), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_RESOURCE_TYPE_NOT_FOUND);
    EXPECT_EQ(call<void*>("LoadResource", module, static_cast<const void*>(&size)), nullptr);
    Process::instance().loader().release(*loaded);
}

}  // namespace
}  // namespace instdrv::winapi::test
