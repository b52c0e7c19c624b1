// What the C runtime and libstdc++ on top of it do, as text. Built as a program, which prints it
// under Wine, and as a DLL, of which the test calls probe(). Both must say the same.
#include <direct.h>
#include <float.h>
#include <io.h>
#include <math.h>
#include <mbstring.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <time.h>
#include <windows.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

std::string report;

template <class Value>
void say(const char* what, const Value& value) {
    std::ostringstream line;
    line << what << ": " << value << '\n';
    report += line.str();
}

void say_wide(const char* what, const wchar_t* value) {
    std::string narrow;
    for (; *value != 0; ++value)
        narrow += *value < 128 ? static_cast<char>(*value) : '?';
    say(what, narrow);
}

void probe_strings() {
    char text[64] = "Hello, World";
    say("_strupr", _strupr(text));
    say("_strlwr", _strlwr(text));
    say("_strrev", _strrev(text));
    say("_stricmp", _stricmp("ABC", "abd") < 0);
    say("_strnicmp", _strnicmp("ABCx", "abcy", 3));
    char list[] = "a,b;;c";
    for (char* part = strtok(list, ",;"); part != nullptr; part = strtok(nullptr, ",;")) {
        say("strtok", part);
    }
    say("strspn", strspn("aabbc", "ab"));
    say("strcspn", strcspn("aabbc", "c"));
    say("strpbrk", strpbrk("hello", "xl"));
    say("_strset", _strset(text, '-'));
    say("strerror", strerror(2));
    say("strcpy_s", strcpy_s(text, 64, "fits"));
    say("strncpy_s", strncpy_s(text, 4, "truncated", _TRUNCATE));
    say("strncpy_s text", text);
    say("strcat_s", strcat_s(text, 64, "-more"));
    say("strcat_s text", text);
}

void probe_wide_strings() {
    wchar_t text[64] = L"Hello, Wide";
    say_wide("_wcsupr", _wcsupr(text));
    say_wide("_wcsrev", _wcsrev(text));
    say("wcslen", wcslen(text));
    say("_wcsicmp", _wcsicmp(L"abc", L"ABC"));
    say_wide("wcsstr", wcsstr(L"find the needle", L"the"));
    say_wide("wcsrchr", wcsrchr(L"a.b.c", L'.'));
    say("wcstol", wcstol(L"-0x1F", nullptr, 16));
    say("wcstod", wcstod(L"2.5e1", nullptr));
    say("mbstowcs", mbstowcs(text, "narrow", 64));
    say_wide("mbstowcs text", text);
    char narrow[16] = {};
    say("wcstombs", wcstombs(narrow, L"abc", 16));
    say("wcstombs fails", wcstombs(narrow, L"\u4e2d", 16) == static_cast<size_t>(-1));
    say("iswalpha", iswalpha(L'x') != 0);
}

void probe_numbers() {
    char text[64];
    say("_itoa", _itoa(-255, text, 16));
    say("_itoa decimal", _itoa(-255, text, 10));
    say("_ultoa", _ultoa(4000000000u, text, 2));
    say("_i64toa", _i64toa(-5000000000, text, 10));
    say("strtol", strtol("99999999999", nullptr, 10));
    say("errno", errno);
    char* end = nullptr;
    say("strtoul", strtoul("0x7fz", &end, 0));
    say("strtoul rest", end);
    say("_atoi64", _atoi64("-12345678901"));
    say("atof", atof(" 1.5e2xyz"));
    say("strtod", strtod("-.5e-1", &end));
    say("_gcvt", _gcvt(123.456, 5, text));
    int point = 0;
    int sign = 0;
    say("_ecvt", _ecvt(-123.456, 5, &point, &sign));
    say("_ecvt point", point * 10 + sign);
    say("_fcvt", _fcvt(123.456, 2, &point, &sign));
    say("_fcvt point", point * 10 + sign);
    say("_rotl", _rotl(0x80000001, 4));
    say("div", div(-7, 2).rem);
    srand(1);
    say("rand", rand());
    say("rand again", rand());
    say("floor", floor(-1.5) + ceil(1.2) + fmod(7.5, 2));
    int exponent = 0;
    say("frexp", frexp(12.0, &exponent) + exponent);
    say("_finite", _finite(1.0) * 2 + _isnan(1.0));
    say("_controlfp", _controlfp(0, 0) & 0x8031F);
    unsigned letters = 0;
    for (int c = 0; c < 128; ++c) {
        letters = letters * 31 + (isalpha(c) != 0) + 2 * (ispunct(c) != 0) + 4 * (isspace(c) != 0) +
                  8 * (iscntrl(c) != 0) + 16 * (isxdigit(c) != 0) + 32 * (isprint(c) != 0);
    }
    say("ctype", letters);
}

int by_length(const void* a, const void* b) {
    return static_cast<int>(strlen(*static_cast<const char* const*>(a))) -
           static_cast<int>(strlen(*static_cast<const char* const*>(b)));
}

jmp_buf back;
void leave(int value) { longjmp(back, value); }

