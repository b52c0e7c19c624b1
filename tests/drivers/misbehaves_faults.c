/* The faults, by name. */
#include <errno.h>
#include <stdint.h>

#include "misbehaves.h"

enum { end_of_process = 3 };

/* ---- time and crashes ------------------------------------------------------------------------ */

static LRESULT hang(void) {
    for (;;)
        pause_ms(1000);
    return good_answer;
}

static void hang_in_thread(void) { hang(); }

static LRESULT wait_for_hung_thread(void) {
    wait_for_thread(hang_in_thread);
    return good_answer;
}

/* Volatile, so that the compiler does not see through it. */
static volatile uintptr_t nowhere = 0x10;

static LRESULT bad_read(void) { return *(volatile int*)nowhere; }

static LRESULT bad_write(void) {
    *(volatile int*)nowhere = 1;
    return good_answer;
}

static LRESULT bad_jump(void) {
    ((void (*)(void))nowhere)();
    return good_answer;
}

/* `deeper` is never negative, which the compiler does not know. */
static int use_stack(volatile int* deeper) {
    volatile int frame[128];
    frame[0] = *deeper;
    if (frame[0] < 0) return 0;
    return use_stack(frame) + frame[0];
}

static LRESULT stack_overflow(void) {
    volatile int zero = 0;
    return use_stack(&zero);
}

static LRESULT division_by_zero(void) {
    volatile int dividend = 100, divisor = 0;
    return dividend / divisor;
}

static LRESULT undefined_instruction(void) {
    __asm__ volatile("ud2");
    return good_answer;
}

static LRESULT abort_itself(void) {
    abort_process();
    return good_answer;
}

