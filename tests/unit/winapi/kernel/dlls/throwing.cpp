// Exceptions as drivers use them, C++'s and Windows' own.
#include <windows.h>

#include <unwind.h>

#include <new>
#include <stdexcept>
#include <string>

#define EXPORT extern "C" __declspec(dllexport)

namespace {

struct Counting {
    explicit Counting(int& count) : count_(count) {}
    ~Counting() { ++count_; }
    int& count_;
};

[[gnu::noinline]] int fall(int depth, int& cleaned) {
    const Counting frame(cleaned);
    if (depth == 0) throw std::runtime_error("bottom");
    return fall(depth - 1, cleaned) + 1;
}

// Throws and catches while another exception is on its way through.
struct ThrowsInside {
    explicit ThrowsInside(int& caught) : caught_(caught) {}
    ~ThrowsInside() {
        try {
            throw 5;
        } catch (int number) {
            caught_ += number;
        }
    }
    int& caught_;
};

volatile LONG finally_calls = 0;

}  // namespace

// How many frames were cleaned up before the exception was caught.
EXPORT int catches(int depth) {
    int cleaned = 0;
    try {
        fall(depth, cleaned);
    } catch (const std::exception& error) {
        return std::string(error.what()) == "bottom" ? cleaned : -1;
    }
    return -2;
}

EXPORT int rethrows(int value) {
    try {
        try {
            throw value;
        } catch (int& inner) {
            inner += 1;
            throw;
        }
    } catch (int outer) {
        try {
            throw std::string(static_cast<std::size_t>(outer), 'x');
        } catch (const std::string& text) {
            return static_cast<int>(text.size());
        }
    }
    return -1;
}

EXPORT int throws_while_unwinding(int) {
    int caught = 0;
    try {
        const ThrowsInside first(caught);
        const ThrowsInside second(caught);
        throw 1L;
    } catch (long number) {
        return caught + static_cast<int>(number);
    }
    return -1;
}

EXPORT int runs_out_of_memory(int) {
    try {
        volatile std::size_t much = ~std::size_t{0} - 65536;
        void* volatile block = ::operator new(much);
        ::operator delete(block);
    } catch (const std::bad_alloc&) {
        return 1;
    }
    return 0;
}

EXPORT int throws_uncaught(int value) { throw value; }

static DWORD WINAPI thread_that_throws(void* depth) {
    return static_cast<DWORD>(catches(static_cast<int>(reinterpret_cast<INT_PTR>(depth))));
}

EXPORT int throws_in_a_thread(int depth) {
    HANDLE const thread = CreateThread(nullptr, 0, thread_that_throws,
                                       reinterpret_cast<void*>(INT_PTR{depth}), 0, nullptr);
    WaitForSingleObject(thread, INFINITE);
    DWORD code = 0;
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    return static_cast<int>(code);
}

EXPORT int raises(int code) {
    RaiseException(static_cast<DWORD>(code), 0, 0, nullptr);
    return 7;
}

#ifdef _WIN64
#define REGISTER_NAME "rbx"
#define REGISTER Rbx
#define FLOAT_REGISTER "+x"
#else
#define REGISTER_NAME "ebx"
#define REGISTER Ebx
#define FLOAT_REGISTER "+t"
#endif

static LONG CALLBACK go_on(EXCEPTION_POINTERS* exception) {
    if (exception->ExceptionRecord->ExceptionCode != 0xE0001111) return EXCEPTION_CONTINUE_SEARCH;
    if (exception->ExceptionRecord->NumberParameters != 2) return EXCEPTION_CONTINUE_SEARCH;
    exception->ContextRecord->REGISTER += exception->ExceptionRecord->ExceptionInformation[1];
    return EXCEPTION_CONTINUE_EXECUTION;
}

// A vectored handler that changes a register and goes on.
EXPORT int goes_on_after_raise(int start) {
    void* const handler = AddVectoredExceptionHandler(1, go_on);
    const ULONG_PTR parameters[] = {1, 30};
    register ULONG_PTR number asm(REGISTER_NAME) = static_cast<ULONG_PTR>(start);
    asm volatile("" : "+r"(number));
    RaiseException(0xE0001111, 0, 2, parameters);
    asm volatile("" : "+r"(number));
    const int result = static_cast<int>(number);
    RemoveVectoredExceptionHandler(handler);
    return result;
}

static _Unwind_Reason_Code count_frame(_Unwind_Context*, void* count) {
    ++*static_cast<int*>(count);
    return _URC_NO_REASON;
}