void probe_control() {
    const char* words[] = {"ccc", "a", "dddd", "bb"};
    qsort(words, 4, sizeof *words, by_length);
    for (const char* word : words)
        say("qsort", word);
    const char* key = "xx";
    say("bsearch", *static_cast<const char**>(bsearch(&key, words, 4, sizeof *words, by_length)));
    const int came_back = setjmp(back);
    if (came_back == 0) leave(42);
    say("setjmp", came_back);
    try {
        throw std::runtime_error("thrown");
    } catch (const std::exception& e) {
        say("caught", e.what());
    }
    try {
        std::vector<int>(3).at(7);
    } catch (const std::out_of_range&) {
        say("caught", "out_of_range");
    }
}

void probe_formats() {
    char text[128];
    say("_snprintf", _snprintf(text, sizeof text, "%d %s %5.2f %I64d %x", 1, "two", 3.0, 4LL, 5));
    say("_snprintf text", text);
    wchar_t wide[64];
    say("_snwprintf", _snwprintf(wide, 64, L"%s %S %d", L"wide", "narrow", 7));
    say_wide("_snwprintf text", wide);
    int number = 0;
    char word[16] = {};
    say("sscanf", sscanf("12 words", "%d %15s", &number, word));
    say("sscanf word", word);
}

constexpr const char* file = "C:\\windows\\temp\\instdrv-probe.txt";
constexpr const char* moved = "C:\\windows\\temp\\instdrv-probe-2.txt";

void probe_files() {
    remove(file);
    remove(moved);
    FILE* stream = fopen(file, "w");
    say("opened", stream != nullptr);
    if (stream == nullptr) return;
    fputs("first\nsecond\n", stream);
    fprintf(stream, "%d\n", 33);
    say("ftell", ftell(stream));
    fclose(stream);
    struct _stat64 status;
    say("_stat64", _stat64(file, &status));
    say("size", status.st_size);
    say("mode", status.st_mode & (_S_IFREG | _S_IREAD | _S_IWRITE));
    stream = fopen(file, "r");
    char line[32];
    say("fgets", fgets(line, sizeof line, stream));
    say("fgetc", fgetc(stream));
    ungetc('S', stream);
    say("fgets", fgets(line, sizeof line, stream));
    int number = 0;
    say("fscanf", fscanf(stream, "%d", &number));
    say("number", number);
    say("fgetc newline", fgetc(stream));
    say("fgetc end", fgetc(stream));
    say("feof", feof(stream) != 0);
    rewind(stream);
    say("fread", fread(line, 1, 7, stream));
    say("fread bytes", std::string(line, 7));
    fclose(stream);
    stream = fopen(file, "rb");
    say("binary fread", fread(line, 1, 7, stream));
    say("binary byte", static_cast<int>(line[5]));
    say("fseek", fseek(stream, -4, SEEK_END));
    say("tell", ftell(stream));
    fclose(stream);
    say("rename", rename(file, moved));
    say("fopen missing", fopen(file, "r") == nullptr);
    say("errno", errno);
    _finddata_t found;
    const intptr_t search = _findfirst("C:\\windows\\temp\\instdrv-probe*", &found);
    say("_findfirst", found.name);
    say("_findnext", _findnext(search, &found));
    _findclose(search);
    say("_access", _access(moved, 0));
    std::ofstream(moved) << "by libstdc++\n";
    std::ifstream input(moved);
    std::string text;
    std::getline(input, text);
    input.close();
    say("ifstream", text);
    say("file_size", std::filesystem::file_size(moved));
    say("remove", remove(moved));
    say("remove again", remove(moved));
}

void probe_paths_and_time() {
    char drive[8], folder[64], name[64], extension[16], whole[260];
    _splitpath("C:\\folder\\sub\\name.ext", drive, folder, name, extension);
    say("_splitpath", std::string(drive) + '|' + folder + '|' + name + '|' + extension);
    _makepath(whole, "D", "x\\y", "file", "txt");
    say("_makepath", whole);
    say("_fullpath", _fullpath(whole, "C:\\a\\..\\b\\.\\c", sizeof whole));
    const time_t moment = 1'000'000'000;
    say("asctime", asctime(gmtime(&moment)));
    strftime(whole, sizeof whole, "%Y-%m-%d %H:%M:%S %#d %j %a %B", gmtime(&moment));
    say("strftime", whole);
}

void probe_cpp() {
    std::map<std::string, int> counts;
    for (const char* word : {"b", "a", "b"})
        ++counts[word];
    for (const auto& [word, count] : counts)
        say(word.c_str(), count);
    say("stod", std::stod("6.02e23"));
    say("to_string", std::to_string(-17) + std::to_string(2.5));
    say("regex", std::regex_replace("a1b22", std::regex("[0-9]+"), "#"));
    std::ostringstream out;
    out.precision(3);
    out << std::fixed << 2.0 / 3 << ' ' << std::hex << 255 << ' ' << true;
    say("ostringstream", out.str());
    say("filesystem", std::filesystem::path("C:/a/b.c").extension().string());
}

}  // namespace

extern "C" __declspec(dllexport) const char* probe() {
    report.clear();
    probe_strings();
    probe_wide_strings();
    probe_numbers();
    probe_control();
    probe_formats();
    probe_files();
    probe_paths_and_time();
    probe_cpp();
    return report.c_str();
}

int main() { fputs(probe(), stdout); }
