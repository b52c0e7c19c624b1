// The mmio functions. https://learn.microsoft.com/windows/win32/multimedia/multimedia-file-i-o
#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

#include <unistd.h>

#include "winapi/crt/letters.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/files/file_object.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/winmm/mmio_chunks.hpp"
#include "winapi/winmm/mmio_open.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::winmm {
namespace {

using Handle = HANDLE;

HANDLE truth(bool value) { return reinterpret_cast<HANDLE>(std::uintptr_t{value ? 1u : 0u}); }

void report(MmioInfo* info, MMRESULT error) {
    if (info != nullptr) info->error = error;
}

// MMIO_PARSE and MMIO_EXIST write the full name over the one they got, which has 128 characters'
// room.
template <class Char>
HANDLE give_full_name(Char* name, bool must_exist) {
    constexpr std::size_t room = 128;
    const std::string path = to_utf8_text(name);
    const auto full = full_path(path);
    if (!full || (must_exist && !facts_at(path))) return truth(false);
    const auto text = in_face<Char>(*full);
    if (text.size() >= room) return truth(false);
    *std::copy(text.begin(), text.end(), name) = 0;
    return truth(true);
}

// The procedure for a file: the caller's own, one that is installed for the name or the extension,
// or none for ours.
FourCC extension_of(const std::string& path) {
    const auto dot = path.rfind('.');
    if (dot == std::string::npos || path.find('\\', dot) != std::string::npos) return 0;
    std::string text = path.substr(dot + 1, 4);
    text.resize(4, ' ');
    for (char& c : text)
        c = static_cast<char>(crt::upper_case(static_cast<unsigned char>(c)));
    return four_cc(text[0], text[1], text[2], text[3]);
}

void choose_procedure(MmioInfo& info, const std::string& path) {
    if (info.io_procedure != nullptr || info.io_procedure_name == FOURCC_DOS ||
        info.io_procedure_name == FOURCC_MEM) {
        return;
    }
    const FourCC name = info.io_procedure_name != 0 ? info.io_procedure_name : extension_of(path);
    if (name != 0) info.io_procedure = find_procedure(name);
}

HANDLE finish_open(MmioInfo& info, std::unique_ptr<MmioDevice> device, DWORD flags) {
    char* const buffer = info.buffer;
    const LONG size = info.buffer_size;
    const bool in_memory = device == nullptr;
    const auto file = std::make_shared<MmioFile>(info, std::move(device));
    if (!in_memory && (buffer != nullptr || size > 0 || (flags & MMIO_ALLOCBUF) != 0)) {
        const LONG wanted = size > 0 ? size : default_buffer_size;
        file->set_buffer(size > 0 ? buffer : nullptr, wanted);
    }
    const HANDLE handle = new_handle(file);
    file->info().handle = handle;
    return handle;
}

HANDLE open_file(const std::string& path, const std::u16string& name, bool named, MmioInfo* asked,
                 DWORD flags) {
    MmioInfo info = asked == nullptr ? MmioInfo{} : *asked;
    info.flags = flags;
    if (named) choose_procedure(info, path);
    MMRESULT error = 0;
    std::unique_ptr<MmioDevice> device;
    if (info.io_procedure != nullptr) {
        device = open_procedure_device(info, name, error);
    } else if (named && info.io_procedure_name != FOURCC_MEM) {
        device = open_disk_device(path, flags, error);
    } else if (info.io_procedure_name != FOURCC_MEM) {
        error = MMIOERR_CANNOTOPEN;
    }
    report(asked, error);
    return error != 0 ? nullptr : finish_open(info, std::move(device), flags);
}

template <class Char>
HANDLE open(Char* name, MmioInfo* info, DWORD flags) {
    const bool named = name != nullptr && *name != 0;
    const std::string path = to_utf8_text(name);
    if (named && (flags & (MMIO_PARSE | MMIO_EXIST)) != 0) {
        return give_full_name(name, (flags & MMIO_EXIST) != 0);
    }
    if (named && (flags & MMIO_DELETE) != 0) return truth(delete_file(path) == ERROR_SUCCESS);
    if ((flags & MMIO_GETTEMP) != 0) return truth(false);
    return open_file(path, to_wide_text(name), named, info, flags);
}
WINAPI_EXPORT_AS("mmioOpenA", in_winmm, open<char>, Coverage::partial,
                 "no MMIO_GETTEMP, no open files of the caller's, no files within files");
WINAPI_EXPORT_AS("mmioOpenW", in_winmm, open<WCHAR>, Coverage::partial,
                 "no MMIO_GETTEMP, no open files of the caller's, no files within files");

// Runs `action(file)`; MMSYSERR_INVALHANDLE for a handle of none.
template <class Answer, class Action>
Answer with_file(HANDLE handle, Answer failure, Action action) {
    const auto file = find_object<MmioFile>(handle);
    return file == nullptr ? failure : action(*file);
}

constexpr MMRESULT no_file = MMSYSERR_INVALHANDLE;

MMRESULT mmioClose(HANDLE handle, UINT) {
    return with_file(handle, no_file, [&](MmioFile& file) {
        const MMRESULT closed = file.close();
        if (closed == 0) kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle));
        return closed;
    });
}
WINAPI_EXPORT(mmioClose, in_winmm);

LONG mmioRead(HANDLE handle, char* to, LONG size) {
    return with_file(handle, LONG{-1}, [&](MmioFile& file) { return file.read(to, size); });
}
WINAPI_EXPORT(mmioRead, in_winmm);

LONG mmioWrite(HANDLE handle, const char* from, LONG size) {
    return with_file(handle, LONG{-1}, [&](MmioFile& file) { return file.write(from, size); });
}
WINAPI_EXPORT(mmioWrite, in_winmm);

