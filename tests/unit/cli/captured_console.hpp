// A Console whose streams are files in memory.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "cli/console.hpp"

namespace instdrv::cli {

class Capture {
public:
    Capture() : file_(std::tmpfile()) {}
    [[nodiscard]] std::FILE* file() const noexcept { return file_.get(); }
    [[nodiscard]] std::string text() const {
        std::rewind(file());
        std::string text;
        for (int c = std::fgetc(file()); c != EOF; c = std::fgetc(file())) {
            text += static_cast<char>(c);
        }
        return text;
    }

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Close> file_;
};

struct CapturedConsole {
    Capture out;
    Capture err;
    Console console{.out = out.file(), .err = err.file()};
};

}  // namespace instdrv::cli
