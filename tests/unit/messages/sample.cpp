#include "sample.hpp"

#include <instdrv/acm.h>
#include <instdrv/vfw.h>

#include <algorithm>

namespace instdrv::messages::test {
namespace {

// Also says to MCI_OPEN_DRIVER that all texts are there, and is a length where one is wanted.
constexpr std::uint64_t plain_number = 0x2600;

std::vector<std::byte> picture_format() {
    BITMAPINFOHEADER header{};
    header.biSize = sizeof header;
    header.biWidth = 16;
    header.biHeight = -4;
    header.biPlanes = 1;
    header.biBitCount = 8;
    header.biSizeImage = sample_image_size;
    header.biClrUsed = 4;
    std::vector<std::byte> bytes(sample_format_size, std::byte{0x77});
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

std::vector<std::byte> sound_format() {
    IMAADPCMWAVEFORMAT format{{WAVE_FORMAT_IMA_ADPCM, 1, 22050, 11100, 512, 4, 2}, 1017};
    std::vector<std::byte> bytes(sizeof format);
    std::memcpy(bytes.data(), &format, sizeof format);
    return bytes;
}

std::vector<std::byte> sound_filter() {
    WAVEFILTER filter{.cbStruct = sizeof filter + 4, .dwFilterTag = 2};
    std::vector<std::byte> bytes(sizeof filter + 4, std::byte{0x33});
    std::memcpy(bytes.data(), &filter, sizeof filter);
    return bytes;
}

class Sampler {
public:
    Sampler(World& world, const Declaration& declaration)
        : world_(world), declaration_(declaration) {}

    Sample make() {
        Sample sample;
        put(sample.parameters[0], declaration_.lparam1);
        put(sample.parameters[1], declaration_.lparam2);
        return sample;
    }

private:
    void put(SampledParameter& into, const Parameter& parameter) {
        into.parameter = &parameter;
        switch (parameter.field.kind) {
            case Kind::structure: put_structure(into, *parameter.field.structure); break;
            case Kind::size_of_other:
                into.value =
                    layout_of(*declaration_.lparam1.field.structure, world_.sides.client_pointer)
                        .size;
                break;
            case Kind::buffer:
            case Kind::text:
                into.pointees.push_back(pointee(parameter.field, plain_number, 0));
                into.value = into.pointees.front().address;
                break;
            default: into.value = plain_number;
        }
    }

    Pointee pointee(const Field& field, std::size_t sibling_length, std::size_t index) {
        Pointee made{&field, 0, 0, index};
        std::vector<std::byte> content;
        switch (field.length.rule) {
            case LengthRule::none:
                content = bytes_of(u"text of " + std::u16string(index, u'x'));
                break;
            case LengthRule::fixed: content.resize(field.length.bytes, std::byte{0x44}); break;
            case LengthRule::sibling: content.resize(sibling_length, std::byte{0x55}); break;
            case LengthRule::wave_format: content = sound_format(); break;
            case LengthRule::wave_filter: content = sound_filter(); break;
            case LengthRule::dib_format: content = picture_format(); break;
            case LengthRule::dib_format_wanted:
                content = picture_format();
                content.resize(40);
                break;
            case LengthRule::dib_palette_wanted:
                content = picture_format();
                content.resize(40 + 1024);
                break;
            case LengthRule::image:
            case LengthRule::frame:
            case LengthRule::compressed_frame:
                content.resize(sample_image_size, std::byte{0x66});
                break;
        }
        made.length = content.size();
        made.address = world_.allocate(content);
        return made;
    }

    static bool is_length(const Structure& structure, const Field& field) {
        return std::ranges::any_of(structure.fields, [&](const Field& other) {
            return other.length.rule == LengthRule::sibling && other.length.of == field.name;
        });
    }

    static std::uint64_t number_for(const Structure& structure, std::size_t index) {
        const Field& field = structure.fields[index];
        if (is_length(structure, field)) return 32 + index;
        // Bit 0 would say that a stream is not really opened.
        return field.size == 2 ? 0x100 + index : 0x1000 + 0x10 * index;
    }

    void put_structure(SampledParameter& into, const Structure& structure) {
        const Layout layout = layout_of(structure, world_.sides.client_pointer);
        into.value = world_.allocate(layout.size);
        for (std::size_t i = 0; i < structure.fields.size(); ++i) {
            const Field& field = structure.fields[i];
            if (field.kind == Kind::bytes) continue;
            std::uint64_t value = number_for(structure, i);
            if (field.kind == Kind::structure_size) value = layout.size;
            if (field.kind == Kind::buffer || field.kind == Kind::text) {
                const auto of = std::ranges::find(structure.fields, field.length.of, &Field::name);
                const std::size_t length = static_cast<std::size_t>(of - structure.fields.begin());
                into.pointees.push_back(pointee(field, 32 + length, i));
                value = into.pointees.back().address;
            }
            if (field.kind == Kind::same_as) value = address_of(into, field.of);
            world_.set(world_.client_at(into.value, layout.size), structure, layout, field.name,
                       value);
        }
    }

    static std::uint64_t address_of(const SampledParameter& made, std::string_view field) {
        for (const Pointee& pointee : made.pointees) {
            if (pointee.field->name == field) return pointee.address;
        }
        return 0;
    }

    World& world_;
    const Declaration& declaration_;
};

}  // namespace

Sample make_sample(World& world, const Declaration& declaration) {
    return Sampler(world, declaration).make();
}

}  // namespace instdrv::messages::test
