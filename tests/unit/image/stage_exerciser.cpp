#include "stage_exerciser.hpp"

#include <cstdint>
#include <vector>

#include <fmt/format.h>

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

namespace instdrv::pe::test {

namespace {

constexpr std::uint32_t largest_mapped = 4u << 20;

class Exerciser {
public:
    void run(Bytes file) {
        judge("validate_driver", validate_driver(file, Machine::x86_64));
        judge("validate_driver", validate_driver(file, Machine::x86));
        const auto view = ImageView::of_file(file);
        judge("of_file", view);
        if (!view) return;
        run_stages(*view);
        run_mapped(*view);
    }

    [[nodiscard]] const std::string& complaint() const { return complaint_; }

private:
    template <class Outcome>
    void judge(const char* stage, const Outcome& outcome) {
        if (outcome) return;
        const Error& error = outcome.error();
        const bool known =
            error.code == ErrorCode::bad_image || error.code == ErrorCode::wrong_machine;
        if (!known || error.cause.empty()) {
            complaint_ = fmt::format("{}: {} '{}'", stage, name_of(error.code), error.cause);
        }
    }

    template <class Outcome>
    void judge_and_visit(const char* stage, const Outcome& outcome) {
        judge(stage, outcome);
        if (outcome) visit(*outcome);
    }

    template <class Range>
    void touch(const Range& range) {
        for (const auto value : range)
            sum_ += static_cast<unsigned>(value);
    }

    // What the view reads, mapped and relocated, as a loader would have it.
    void run_mapped(const ImageView& view) {
        if (view.headers().size_of_image > largest_mapped) return;
        auto mapped = lay_out(view);
        constexpr std::uint64_t delta = 0x10000;
        if (const auto relocations = parse_relocations(view)) {
            judge("apply_relocations", apply_relocations(*relocations, mapped, delta));
        }
        const auto mapped_view = ImageView::of_mapped(mapped, view.base() + delta);
        if (mapped_view) run_stages(*mapped_view);
    }

    void run_stages(const ImageView& view) {
        judge("relocations", parse_relocations(view));
        judge_and_visit("imports", parse_imports(view));
        judge_and_visit("delay imports", parse_delay_imports(view));
        judge_and_visit("exports", ExportTable::parse(view));
        judge("TLS", parse_tls(view));
        judge("unwind data", validate_unwind_data(view));
        for (const Rva address : {0u, 0x1000u, 0x1010u, 0x4321u, 0xFFFFFFFFu}) {
            const auto function = find_runtime_function(view, address);
            if (function) sum_ += parse_unwind_info(view, function->unwind_info).has_value();
        }
        judge_and_visit("resources", ResourceTable::parse(view));
    }

    template <class Dll>
    void visit(const std::vector<Dll>& dlls) {
        for (const auto& dll : dlls) {
            touch(dll.name);
            for (const auto& [symbol, slot] : dll.symbols)
                touch(symbol.name);
        }
    }

    void visit(const ExportTable& table) {
        touch(table.dll_name());
        for (const Export& entry : table.entries()) {
            const Symbol symbol{.name = entry.name, .ordinal = entry.ordinal};
            if (table.find(symbol) == nullptr) complaint_ = "an export that is not found";
            touch(entry.name);
            touch(entry.forwarder);
        }
    }

    void visit(const ResourceTable& table) {
        for (const Resource& resource : table.entries())
            touch(resource.data);
        for (std::uint16_t id = 0; id < 64; ++id)
            touch(table.find_string(id).value_or(u""));
        judge("version", find_version_info(table));
    }

    std::string complaint_;
    unsigned sum_ = 0;
};

}  // namespace

std::string exercise_stages(image::Bytes file) {
    Exerciser exerciser;
    exerciser.run(file);
    return exerciser.complaint();
}

}  // namespace instdrv::pe::test
