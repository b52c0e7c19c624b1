// What the stages read from real images, against what pefile reads from them.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/fd.hpp"
#include "image/pe/delay_imports.hpp"
#include "image/pe/driver_image.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/imports.hpp"
#include "image/pe/relocations.hpp"
#include "image/pe/resources.hpp"
#include "image/pe/tls.hpp"
#include "image/pe/unwind_data.hpp"
#include "image/pe/version_info.hpp"
#include "image_builder.hpp"
#include "real_drivers.hpp"

namespace instdrv::pe::test {
namespace {

using nlohmann::json;

json ask_oracle(const std::filesystem::path& file) {
    struct Close {
        void operator()(std::FILE* pipe) const { ::pclose(pipe); }
    };
    const auto command =
        fmt::format("{} '{}' '{}'", INSTDRV_PYTHON, INSTDRV_PE_ORACLE, file.string());
    const std::unique_ptr<std::FILE, Close> pipe(::popen(command.c_str(), "r"));
    return json::parse(pipe.get());
}

template <class Dll>
json describe(const std::vector<Dll>& dlls) {
    auto out = json::array();
    for (const auto& dll : dlls) {
        auto symbols = json::array();
        for (const auto& [symbol, slot] : dll.symbols) {
            symbols.push_back({symbol.name, symbol.ordinal, slot});
        }
        out.push_back({{"dll", dll.name}, {"symbols", std::move(symbols)}});
    }
    return out;
}

json describe(const ExportTable& table) {
    auto out = json::array();
    for (const Export& entry : table.entries()) {
        out.push_back({entry.name, entry.ordinal, entry.rva, entry.forwarder});
    }
    return out;
}

json describe(const std::vector<Relocation>& relocations) {
    auto out = json::array();
    for (const auto& relocation : relocations)
        out.push_back({relocation.rva, relocation.kind});
    return out;
}

json describe(const ResourceTable& table) {
    auto out = json::array();
    for (const Resource& resource : table.entries()) {
        out.push_back({resource.type.describe(), resource.name.describe(), resource.language,
                       resource.rva, resource.data.size()});
    }
    return out;
}

// The texts of the version resources of all languages.
json version_texts(const ResourceTable& resources) {
    auto out = json::array();
    for (const Resource& resource : resources.entries()) {
        if (!(resource.type == ResourceId(resource_type::version))) continue;
        const auto version = parse_version_info(resource.data).value();
        for (const auto& table : version.string_tables) {
            for (const auto& [key, value] : table.strings)
                out.push_back({key, value});
        }
    }
    return out;
}

json describe(const std::optional<TlsDirectory>& tls) {
    if (!tls) return nullptr;
    return {
        {"size", tls->template_size}, {"zero_fill", tls->zero_fill}, {"index", tls->index_slot}};
}

json sorted(json list) {
    std::sort(list.begin(), list.end());
    return list;
}

class RealImage : public testing::TestWithParam<std::filesystem::path> {
protected:
    void SetUp() override {
        auto content = read_file(GetParam());
        ASSERT_TRUE(content) << content.error().text();
        file_ = std::move(*content);
        const auto headers = parse_headers(file_);
        ASSERT_TRUE(headers) << headers.error().text();
        auto view = validate_dll(file_, headers->machine);
        ASSERT_TRUE(view) << view.error().text();
        view_ = std::make_unique<ImageView>(std::move(*view));
    }

    // All tables of the view, in the oracle's words.
    static json describe_tables(const ImageView& view) {
        const auto resources = ResourceTable::parse(view).value();
        return {{"imports", describe(parse_imports(view).value())},
                {"delay_imports", describe(parse_delay_imports(view).value())},
                {"exports", sorted(describe(ExportTable::parse(view).value()))},
                {"relocations", describe(parse_relocations(view).value())},
                {"resources", describe(resources)},
                {"version_texts", version_texts(resources)},
                {"tls", describe(parse_tls(view).value())}};
    }

