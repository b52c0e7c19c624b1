"""Prints what pefile reads from a PE image, as JSON: the oracle of real_images_test."""

import json
import sys

import pefile


def text(raw):
    return raw.decode("utf-8", "replace") if raw else ""


def sections(image):
    return [
        {
            "name": text(s.Name.rstrip(b"\0")),
            "rva": s.VirtualAddress,
            "virtual_size": s.Misc_VirtualSize,
            "raw_offset": s.PointerToRawData,
            "raw_size": s.SizeOfRawData,
        }
        for s in image.sections
    ]


def imports(image, directory, base):
    return [
        {
            "dll": text(dll.dll),
            "symbols": [[text(i.name), i.ordinal or 0, i.address - base] for i in dll.imports],
        }
        for dll in getattr(image, directory, [])
    ]


def exports(image):
    if not hasattr(image, "DIRECTORY_ENTRY_EXPORT"):
        return []
    return [
        [text(e.name), e.ordinal, 0 if e.forwarder else e.address, text(e.forwarder)]
        for e in image.DIRECTORY_ENTRY_EXPORT.symbols
        if e.address
    ]


def relocations(image):
    return [
        [r.rva, r.type]
        for block in getattr(image, "DIRECTORY_ENTRY_BASERELOC", [])
        for r in block.entries
        if r.type != 0
    ]


def resources(image):
    def name_of(entry):
        return str(entry.name) if entry.name is not None else "#%d" % entry.id

    if not hasattr(image, "DIRECTORY_ENTRY_RESOURCE"):
        return []
    return [
        [name_of(kind), name_of(name), language.id, language.data.struct.OffsetToData,
         language.data.struct.Size]
        for kind in image.DIRECTORY_ENTRY_RESOURCE.entries
        for name in kind.directory.entries
        for language in name.directory.entries
    ]


def version_texts(image):
    return [
        [text(key), text(value)]
        for info in getattr(image, "FileInfo", [])
        for part in info
        if part.Key == b"StringFileInfo"
        for table in part.StringTable
        for key, value in table.entries.items()
    ]


def functions(image):
    return [
        [e.struct.BeginAddress, e.struct.EndAddress, e.struct.UnwindData]
        for e in getattr(image, "DIRECTORY_ENTRY_EXCEPTION", [])
    ]


def tls(image):
    if not hasattr(image, "DIRECTORY_ENTRY_TLS"):
        return None
    fields = image.DIRECTORY_ENTRY_TLS.struct
    return {
        "size": fields.EndAddressOfRawData - fields.StartAddressOfRawData,
        "zero_fill": fields.SizeOfZeroFill,
        "index": fields.AddressOfIndex - image.OPTIONAL_HEADER.ImageBase,
    }


def describe(path):
    image = pefile.PE(path, max_symbol_exports=65536)
    base = image.OPTIONAL_HEADER.ImageBase
    return {
        "machine": image.FILE_HEADER.Machine,
        "image_base": base,
        "entry_point": image.OPTIONAL_HEADER.AddressOfEntryPoint,
        "size_of_image": image.OPTIONAL_HEADER.SizeOfImage,
        "sections": sections(image),
        "imports": imports(image, "DIRECTORY_ENTRY_IMPORT", base),
        "delay_imports": imports(image, "DIRECTORY_ENTRY_DELAY_IMPORT", base),
        "exports": exports(image),
        "relocations": relocations(image),
        "resources": resources(image),
        "version_texts": version_texts(image),
        "functions": functions(image),
        "tls": tls(image),
    }


print(json.dumps(describe(sys.argv[1])))
