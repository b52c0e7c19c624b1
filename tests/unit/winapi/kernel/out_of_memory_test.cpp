#include <cerrno>
#include <new>

#include <gtest/gtest.h>

#include "winapi/exports/export_table.hpp"
#include "winapi/threads/last_error.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi {
namespace {

template <class Result>
Result find_no_memory(int) {
    throw std::bad_alloc();
}

// What a driver gets from an entry of that name whose function finds no memory.
template <class Result, const auto& name, bool in_c = false>
Result answer_without_memory() {
    using Entry = detail::Entry<find_no_memory<Result>, name>;
    set_last_error(0);
    if constexpr (in_c) {
        return Entry::call_c(0);
    } else {
        return Entry::call(0);
    }
}

#define NAME(variable, text) constexpr char variable[] = text
NAME(create_file, "CreateFileW");
NAME(heap_alloc, "HeapAlloc");
NAME(move_file, "MoveFileA");
NAME(wait_for_one, "WaitForSingleObject");
NAME(open_key, "RegOpenKeyExA");
NAME(open_wave, "waveOutOpen");
NAME(open_mmio, "mmioAscend");
NAME(duplicate_string, "_strdup");
NAME(write_file, "_write");
NAME(copy_string, "strcpy_s");
NAME(sleep_some, "Sleep");
#undef NAME

TEST(OutOfMemory, IsTheDocumentedFailureOfTheFunction) {
    test::call<DWORD>("GetLastError");
    EXPECT_EQ((answer_without_memory<HANDLE, create_file>()),
              reinterpret_cast<HANDLE>(std::intptr_t{-1}));
    EXPECT_EQ(last_error(), ERROR_NOT_ENOUGH_MEMORY);
    EXPECT_EQ((answer_without_memory<void*, heap_alloc>()), nullptr);
    EXPECT_EQ((answer_without_memory<BOOL, move_file>()), FALSE);
    EXPECT_EQ(last_error(), ERROR_NOT_ENOUGH_MEMORY);
    EXPECT_EQ((answer_without_memory<DWORD, wait_for_one>()), 0xFFFFFFFF) << "WAIT_FAILED";
    answer_without_memory<void, sleep_some>();
}

TEST(OutOfMemory, IsAnErrorWhereTheFunctionAnswersErrors) {
    EXPECT_EQ((answer_without_memory<LONG, open_key>()), LONG{ERROR_NOT_ENOUGH_MEMORY});
    EXPECT_EQ((answer_without_memory<MMRESULT, open_wave>()), 7U) << "MMSYSERR_NOMEM";
    EXPECT_EQ((answer_without_memory<MMRESULT, open_mmio>()), 258U) << "MMIOERR_OUTOFMEMORY";
}

TEST(OutOfMemory, SetsErrnoInTheRuntimes) {
    using ErrorNumber = int*(WINCALL*)();
    int* const error = test::as_function<ErrorNumber>(test::address_in("msvcrt.dll", "_errno"))();
    *error = 0;
    EXPECT_EQ((answer_without_memory<char*, duplicate_string, true>()), nullptr);
    EXPECT_EQ(*error, ENOMEM);
    EXPECT_EQ((answer_without_memory<int, write_file, true>()), -1);
    EXPECT_EQ((answer_without_memory<int, copy_string, true>()), ENOMEM);
}

}  // namespace
}  // namespace instdrv::winapi
