/* Converts sound through ACM drivers by way of Windows' own msacm32, as the measure for instdrv.
 *
 *     acm_oracle LIST
 *
 * Each line of LIST is one job, its fields separated by tabs:
 *
 *     convert  DRIVER IN OUT TAG PIECE
 *         converts the WAV file IN to a format with that tag. OUT gets the size of the format it
 *         became (4 bytes), the format and the sound. PIECE: bytes to convert at a time, 0 for all.
 *     formats  DRIVER OUT
 *         OUT gets a line of text for each standard format of each format tag.
 *
 * Prints a line per job: "ok", or the call that failed and its result.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include <mmsystem.h>

#include <mmreg.h>

#include <msacm.h>

enum { most_format = 4096 };

typedef struct Sound {
    BYTE format[most_format];
    DWORD format_size;
    BYTE* data;
    DWORD data_size;
} Sound;

static WAVEFORMATEX* header_of(Sound* sound) { return (WAVEFORMATEX*)sound->format; }

static int failed(const char* call, MMRESULT result) {
    printf("%s\t%u\n", call, result);
    return 0;
}

static BYTE* read_file(const char* name, DWORD* size) {
    FILE* file = fopen(name, "rb");
    if (!file) return NULL;
    fseek(file, 0, SEEK_END);
    *size = (DWORD)ftell(file);
    rewind(file);
    BYTE* content = malloc(*size + 1);
    *size = (DWORD)fread(content, 1, *size, file);
    fclose(file);
    return content;
}

/* The files are ours: a header of 12 bytes, then chunks, the last of which may be cut. */
static int read_wav(const char* name, Sound* sound) {
    DWORD size = 0;
    BYTE* file = read_file(name, &size);
    if (!file) return 0;
    for (DWORD at = 12; at + 8 <= size;) {
        DWORD length = *(DWORD*)(file + at + 4);
        BYTE* content = file + at + 8;
        if (length > size - at - 8) length = size - at - 8;
        if (memcmp(file + at, "fmt ", 4) == 0 && length <= most_format) {
            memcpy(sound->format, content, length);
            sound->format_size = length < sizeof(WAVEFORMATEX) ? sizeof(WAVEFORMATEX) : length;
        }
        if (memcmp(file + at, "data", 4) == 0) {
            sound->data = content; /* the file stays in memory until the program ends */
            sound->data_size = length;
            return 1;
        }
        at += 8 + length + length % 2;
    }
    return 0;
}

static DWORD standard_formats(HACMDRIVER driver, DWORD tag) {
    ACMFORMATTAGDETAILSW details = {.cbStruct = sizeof details};
    details.dwFormatTag = tag;
    if (acmFormatTagDetailsW(driver, &details, ACM_FORMATTAGDETAILSF_FORMATTAG)) return 0;
    return details.cStandardFormats;
}

static MMRESULT standard_format(HACMDRIVER driver, DWORD tag, DWORD index, WAVEFORMATEX* format) {
    ACMFORMATDETAILSW details = {.cbStruct = sizeof details};
    details.dwFormatIndex = index;
    details.dwFormatTag = tag;
    details.pwfx = format;
    details.cbwfx = most_format;
    return acmFormatDetailsW(driver, &details, ACM_FORMATDETAILSF_INDEX);
}

/* Some drivers suggest nothing: then their standard format with the rate and channels of the
 * source. */
static MMRESULT pick_format(HACMDRIVER driver, const WAVEFORMATEX* from, WAVEFORMATEX* to,
                            DWORD tag) {
    for (DWORD index = 0; index < standard_formats(driver, tag); ++index) {
        if (standard_format(driver, tag, index, to) == 0 && to->nChannels == from->nChannels &&
            to->nSamplesPerSec == from->nSamplesPerSec) {
            return 0;
        }
    }
    return ACMERR_NOTPOSSIBLE;
}

static MMRESULT choose_format(HACMDRIVER driver, Sound* from, Sound* to, DWORD tag) {
    WAVEFORMATEX* format = header_of(to);
    format->wFormatTag = (WORD)tag;
    format->nChannels = header_of(from)->nChannels;
    format->nSamplesPerSec = header_of(from)->nSamplesPerSec;
    MMRESULT result =
        acmFormatSuggest(driver, header_of(from), format, most_format,
                         ACM_FORMATSUGGESTF_WFORMATTAG | ACM_FORMATSUGGESTF_NCHANNELS |
                             ACM_FORMATSUGGESTF_NSAMPLESPERSEC);
    if (result) result = pick_format(driver, header_of(from), format, tag);
    to->format_size = tag == WAVE_FORMAT_PCM ? 16 : sizeof(WAVEFORMATEX) + format->cbSize;
    return result;
}

static MMRESULT prepare(HACMSTREAM stream, ACMSTREAMHEADER* header, DWORD size) {
    DWORD room = 0;
    MMRESULT result = acmStreamSize(stream, size, &room, ACM_STREAMSIZEF_SOURCE);
    if (result) return result;
    header->cbStruct = sizeof *header;
    header->pbSrc = malloc(size);
    header->cbSrcLength = size;
    header->pbDst = malloc(room);
    header->cbDstLength = room;
    return acmStreamPrepareHeader(stream, header, 0);
}

/* Whole blocks while there is more than a piece, then the rest with no such demand, then nothing,
 * as long as the driver still gives out what it kept. */