LONG mmioSeek(HANDLE handle, LONG offset, int origin) {
    return with_file(handle, LONG{-1}, [&](MmioFile& file) { return file.seek(offset, origin); });
}
WINAPI_EXPORT(mmioSeek, in_winmm);

MMRESULT mmioGetInfo(HANDLE handle, MmioInfo* info, UINT) {
    return with_file(handle, no_file, [&](MmioFile& file) {
        *info = file.info();
        return MMRESULT{0};
    });
}
WINAPI_EXPORT(mmioGetInfo, in_winmm);

MMRESULT mmioSetInfo(HANDLE handle, const MmioInfo* info, UINT) {
    return with_file(handle, no_file, [&](MmioFile& file) {
        file.take_info(*info);
        return MMRESULT{0};
    });
}
WINAPI_EXPORT(mmioSetInfo, in_winmm);

MMRESULT mmioAdvance(HANDLE handle, MmioInfo* info, UINT direction) {
    return with_file(handle, no_file, [&](MmioFile& file) {
        if (info != nullptr) file.take_info(*info);
        const MMRESULT advanced = file.advance(direction);
        if (info != nullptr) *info = file.info();
        return advanced;
    });
}
WINAPI_EXPORT(mmioAdvance, in_winmm);

MMRESULT mmioSetBuffer(HANDLE handle, char* buffer, LONG size, UINT) {
    return with_file(handle, no_file,
                     [&](MmioFile& file) { return file.set_buffer(buffer, size); });
}
WINAPI_EXPORT(mmioSetBuffer, in_winmm);

MMRESULT mmioFlush(HANDLE handle, UINT) {
    return with_file(handle, no_file, [](MmioFile& file) { return file.flush(); });
}
WINAPI_EXPORT(mmioFlush, in_winmm);

MMRESULT mmioDescend(HANDLE handle, Chunk* chunk, const Chunk* parent, UINT flags) {
    return with_file(handle, no_file,
                     [&](MmioFile& file) { return descend(file, *chunk, parent, flags); });
}
WINAPI_EXPORT(mmioDescend, in_winmm);

MMRESULT mmioAscend(HANDLE handle, Chunk* chunk, UINT) {
    return with_file(handle, no_file, [&](MmioFile& file) { return ascend(file, *chunk); });
}
WINAPI_EXPORT(mmioAscend, in_winmm);

MMRESULT mmioCreateChunk(HANDLE handle, Chunk* chunk, UINT flags) {
    return with_file(handle, no_file,
                     [&](MmioFile& file) { return create_chunk(file, *chunk, flags); });
}
WINAPI_EXPORT(mmioCreateChunk, in_winmm);

LRESULT mmioSendMessage(HANDLE handle, UINT message, LPARAM lparam1, LPARAM lparam2) {
    return with_file(handle, LRESULT{no_file}, [&](MmioFile& file) {
        MmioInfo& info = file.info();
        return info.io_procedure == nullptr ? 0 : call_procedure(info, message, lparam1, lparam2);
    });
}
WINAPI_EXPORT(mmioSendMessage, in_winmm, Coverage::partial,
              "0 for files without a procedure of the driver's");

template <class Char>
FourCC string_to_four_cc(const Char* text, UINT flags) {
    constexpr UINT MMIO_TOUPPER = 0x10;
    char parts[4] = {' ', ' ', ' ', ' '};
    for (int i = 0; i < 4 && text[i] != 0; ++i) {
        const int c = crt::code_of(text[i]);
        parts[i] = static_cast<char>((flags & MMIO_TOUPPER) != 0 ? crt::upper_case(c) : c);
    }
    return four_cc(parts[0], parts[1], parts[2], parts[3]);
}
WINAPI_EXPORT_AS("mmioStringToFOURCCA", in_winmm, string_to_four_cc<char>);
WINAPI_EXPORT_AS("mmioStringToFOURCCW", in_winmm, string_to_four_cc<WCHAR>);

const void* install(FourCC name, const void* procedure, DWORD flags) {
    return install_procedure(name, procedure, flags);
}
WINAPI_EXPORT_AS("mmioInstallIOProcA", in_winmm, install);
WINAPI_EXPORT_AS("mmioInstallIOProcW", in_winmm, install);

template <class Char>
MMRESULT rename_file(const Char* from, const Char* to, const MmioInfo* info, DWORD) {
    if (from == nullptr || to == nullptr) return MMSYSERR_INVALPARAM;
    if (info != nullptr && info->io_procedure != nullptr) {
        MmioInfo copy = *info;
        const std::u16string old_name = to_wide_text(from);
        const std::u16string new_name = to_wide_text(to);
        return static_cast<MMRESULT>(call_procedure(copy, MMIOM_RENAME,
                                                    reinterpret_cast<LPARAM>(old_name.c_str()),
                                                    reinterpret_cast<LPARAM>(new_name.c_str())));
    }
    const auto source = locate(to_utf8_text(from));
    const auto target = locate(to_utf8_text(to), true);
    if (!source) return mmio_error_of(source.error());
    if (!target) return mmio_error_of(target.error());
    if (!source->exists) return MMIOERR_FILENOTFOUND;
    if (target->exists || !source->writable || !target->writable) return MMIOERR_ACCESSDENIED;
    const int renamed = ::renameat(source->folder.get(), source->name.c_str(), target->folder.get(),
                                   target->name.c_str());
    return renamed == 0 ? 0 : MMIOERR_ACCESSDENIED;
}
WINAPI_EXPORT_AS("mmioRenameA", in_winmm, rename_file<char>);
WINAPI_EXPORT_AS("mmioRenameW", in_winmm, rename_file<WCHAR>);

}  // namespace

}  // namespace instdrv::winapi::winmm
