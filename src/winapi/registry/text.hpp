// A registry as text, in the form of regedit's files:
//
//   Windows Registry Editor Version 5.00
//
//   [HKEY_LOCAL_MACHINE\Software\Example]
//   @="the default value"
//   "Text"="a \"quoted\" word and C:\\a\\path"
//   "Number"=dword:0000002a
//   "Bytes"=hex:01,02,ff
//   "Other"=hex(2):25,00,41,00,25,00,00,00
//
// Written as UTF-8; read as UTF-8 or, as regedit writes it, UTF-16 with a byte order mark.
// https://support.microsoft.com/help/310516
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <span>
#include <string>

#include "winapi/registry/tree.hpp"

namespace instdrv::winapi::registry {

// The first level of `root` are the hives, HKEY_LOCAL_MACHINE and so on.
std::string to_text(const Key& root);

// "[-key]" and "name=-" delete what stood above them. Fails with the number of the line that cannot
// be understood; `file` is for the message.
Result<Key> parse_text(std::span<const std::byte> bytes, const std::string& file);

// Single changes in the same form, without the first line. A key is made with all that lead to it.
std::string new_key_text(const Path& path);
std::string removed_key_text(const Path& path);
std::string value_text(const Path& path, std::u16string_view name, const Value& value);
std::string removed_value_text(const Path& path, std::u16string_view name);

// Carries out changes. After an error those before it are done.
Status apply_changes(Key& root, std::string text, const std::string& file);

}  // namespace instdrv::winapi::registry