    std::vector<std::byte> file_;
    std::unique_ptr<ImageView> view_;
};

TEST_P(RealImage, ReadsAsPefileReadsIt) {
    auto expected = ask_oracle(GetParam());
    expected["exports"] = sorted(expected["exports"]);
    const auto& headers = view_->headers();
    EXPECT_EQ(static_cast<int>(headers.machine), expected["machine"]);
    EXPECT_EQ(headers.image_base, expected["image_base"]);
    EXPECT_EQ(headers.entry_point, expected["entry_point"]);
    EXPECT_EQ(headers.size_of_image, expected["size_of_image"]);
    const auto tables = describe_tables(*view_);
    for (const auto& [name, table] : tables.items())
        EXPECT_EQ(table, expected[name]) << name;
}

TEST_P(RealImage, SectionsAreWherePefileSeesThem) {
    const auto expected = ask_oracle(GetParam())["sections"];
    const auto sections = view_->sections();
    ASSERT_EQ(sections.size(), expected.size());
    for (std::size_t i = 0; i < sections.size(); ++i) {
        EXPECT_EQ(sections[i].name, expected[i]["name"]);
        EXPECT_EQ(sections[i].rva, expected[i]["rva"]);
        EXPECT_GE(sections[i].memory_size, expected[i]["virtual_size"].get<std::uint32_t>());
        EXPECT_EQ(sections[i].raw_offset, expected[i]["raw_offset"]);
        EXPECT_LE(sections[i].raw_size, expected[i]["raw_size"].get<std::uint32_t>());
    }
}

TEST_P(RealImage, FunctionsAreFoundByAnyAddressInside) {
    const auto expected = ask_oracle(GetParam())["functions"];
    ASSERT_EQ(runtime_function_count(*view_), expected.size());
    for (const auto& function : expected) {
        const Rva begin = function[0];
        const Rva end = function[1];
        for (const Rva address : {begin, begin + (end - begin) / 2, end - 1}) {
            const auto found = find_runtime_function(*view_, address);
            ASSERT_TRUE(found) << address;
            EXPECT_EQ(found->begin, begin);
            EXPECT_EQ(found->unwind_info, function[2]);
        }
    }
}

TEST_P(RealImage, ReadsTheSameWhenMapped) {
    auto mapped = lay_out(*view_);
    const auto base = view_->headers().image_base + 0x230000;
    const auto relocations = parse_relocations(*view_);
    ASSERT_TRUE(apply_relocations(*relocations, mapped, 0x230000));
    const auto view = ImageView::of_mapped(mapped, base);
    ASSERT_TRUE(view) << view.error().text();
    EXPECT_EQ(describe_tables(*view), describe_tables(*view_));
    EXPECT_TRUE(validate_unwind_data(*view));
}

std::string test_name(const testing::TestParamInfo<std::filesystem::path>& info) {
    auto name = info.param.filename().string();
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Drivers, RealImage, testing::ValuesIn(real_drivers()), test_name);
INSTANTIATE_TEST_SUITE_P(Drivers32, RealImage, testing::ValuesIn(real_drivers_32()), test_name);
// Forwarders, version texts, many resources; ordinals; TLS in both sizes.
INSTANTIATE_TEST_SUITE_P(Libraries, RealImage,
                         testing::Values(wine_dll("kernel32.dll"), wine_dll("winmm.dll"),
                                         wine_dll("shell32.dll"), INSTDRV_LIBGCC_X86_64,
                                         INSTDRV_LIBGCC_I386),
                         test_name);

class RealDriver : public RealImage {};

TEST_P(RealDriver, IsADriver) {
    const bool is_32 = GetParam().parent_path() == INSTDRV_WINE_DLLS_32;
    const auto driver = validate_driver(file_, is_32 ? Machine::x86 : Machine::x86_64);
    EXPECT_TRUE(driver) << driver.error().text();
    EXPECT_FALSE(validate_driver(file_, is_32 ? Machine::x86_64 : Machine::x86));
}

INSTANTIATE_TEST_SUITE_P(Drivers, RealDriver, testing::ValuesIn(real_drivers()), test_name);
INSTANTIATE_TEST_SUITE_P(Drivers32, RealDriver, testing::ValuesIn(real_drivers_32()), test_name);

}  // namespace
}  // namespace instdrv::pe::test