[[gnu::noinline]] static int frames_below(int depth) {
    int count = 0;
    if (depth == 0) {
        _Unwind_Backtrace(count_frame, &count);
        return count;
    }
    count = frames_below(depth - 1);
    asm volatile("" : "+r"(count));
    return count;
}

EXPORT int counts_frames(int depth) { return frames_below(depth) - frames_below(0); }

// structured_MACHINE.S: calls a function inside of __try with seh_filter, and a __try with
// seh_finally.
extern "C" int try_except(int (*body)(int), int argument);
extern "C" int try_finally(int (*body)(int), int argument);

static EXCEPTION_RECORD taken;

// Takes 0xE0000001 and all that the processor raises, goes on after 0xE0000002, takes nothing else.
extern "C" LONG seh_filter(EXCEPTION_POINTERS* exception, void*) {
    taken = *exception->ExceptionRecord;
    switch (taken.ExceptionCode) {
        case 0xE0000001: return EXCEPTION_EXECUTE_HANDLER;
        case 0xE0000002: return EXCEPTION_CONTINUE_EXECUTION;
        case EXCEPTION_ACCESS_VIOLATION:
        case EXCEPTION_BREAKPOINT:
        case EXCEPTION_ILLEGAL_INSTRUCTION:
        case EXCEPTION_INT_DIVIDE_BY_ZERO:
        case EXCEPTION_PRIV_INSTRUCTION: return EXCEPTION_EXECUTE_HANDLER;
        default: return EXCEPTION_CONTINUE_SEARCH;
    }
}

extern "C" void seh_finally(BOOLEAN abnormal, void*) {
    if (abnormal) InterlockedIncrement(&finally_calls);
}

EXPORT int takes_structured(int code) { return try_except(raises, code); }

static int raises_in_finally_block(int code) { return try_finally(raises, code); }
static int raises_in_two_finally_blocks(int code) {
    return try_finally(raises_in_finally_block, code);
}

// How many __finally blocks ran on the way to the __except.
EXPORT int runs_finally_blocks(int code) {
    finally_calls = 0;
    const int taken = try_except(raises_in_two_finally_blocks, code);
    return taken == code ? static_cast<int>(finally_calls) : -1;
}

// Structured exceptions and C++'s in one stack.
static int raises_below_cpp(int code) {
    int cleaned = 0;
    const Counting frame(cleaned);
    return raises(code) + cleaned;
}
EXPORT int passes_through_cpp(int code) { return try_except(raises_below_cpp, code); }

// ---- faults -------------------------------------------------------------------------------------

static int reads(int address) { return *reinterpret_cast<volatile int*>(INT_PTR{address}); }
static int writes(int address) {
    *reinterpret_cast<volatile int*>(INT_PTR{address}) = 1;
    return 1;
}
static int calls(int address) { return reinterpret_cast<int (*)()>(INT_PTR{address})(); }
static int divides(int divisor) {
    volatile int zero = divisor;
    return 7 / zero;
}
static int runs_nonsense(int) {
    asm volatile("ud2");
    return 0;
}
static int breaks(int) {
    asm volatile("int3");
    return 0;
}
static int halts(int) {
    asm volatile("hlt");
    return 0;
}
static int (*const faults[])(int) = {reads, writes, calls, divides, runs_nonsense, breaks, halts};

// The code of the exception that a fault became, with an argument that makes it one.
EXPORT int takes_fault(unsigned which, int argument) { return try_except(faults[which], argument); }
EXPORT int faults_unhandled(unsigned which, int argument) { return faults[which](argument); }

EXPORT int word_of_taken(unsigned index) {
    return static_cast<int>(taken.ExceptionInformation[index]);
}

static int good_number = 30;

// Lets the read go on with another address.
static LONG CALLBACK mend(EXCEPTION_POINTERS* exception) {
    if (exception->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION) {
        return EXCEPTION_CONTINUE_SEARCH;
    }
    exception->ContextRecord->REGISTER = reinterpret_cast<ULONG_PTR>(&good_number);
    return EXCEPTION_CONTINUE_EXECUTION;
}

// A vectored handler mends what made a read fault; flags and floats are as they were.
EXPORT int goes_on_after_fault(int start) {
    void* const handler = AddVectoredExceptionHandler(1, mend);
    register int* number asm(REGISTER_NAME) = nullptr;
    int value = 0;
    int carry = 0;
    double half = 0.5;
    asm volatile("stc\n\tmovl (%[number]), %[value]\n\tadcl $0, %[carry]"
                 : [number] "+r"(number), [value] "=r"(value), [carry] "+r"(carry), FLOAT_REGISTER(half)
                 :
                 : "cc");
    RemoveVectoredExceptionHandler(handler);
    return start + value + carry + static_cast<int>(2 * half);
}
