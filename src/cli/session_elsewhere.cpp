// The session's commands, where another program carries them out.
#include <cerrno>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/fd.hpp"
#include "cli/commands.hpp"
#include "supervisor/worker_loader.hpp"

namespace instdrv::cli {

// Becomes that program. Returns only if it cannot.
ExitCode session_part(const Arguments& arguments, Console& console) {
    const auto program = supervisor::own_program("instdrv-session");
    std::vector<std::string> words{"instdrv"};
    words.insert(words.end(), arguments.words().begin(), arguments.words().end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    ::execv(program.c_str(), pointers.data());
    Error error = io_error("start", program, errno);
    error.advice = "It is installed with instdrv, in the same folder as its worker programs";
    return fail(console, error);
}

}  // namespace instdrv::cli
