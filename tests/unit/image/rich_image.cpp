#include "rich_image.hpp"

#include <utility>

#include "resource_writer.hpp"

namespace instdrv::pe::test {

namespace {

constexpr Rva code_rva = 0x1000;
constexpr Rva exports_rva = 0x2000;
constexpr Rva imports_rva = 0x3000;
constexpr Rva delay_rva = 0x4000;
constexpr Rva tls_rva = 0x5000;
constexpr Rva unwind_rva = 0x6000;
constexpr Rva resources_rva = 0x7000;
constexpr Rva relocations_rva = 0x8000;

void add_section(ImageSpec& spec, std::string name, Rva rva, const TableWriter& table,
                 std::uint32_t characteristics = data_section) {
    spec.sections.push_back({.name = std::move(name),
                             .rva = rva,
                             .content = table.bytes(),
                             .virtual_size = 0x1000,
                             .characteristics = characteristics});
}

void add_code(ImageSpec& spec) {
    TableWriter out(code_rva);
    while (out.here() < code_rva + 64)
        out.put<std::uint8_t>(0xC3);
    spec.entry_point = code_rva;
    add_section(spec, ".text", code_rva, out, code_section);
}

void add_exports(ImageSpec& spec) {
    constexpr Rva functions = exports_rva + 40, names = exports_rva + 52,
                  ordinals = exports_rva + 60, texts = exports_rva + 64;
    TableWriter out(exports_rva);
    out.fill_to(exports_rva + 12).put<Rva>(texts).put<std::uint32_t>(1);
    out.put<std::uint32_t>(3).put<std::uint32_t>(2).put(functions).put(names).put(ordinals);
    out.put<Rva>(code_rva + 16).put<Rva>(texts + 40).put<Rva>(code_rva + 32);
    out.put<Rva>(texts + 16).put<Rva>(texts + 28).put<std::uint16_t>(0).put<std::uint16_t>(1);
    out.text("rich.dll").fill_to(texts + 16).text("DriverProc").fill_to(texts + 28);
    out.text("Sleep").fill_to(texts + 40).text("KERNEL32.Sleep");
    spec.directory(Directory::exports) = {.rva = exports_rva, .size = 0x100};
    add_section(spec, ".edata", exports_rva, out);
}

// A name, then the lookup and address tables with one function by name and one by ordinal, at fixed
// places behind the descriptors.
void put_imports(TableWriter& out, Machine machine, Rva start, std::string_view dll,
                 std::string_view function) {
    const auto ordinal = std::uint64_t{1} << (machine == Machine::x86_64 ? 63 : 31) | 7;
    out.fill_to(start + 0x80).text(dll).fill_to(start + 0xA0).put<std::uint16_t>(0).text(function);
    for (const Rva table : {start + 0x100, start + 0x140}) {
        out.fill_to(table).put_word(machine, start + 0xA0).put_word(machine, ordinal);
        out.put_word(machine, 0);
    }
}

void add_imports(ImageSpec& spec) {
    TableWriter out(imports_rva);
    out.put(imports_rva + 0x100).put<std::uint64_t>(0).put(imports_rva + 0x80);
    out.put(imports_rva + 0x140);
    put_imports(out, spec.machine, imports_rva, "WINMM.dll", "DefDriverProc");
    spec.directory(Directory::imports) = {.rva = imports_rva, .size = 40};
    add_section(spec, ".idata", imports_rva, out);
}

void add_delay_imports(ImageSpec& spec) {
    TableWriter out(delay_rva);
    out.put<std::uint32_t>(1).put(delay_rva + 0x80).put(delay_rva + 0x200);
    out.put(delay_rva + 0x140).put(delay_rva + 0x100);
    put_imports(out, spec.machine, delay_rva, "USER32.dll", "MessageBoxW");
    spec.directory(Directory::delay_imports) = {.rva = delay_rva, .size = 64};
    add_section(spec, ".didat", delay_rva, out);
}

void add_tls(ImageSpec& spec) {
    TableWriter out(tls_rva);
    for (const Rva field : {tls_rva + 0x80, tls_rva + 0x90, tls_rva + 0xA0, tls_rva + 0xC0}) {
        out.put_word(spec.machine, spec.image_base + field);
    }
    out.put<std::uint32_t>(16).put<std::uint32_t>(0).fill_to(tls_rva + 0xC0);
    out.put_word(spec.machine, spec.image_base + code_rva).put_word(spec.machine, 0);
    spec.directory(Directory::tls) = {.rva = tls_rva, .size = 40};
    add_section(spec, ".tls", tls_rva, out);
}

void add_unwind_data(ImageSpec& spec) {
    TableWriter out(unwind_rva);
    constexpr Rva info = unwind_rva + 0x80, chained = unwind_rva + 0xA0;
    for (const Rva begin : {code_rva, code_rva + 16, code_rva + 32}) {
        out.put(begin).put<Rva>(begin + 16).put(begin == code_rva ? chained : info);
    }
    out.fill_to(info).put<std::uint32_t>(0x00030419);  // 3 slots, a handler
    out.put<std::uint16_t>(0x3204).put<std::uint16_t>(0x0101).put<std::uint16_t>(4);
    out.put<std::uint16_t>(0).put<Rva>(code_rva + 48).put<std::uint32_t>(0);
    out.fill_to(chained)
        .put<std::uint32_t>(0x00000021)
        .put<Rva>(code_rva)
        .put<Rva>(code_rva + 16)
        .put(info);
    spec.directory(Directory::exceptions) = {.rva = unwind_rva, .size = 36};
    add_section(spec, ".pdata", unwind_rva, out);
}

void add_resources(ImageSpec& spec) {
    const auto table = write_resources(
        resources_rva, {{.type = u"WAVE", .name = u"Beep", .data = {32, std::byte{1}}},
                        {.type = resource_type::string,
                         .name = std::uint16_t{1},
                         .language = 0x0409,
                         .data = string_block({u"a", u"driver"})},
                        {.type = resource_type::version,
                         .name = std::uint16_t{1},
                         .data = version_block({{u"FileDescription", u"rich"}})}});
    spec.directory(Directory::resources) = {.rva = resources_rva, .size = 0x1000};
    add_section(spec, ".rsrc", resources_rva, table);
}

void add_relocations(ImageSpec& spec) {
    const unsigned kind = spec.machine == Machine::x86_64 ? 10 : 3;
    TableWriter out(relocations_rva);
    out.put(tls_rva).put<std::uint32_t>(8 + 6 * 2);
    for (unsigned i = 0; i < 4; ++i) {
        const auto offset = i * (spec.machine == Machine::x86_64 ? 8 : 4);
        out.put(static_cast<std::uint16_t>(kind << 12 | offset));
    }
    out.put(static_cast<std::uint16_t>(kind << 12 | 0xC0)).put<std::uint16_t>(0);
    spec.directory(Directory::relocations) = {.rva = relocations_rva, .size = 20};
    add_section(spec, ".reloc", relocations_rva, out);
}

}  // namespace

ImageSpec rich_image(Machine machine) {
    ImageSpec spec{.machine = machine};
    add_code(spec);
    add_exports(spec);
    add_imports(spec);
    add_delay_imports(spec);
    add_tls(spec);
    if (machine == Machine::x86_64) add_unwind_data(spec);
    add_resources(spec);
    add_relocations(spec);
    return spec;
}

}  // namespace instdrv::pe::test
