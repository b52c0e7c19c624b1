// The confinement plan of a process that only reads what it is handed, and answers.
//
// Not linked into such processes: uses libseccomp.
#pragma once

#include <instdrv/error.hpp>

#include "sandbox/kernel.hpp"
#include "sandbox/plan.hpp"

namespace instdrv::sandbox {

// No file and no folder, no network, no program, no second thread, no code that is made; some
// memory, some time. Where the kernel has no Landlock, the filter of system calls alone keeps files
// closed: none is opened by its path anyway. The time is the processor's, of the whole process, and
// ends one whose caller is gone.
Result<Plan> parser_plan(KernelSupport kernel = kernel_support());

}  // namespace instdrv::sandbox