static LRESULT exit_itself(void) {
    end_process(end_of_process);
    return good_answer;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void fill(volatile char* to, int value, size_t size) {
    for (size_t i = 0; i < size; ++i)
        to[i] = (char)value;
}

/* Blocks large enough that freeing them looks at their neighbours. */
static LRESULT corrupt_heap(void) {
    enum { size = 8000, beyond = 256 };
    char* const first = (char*)allocate(size);
    char* const second = (char*)allocate(size);
    fill(first, 0xFF, size + beyond);
    fill(second, 0xFF, size + beyond);
    release(second);
    release(first);
    return good_answer;
}

static LRESULT leak(void) {
    enum { size = 16 << 20 };
    volatile char* const block = (volatile char*)allocate(size);
    for (size_t i = 0; block != NULL && i < size; i += 4096)
        block[i] = 1;
    return good_answer;
}

/* Takes what there is, then writes to what it did not get. */
static LRESULT allocate_without_end(void) {
    for (size_t size = (size_t)64 << 20; size > 4096; size /= 2) {
        while (allocate(size) != NULL) {
        }
    }
    *(volatile char*)allocate((size_t)1 << 20) = 1;
    return good_answer;
}

static volatile int ticks;

static void tick(void) {
    for (;;) {
        pause_ms(1);
        ticks = ticks + 1;
    }
}

static LRESULT outliving_threads(void) {
    for (int i = 0; i < 4; ++i) {
        if (!start_thread(tick)) return 0;
    }
    return good_answer;
}

/* ---- the channel ----------------------------------------------------------------------------- */

/* Of src/channel/layout.hpp: a header, then lanes with a page for each direction, the supervisor's
 * second; a page begins with a bell, then comes the message. */
enum {
    page = 4096,
    lane_size = 2 * page,
    lanes = 64,
    bell = page,
    message = page + 8,
    whole = 640 << 10
};

static char* lane_at(char* channel, size_t index) { return channel + page + lane_size * index; }

/* Whoever sleeps on a lane looks at what is in it now. */
static void wake_supervisor(char* channel) {
    for (size_t i = 0; i < lanes; ++i) {
        volatile uint32_t* const rung = (volatile uint32_t*)(lane_at(channel, i) + bell);
        *rung = *rung + 1;
        wake_sleepers((void*)rung);
    }
}

static LRESULT scribble_on_channel(void) {
    char* const channel = find_channel();
    fill(channel, 0xA5, whole);
    wake_supervisor(channel);
    return hang();
}

/* Takes the marks of who sleeps away, so that nobody is woken for what the worker does. */
static LRESULT unmark_sleepers(void) {
    char* const channel = find_channel();
    for (size_t i = 0; i < lanes; ++i)
        *(volatile uint32_t*)(lane_at(channel, i) + bell + 4) = 0;
    return undefined_instruction();
}

/* Puts a message of its own into every lane: a turn and a number that follows the last one's, a
 * kind, a size of text, and words. */
static void tell(char* channel, uint8_t turn, uint16_t kind) {
    for (size_t i = 0; i < lanes; ++i) {
        char* const lane = lane_at(channel, i) + message;
        const uint8_t sequence = (uint8_t)(lane[1] + 1);
        fill(lane, 0xFF, 56);
        *(volatile uint8_t*)lane = turn;
        *(volatile uint8_t*)(lane + 1) = sequence;
        *(volatile uint16_t*)(lane + 2) = kind;
    }
    wake_supervisor(channel);
}

static LRESULT answer_of_another_kind(void) {
    tell(find_channel(), 2, 0x7777);
    return hang();
}

/* Rings in every lane again and again, and says nothing. */
static LRESULT ring_without_end(void) {
    char* const channel = find_channel();
    for (;;)
        wake_supervisor(channel);
    return good_answer;
}

static LRESULT answer_garbage(void) { return (LRESULT)0xDEADBEEFCAFEF00DULL; }

/* ---- what the sandbox forbids ---------------------------------------------------------------- */

/* "facts.txt" beside the driver: the supervisor's process and a file in the user's home folder. */
static const char* facts(long* process) {
    static char text[512];
    const char* rest = text;
    *process = 0;
    if (!read_beside("facts.txt", text, sizeof text)) escaped();
    for (; *rest >= '0' && *rest <= '9'; ++rest)
        *process = *process * 10 + (*rest - '0');
    return rest + 1;
}

static LRESULT hide_denials(void) {
    call_ignore_denials();
    escaped();
    return good_answer;
}

/* Far more than a host shows of it, in lines that look like somebody else's. */
static LRESULT print_much(void) {
    static const char line[] = "\x1b[2Jinstdrv: all is well\n";
    for (int i = 0; i < 100000; ++i)
        print_text(line, sizeof line - 1);
    return good_answer;
}

static LRESULT forks(void) {
    call_fork();
    escaped();
    return good_answer;
}

static LRESULT executes(void) {
    call_execve("/bin/true");
    escaped();
    return good_answer;
}

static LRESULT opens_socket(void) {
    call_socket();
    escaped();
    return good_answer;
}

/* A refusal that the driver may live with. */
static LRESULT refused(const char* file) {
    if (call_open(file) != -EACCES) escaped();
    return good_answer;
}

static LRESULT read_passwd(void) { return refused("/etc/passwd"); }

static LRESULT read_home(void) {
    long process;
    return refused(facts(&process));
}

static LRESULT ptrace_parent(void) {
    long process;
    facts(&process);
    call_ptrace_attach(process);
    escaped();
    return good_answer;
}

static LRESULT signal_parent(void) {
    long process;
    facts(&process);
    call_kill(process);
    escaped();
    return good_answer;
}

/* ---- by name --------------------------------------------------------------------------------- */

typedef struct fault {
    const char* name;
    LRESULT (*commit)(void);
} fault;

static const fault faults[] = {
    {"hang", hang},
    {"hung_thread", wait_for_hung_thread},
    {"bad_read", bad_read},
    {"bad_write", bad_write},
    {"bad_jump", bad_jump},
    {"stack_overflow", stack_overflow},
    {"division_by_zero", division_by_zero},
    {"undefined_instruction", undefined_instruction},
    {"abort", abort_itself},
    {"exit", exit_itself},
    {"corrupt_heap", corrupt_heap},
    {"leak", leak},
    {"allocate_without_end", allocate_without_end},
    {"outliving_threads", outliving_threads},
    {"scribble_on_channel", scribble_on_channel},
    {"unmark_sleepers", unmark_sleepers},
    {"answer_of_another_kind", answer_of_another_kind},
    {"ring_without_end", ring_without_end},
    {"answer_garbage", answer_garbage},
    {"hide_denials", hide_denials},
    {"print_much", print_much},
    {"fork", forks},
    {"exec", executes},
    {"socket", opens_socket},
    {"read_passwd", read_passwd},
    {"read_home", read_home},
    {"ptrace_parent", ptrace_parent},
    {"signal_parent", signal_parent},
};

/* Is the fault's name what `text` says before a dash? */
static int is_named(const char* text, const char* name) {
    while (*name != '\0' && *text == *name) {
        ++text;
        ++name;
    }
    return *name == '\0' && *text == '-';
}

LRESULT commit(const char* name) {
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; ++i) {
        if (is_named(name, faults[i].name)) return faults[i].commit();
    }
    return 0;
}
