#include "winapi/winmm/mmio_file.hpp"

#include <algorithm>
#include <cstring>

#include "winapi/memory/heap.hpp"

namespace instdrv::winapi::winmm {

MmioFile::MmioFile(const MmioInfo& info, std::unique_ptr<MmioDevice> device)
    : info_(info), device_(std::move(device)) {
    info_.error = 0;
    if (!is_memory()) {
        info_.buffer = info_.next = info_.read_end = info_.write_end = nullptr;
        info_.buffer_offset = info_.disk_offset = 0;
        return;
    }
    if (info_.buffer == nullptr && info_.buffer_size > 0) {
        info_.buffer = static_cast<char*>(allocate(static_cast<std::size_t>(info_.buffer_size)));
        owns_buffer_ = info_.buffer != nullptr;
        if (!owns_buffer_) info_.buffer_size = 0;
    }
    const bool empty = owns_buffer_ || (info_.flags & MMIO_CREATE) != 0;
    info_.next = info_.buffer;
    info_.read_end = empty ? info_.buffer : info_.buffer + info_.buffer_size;
    info_.write_end = info_.buffer + info_.buffer_size;
    info_.buffer_offset = info_.disk_offset = 0;
}

MmioFile::~MmioFile() {
    if (owns_buffer_) release(info_.buffer);
}

void MmioFile::point_buffer_at(LONG offset) {
    info_.buffer_offset = offset;
    info_.next = info_.read_end = info_.buffer;
    info_.write_end = info_.buffer + info_.buffer_size;
}

LONG MmioFile::read_device(char* to, LONG size) {
    const LONG got = device_->read(to, size);
    if (got > 0) info_.disk_offset += got;
    return got;
}

LONG MmioFile::write_device(const char* from, LONG size) {
    const LONG written = device_->write(from, size);
    if (written > 0) info_.disk_offset += written;
    return written;
}

LONG MmioFile::position() const {
    if (!is_buffered()) return info_.disk_offset;
    return info_.buffer_offset + static_cast<LONG>(info_.next - info_.buffer);
}

// Writes what is dirty in the buffer, which stays.
MMRESULT MmioFile::flush() {
    if (is_memory() || !is_buffered() || (info_.flags & MMIO_DIRTY) == 0) return 0;
    const auto size = static_cast<LONG>(std::max(info_.read_end, info_.next) - info_.buffer);
    if (info_.disk_offset != info_.buffer_offset) {
        info_.disk_offset = device_->seek(info_.buffer_offset, from_start);
        if (info_.disk_offset < 0) return MMIOERR_CANNOTSEEK;
    }
    if (write_device(info_.buffer, size) != size) return MMIOERR_CANNOTWRITE;
    info_.flags &= ~MMIO_DIRTY;
    return 0;
}

// Reads the next bytes of the file into the buffer. False: an error, or the end.
bool MmioFile::fill() {
    if (flush() != 0) return false;
    const LONG offset = position();
    if (info_.disk_offset != offset) {
        info_.disk_offset = device_->seek(offset, from_start);
        if (info_.disk_offset < 0) return false;
    }
    point_buffer_at(offset);
    const LONG got = read_device(info_.buffer, info_.buffer_size);
    if (got > 0) info_.read_end += got;
    return got > 0;
}

LONG MmioFile::read(char* to, LONG size) {
    if (size < 0) return -1;
    if (!is_buffered()) return is_memory() ? 0 : read_device(to, size);
    LONG got = 0;
    while (got < size) {
        if (unread() <= 0 && (is_memory() || !fill())) break;
        const LONG part = std::min(size - got, unread());
        std::memcpy(to + got, info_.next, static_cast<std::size_t>(part));
        info_.next += part;
        got += part;
    }
    return got;
}

// Makes room for `needed` more bytes behind a memory file of ours.
bool MmioFile::grow(LONG needed) {
    const DWORD step = info_.info[0];
    if (!owns_buffer_ && info_.buffer != nullptr) return false;
    if (step == 0) return false;
    const auto used = info_.next - info_.buffer;
    const auto stored = info_.read_end - info_.buffer;
    const std::int64_t size = used + needed;
    const std::int64_t rounded = (size + step - 1) / step * step;
    if (rounded > INT32_MAX) return false;
    auto* const grown =
        static_cast<char*>(reallocate(info_.buffer, static_cast<std::size_t>(rounded)));
    if (grown == nullptr) return false;
    owns_buffer_ = true;
    info_.buffer = grown;
    info_.buffer_size = static_cast<LONG>(rounded);
    info_.next = grown + used;
    info_.read_end = grown + stored;
    info_.write_end = grown + rounded;
    return true;
}

LONG MmioFile::write(const char* from, LONG size) {
    if (size < 0) return -1;
    if (!is_buffered() && !is_memory()) return write_device(from, size);
    LONG written = 0;
    while (written < size) {
        if (info_.next == info_.write_end) {
            if (is_memory() && !grow(size - written)) break;
            if (!is_memory() && advance(MMIO_WRITE) != 0) return -1;
        }
        const auto room = static_cast<LONG>(info_.write_end - info_.next);
        const LONG part = std::min(size - written, room);
        std::memcpy(info_.next, from + written, static_cast<std::size_t>(part));
        info_.next += part;
        info_.read_end = std::max(info_.read_end, info_.next);
        info_.flags |= MMIO_DIRTY;
        written += part;
    }
    return written == 0 && size > 0 ? -1 : written;
}

LONG MmioFile::end_of_file() {
    if (is_memory()) return static_cast<LONG>(info_.read_end - info_.buffer);
    if (is_buffered() && flush() != 0) return -1;
    info_.disk_offset = device_->seek(0, from_end);
    return info_.disk_offset;
}

LONG MmioFile::seek(LONG offset, int origin) {
    std::int64_t target = offset;
    if (origin == from_here) target += position();
    if (origin == from_end) {
        const LONG end = end_of_file();
        if (end < 0) return -1;
        target = std::int64_t{end} + offset;
    }
    if (target < 0 || target > INT32_MAX) return -1;
    const auto wanted = static_cast<LONG>(target);
    if (!is_buffered()) {
        if (is_memory()) return wanted == 0 ? 0 : -1;
        info_.disk_offset = device_->seek(wanted, from_start);
        return info_.disk_offset;
    }
    const auto limit = is_memory() ? info_.write_end : info_.read_end;
    const bool inside =
        wanted >= info_.buffer_offset && wanted - info_.buffer_offset <= limit - info_.buffer;
    if (inside) {
        info_.next = info_.buffer + (wanted - info_.buffer_offset);
        return wanted;
    }
    if (is_memory() || flush() != 0) return -1;
    point_buffer_at(wanted);
    return wanted;
}

MMRESULT MmioFile::advance(DWORD direction) {
    if (!is_buffered() && !is_memory()) return MMIOERR_UNBUFFERED;
    if (is_memory()) {
        return direction == MMIO_WRITE && !grow(1) ? MMIOERR_CANNOTEXPAND : 0;
    }
    if (direction == MMIO_READ) {
        const MMRESULT flushed = flush();
        if (flushed != 0) return flushed;
        fill();  // at the end of the file, the buffer is empty
        return 0;
    }
    const LONG offset = position();
    const MMRESULT flushed = flush();
    if (flushed != 0) return flushed;
    point_buffer_at(offset);
    return 0;
}

MMRESULT MmioFile::set_buffer(char* buffer, LONG size) {
    if (is_memory()) return MMIOERR_CANNOTEXPAND;
    if (size < 0) return MMIOERR_OUTOFMEMORY;
    const LONG offset = position();
    if (const MMRESULT flushed = flush(); flushed != 0) return flushed;
    char* const own = buffer == nullptr && size > 0
                          ? static_cast<char*>(allocate(static_cast<std::size_t>(size)))
                          : nullptr;
    if (buffer == nullptr && size > 0 && own == nullptr) return MMIOERR_OUTOFMEMORY;
    if (owns_buffer_) release(info_.buffer);
    owns_buffer_ = own != nullptr;
    info_.buffer = own != nullptr ? own : size > 0 ? buffer : nullptr;
    info_.buffer_size = size;
    point_buffer_at(offset);
    if (is_buffered() || info_.disk_offset == offset) return 0;
    info_.disk_offset = device_->seek(offset, from_start);
    return info_.disk_offset < 0 ? MMIOERR_CANNOTSEEK : 0;
}

void MmioFile::take_info(const MmioInfo& changed) {
    info_.flags = changed.flags;
    const auto inside = [&](const char* at) {
        return at >= info_.buffer && at <= info_.buffer + info_.buffer_size;
    };
    if (is_buffered() && inside(changed.next)) info_.next = changed.next;
    if (is_buffered() && inside(changed.read_end)) info_.read_end = changed.read_end;
    if ((info_.flags & MMIO_DIRTY) != 0) info_.read_end = std::max(info_.read_end, info_.next);
    std::copy(std::begin(changed.info), std::end(changed.info), info_.info);
}

MMRESULT MmioFile::close() {
    const MMRESULT flushed = flush();
    const MMRESULT closed = is_memory() ? 0 : device_->close();
    return flushed != 0 ? flushed : closed;
}

}  // namespace instdrv::winapi::winmm