static MMRESULT convert_pieces(HACMSTREAM stream, ACMSTREAMHEADER* header, const Sound* from,
                               FILE* out) {
    const DWORD piece = header->cbSrcLength;
    DWORD flags = ACM_STREAMCONVERTF_START;
    DWORD at = 0;
    do {
        DWORD size = from->data_size - at;
        flags |= size <= piece ? ACM_STREAMCONVERTF_END : ACM_STREAMCONVERTF_BLOCKALIGN;
        header->cbSrcLength = size < piece ? size : piece;
        memcpy(header->pbSrc, from->data + at, header->cbSrcLength);
        MMRESULT result = acmStreamConvert(stream, header, flags);
        if (result) return size ? result : 0;
        fwrite(header->pbDst, 1, header->cbDstLengthUsed, out);
        at += header->cbSrcLengthUsed;
        flags = 0;
    } while (header->cbSrcLengthUsed || header->cbDstLengthUsed);
    header->cbSrcLength = piece;
    return 0;
}

static int convert_all(HACMSTREAM stream, const Sound* from, DWORD piece, FILE* out) {
    ACMSTREAMHEADER header;
    memset(&header, 0, sizeof header);
    MMRESULT result = prepare(stream, &header, piece ? piece : from->data_size);
    if (result) return failed("prepare", result);
    result = convert_pieces(stream, &header, from, out);
    if (result) return failed("acmStreamConvert", result);
    acmStreamUnprepareHeader(stream, &header, 0);
    free(header.pbSrc);
    free(header.pbDst);
    return 1;
}

static HACMDRIVER open_driver(const char* name, HACMDRIVERID* id) {
    HACMDRIVER driver = NULL;
    HMODULE module = LoadLibraryA(name);
    FARPROC entry = module ? GetProcAddress(module, "DriverProc") : NULL;
    MMRESULT result = acmDriverAddA(id, module, (LPARAM)entry, 0, ACM_DRIVERADDF_FUNCTION);
    if (!entry || result || (result = acmDriverOpen(&driver, *id, 0))) failed("open", result);
    return driver;
}

static int convert(char** field, HACMDRIVER driver) {
    Sound from = {0};
    Sound to = {0};
    if (!read_wav(field[2], &from)) return failed("read", 0);
    MMRESULT result = choose_format(driver, &from, &to, strtoul(field[4], NULL, 0));
    if (result) return failed("acmFormatSuggest", result);
    HACMSTREAM stream;
    result = acmStreamOpen(&stream, driver, header_of(&from), header_of(&to), NULL, 0, 0,
                           ACM_STREAMOPENF_NONREALTIME);
    if (result) return failed("acmStreamOpen", result);
    FILE* out = fopen(field[3], "wb");
    if (!out) return failed("write", 0);
    fwrite(&to.format_size, sizeof to.format_size, 1, out);
    fwrite(to.format, 1, to.format_size, out);
    int done = convert_all(stream, &from, strtoul(field[5], NULL, 0), out);
    fclose(out);
    acmStreamClose(stream, 0);
    return done;
}

static int list_tag(HACMDRIVER driver, DWORD tag, FILE* out) {
    for (DWORD index = 0; index < standard_formats(driver, tag); ++index) {
        BYTE bytes[most_format] = {0};
        WAVEFORMATEX* format = (WAVEFORMATEX*)bytes;
        MMRESULT result = standard_format(driver, tag, index, format);
        if (result) return failed("acmFormatDetailsW", result);
        fprintf(out, "%u %lu %u %u %lu %u\n", format->wFormatTag, format->nSamplesPerSec,
                format->nChannels, format->wBitsPerSample, format->nAvgBytesPerSec,
                format->nBlockAlign);
    }
    return 1;
}

static int list_formats(char** field, HACMDRIVERID id, HACMDRIVER driver) {
    ACMDRIVERDETAILSW details = {.cbStruct = sizeof details};
    MMRESULT result = acmDriverDetailsW(id, &details, 0);
    if (result) return failed("acmDriverDetailsW", result);
    FILE* out = fopen(field[2], "w");
    if (!out) return failed("write", 0);
    int done = 1;
    for (DWORD index = 0; done && index < details.cFormatTags; ++index) {
        ACMFORMATTAGDETAILSW tag = {.cbStruct = sizeof tag};
        tag.dwFormatTagIndex = index;
        result = acmFormatTagDetailsW(driver, &tag, ACM_FORMATTAGDETAILSF_INDEX);
        done = result ? failed("acmFormatTagDetailsW", result)
                      : list_tag(driver, tag.dwFormatTag, out);
    }
    fclose(out);
    return done;
}

static int split(char* line, char** field, int most) {
    int count = 0;
    for (char* part = strtok(line, "\t\r\n"); part && count < most; part = strtok(NULL, "\t\r\n")) {
        field[count++] = part;
    }
    return count;
}

int main(int argc, char** argv) {
    FILE* list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!list) return 2;
    char line[4096];
    while (fgets(line, sizeof line, list)) {
        char* field[6];
        HACMDRIVERID id = NULL;
        int count = split(line, field, 6);
        HACMDRIVER driver = count > 1 ? open_driver(field[1], &id) : NULL;
        if (!driver) continue;
        int done = 0;
        if (count == 6 && strcmp(field[0], "convert") == 0) done = convert(field, driver);
        if (count == 3 && strcmp(field[0], "formats") == 0) done = list_formats(field, id, driver);
        if (done) puts("ok");
        acmDriverClose(driver, 0);
        acmDriverRemove(id, 0);
    }
    fclose(list);
    return 0;
}
