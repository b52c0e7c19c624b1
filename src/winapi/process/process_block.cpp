#include "winapi/process/process_block.hpp"

#include <algorithm>
#include <thread>

#include "winapi/memory/heap.hpp"
#include "winapi/process/modules.hpp"
#include "winapi/process/windows_version.hpp"

namespace instdrv::winapi {
namespace {

UnicodeString counted(std::u16string& text) {
    const auto bytes = static_cast<WORD>(text.size() * sizeof(WCHAR));
    return {bytes, static_cast<WORD>(bytes + sizeof(WCHAR)), text.data()};
}

void make_empty(ListEntry& head) {
    head.Flink = &head;
    head.Blink = &head;
}

}  // namespace

ProcessBlock::ProcessBlock()
    : current_directory_(u"C:\\"),
      dll_path_(u"C:\\windows\\system32"),
      image_path_(main_module_path),
      command_line_(main_module_path),
      environment_(1, u'\0') {
    ldr_.Length = sizeof ldr_;
    ldr_.Initialized = 1;
    make_empty(ldr_.InLoadOrderModuleList);
    make_empty(ldr_.InMemoryOrderModuleList);
    make_empty(ldr_.InInitializationOrderModuleList);

    parameters_.Length = sizeof parameters_;
    parameters_.MaximumLength = sizeof parameters_;
    parameters_.Flags = 1;  // the strings are addresses, not offsets
    parameters_.CurrentDirectory = counted(current_directory_);
    parameters_.DllPath = counted(dll_path_);
    parameters_.ImagePathName = counted(image_path_);
    parameters_.CommandLine = counted(command_line_);
    parameters_.Environment = environment_.data();

    peb_.ImageBaseAddress = main_module();
    peb_.Ldr = &ldr_;
    peb_.ProcessParameters = &parameters_;
    peb_.ProcessHeap = &process_heap();
    peb_.NumberOfProcessors = std::max(1U, std::thread::hardware_concurrency());
    peb_.OSMajorVersion = windows_major_version;
    peb_.OSMinorVersion = windows_minor_version;
    peb_.OSBuildNumber = windows_build;
    peb_.OSPlatformId = windows_platform;
    peb_.ImageSubsystem = 2;  // IMAGE_SUBSYSTEM_WINDOWS_GUI
    peb_.ImageSubsystemMajorVersion = windows_major_version;
}

}  // namespace instdrv::winapi
