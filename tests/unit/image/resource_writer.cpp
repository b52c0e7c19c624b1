#include "resource_writer.hpp"

#include <algorithm>

namespace instdrv::pe::test {

namespace {

constexpr std::uint32_t high_bit = 0x80000000;

class TreeWriter {
public:
    TreeWriter(Rva start, const std::vector<ResourceLeaf>& leaves)
        : out_(start), start_(start), leaves_(leaves) {}

    TableWriter write() {
        const auto types = groups(0, leaves_.size(), &ResourceLeaf::type);
        const auto type_slot = directory(types.size());
        for (std::size_t t = 0; t < types.size(); ++t)
            write_type(type_slot + t * 8, types[t]);
        return out_;
    }

private:
    struct Group {
        std::size_t first, last;
    };

    // Runs of leaves that agree in a member.
    [[nodiscard]] std::vector<Group> groups(std::size_t first, std::size_t last,
                                            ResourceId ResourceLeaf::*member) const {
        std::vector<Group> runs;
        for (std::size_t i = first; i < last; ++i) {
            if (runs.empty() || !(leaves_[i].*member == leaves_[runs.back().first].*member)) {
                runs.push_back({i, i});
            }
            runs.back().last = i + 1;
        }
        return runs;
    }

    void write_type(std::size_t slot, const Group& type) {
        const auto names = groups(type.first, type.last, &ResourceLeaf::name);
        const auto name_slot = link(slot, leaves_[type.first].type, names.size());
        for (std::size_t n = 0; n < names.size(); ++n) {
            const auto& [first, last] = names[n];
            const auto slots = link(name_slot + n * 8, leaves_[first].name, last - first);
            for (std::size_t i = first; i < last; ++i) {
                write_leaf(slots + (i - first) * 8, leaves_[i]);
            }
        }
    }

    // Writes a directory and makes an entry lead to it. Returns its first entry.
    std::size_t link(std::size_t slot, const ResourceId& id, std::size_t count) {
        set_name(slot, id);
        out_.set(static_cast<Rva>(slot + 4), (out_.here() - start_) | high_bit);
        return directory(count);
    }

    std::size_t directory(std::size_t count) {
        out_.put<std::uint64_t>(0).put<std::uint32_t>(0).put<std::uint16_t>(0);
        out_.put(static_cast<std::uint16_t>(count));
        const auto first = out_.here();
        out_.fill_to(first + static_cast<Rva>(count * 8));
        return first;
    }

    void set_name(std::size_t slot, const ResourceId& id) {
        if (id.is_number()) {
            out_.set<std::uint32_t>(static_cast<Rva>(slot), id.number());
            return;
        }
        out_.set(static_cast<Rva>(slot), (out_.here() - start_) | high_bit);
        out_.put(static_cast<std::uint16_t>(id.text().size())).utf16(id.text()).align(4);
    }

    void write_leaf(std::size_t slot, const ResourceLeaf& leaf) {
        set_name(slot, leaf.language);
        out_.set(static_cast<Rva>(slot + 4), out_.here() - start_);
        out_.put(out_.here() + 16).put(static_cast<std::uint32_t>(leaf.data.size()));
        out_.put<std::uint64_t>(0);
        for (const std::byte b : leaf.data)
            out_.put(b);
        out_.align(4);
    }

    TableWriter out_;
    Rva start_;
    const std::vector<ResourceLeaf>& leaves_;
};

// Writes the start of a block of a version resource; end_block fills in its length.
Rva begin_block(TableWriter& out, std::uint16_t value_length, bool is_text,
                std::u16string_view key) {
    const Rva start = out.align(4).here();
    out.put<std::uint16_t>(0).put(value_length).put<std::uint16_t>(is_text ? 1 : 0);
    out.utf16(key).put(u'\0').align(4);
    return start;
}

void end_block(TableWriter& out, Rva start) {
    out.set(start, static_cast<std::uint16_t>(out.here() - start));
}

}  // namespace

TableWriter write_resources(Rva start, const std::vector<ResourceLeaf>& leaves) {
    return TreeWriter(start, leaves).write();
}

std::vector<std::byte> string_block(const std::vector<std::u16string>& texts) {
    TableWriter out(0);
    for (std::size_t i = 0; i < 16; ++i) {
        const auto text = i < texts.size() ? texts[i] : std::u16string();
        out.put(static_cast<std::uint16_t>(text.size())).utf16(text);
    }
    return out.bytes();
}

std::vector<std::byte> version_block(
    const std::vector<std::pair<std::u16string, std::u16string>>& texts) {
    TableWriter out(0);
    const Rva root = begin_block(out, 52, false, u"VS_VERSION_INFO");
    for (const std::uint32_t field : {0xFEEF04BDu, 0x10000u, 0x00010002u, 0x00030004u, 0x00050006u,
                                      0x00070008u, 0x3Fu, 0x41u, 0x40004u, 3u, 8u, 0u, 0u}) {
        out.put(field);
    }
    const Rva string_info = begin_block(out, 0, true, u"StringFileInfo");
    const Rva table = begin_block(out, 0, true, u"040904b0");
    for (const auto& [key, value] : texts) {
        const Rva text = begin_block(out, static_cast<std::uint16_t>(value.size() + 1), true, key);
        out.utf16(value).put(u'\0');
        end_block(out, text);
    }
    end_block(out, table);
    end_block(out, string_info);
    const Rva variables = begin_block(out, 0, true, u"VarFileInfo");
    const Rva translation = begin_block(out, 4, false, u"Translation");
    out.put<std::uint16_t>(0x0409).put<std::uint16_t>(1200);
    end_block(out, translation);
    end_block(out, variables);
    end_block(out, root);
    return out.bytes();
}

}  // namespace instdrv::pe::test
