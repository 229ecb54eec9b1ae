/* machine.h - inside the machine, for its files, those of
 * sim/python and those of sim/asyncio.
 *
 * Each concept has its header; this one names them all, so that a file which
 * implements a part of the language sees the others. */
#ifndef AL_MACHINE_H
#define AL_MACHINE_H

#include "loop/base/alloc.h"
#include "loop/object/thread.h"
#include "loop/task/task.h"
#include "sim/asyncio/callback.h"
#include "sim/asyncio/exception_handler.h"
#include "sim/asyncio/executor_methods.h"
#include "sim/asyncio/fd.h"
#include "sim/asyncio/future_iterator.h"
#include "sim/asyncio/graph_verbs.h"
#include "sim/asyncio/loop_methods.h"
#include "sim/asyncio/sync_verbs.h"
#include "sim/asyncio/task_verbs.h"
#include "sim/asyncio/verbs.h"
#include "sim/compile/code.h"
#include "sim/machine/call.h"
#include "sim/machine/cell.h"
#include "sim/machine/coroutine.h"
#include "sim/machine/dispatch.h"
#include "sim/machine/frame.h"
#include "sim/machine/function.h"
#include "sim/machine/generator.h"
#include "sim/machine/vm.h"
#include "sim/python/arithmetic.h"
#include "sim/python/builtins.h"
#include "sim/python/class.h"
#include "sim/python/compare.h"
#include "sim/python/descriptor.h"
#include "sim/python/dict.h"
#include "sim/python/dict_view.h"
#include "sim/python/exception_group.h"
#include "sim/python/exception_make.h"
#include "sim/python/exception_value.h"
#include "sim/python/format.h"
#include "sim/python/iterator.h"
#include "sim/python/list.h"
#include "sim/python/percent.h"
#include "sim/python/range.h"
#include "sim/python/repr.h"
#include "sim/python/sequence.h"
#include "sim/python/set.h"
#include "sim/python/unicode.h"

/* How an entry frame was left. */
typedef enum al_left {
    AL_LEFT_FOR_GOOD, /* it returned or raised, and is freed */
    AL_LEFT_AWAITING,
    AL_LEFT_YIELDING
} al_left;

struct al_vm {
    const al_scenario *scenario;
    al_vm_host host;
    al_code *codes; /* [functions…, program, threads…] */
    size_t code_count;
    al_value *globals;
    const char **global_names;
    size_t global_count;
    al_name *names;
    size_t name_count;
    char *file; /* base name of the scenario: "tick.json" */
    al_cell cells; /* head of the ring of all lists and dicts */
    al_frame *frame; /* running, innermost */
    size_t depth; /* script calls under way */
    al_left left; /* how the entry frame that ran last was left */
    bool is_over; /* handlers and finally blocks do not run any more */
    uint64_t steps, poll_at;
    size_t bytes_before; /* al_pieces_used() when the machine was made */
    al_tuple *limit; /* args of the first LimitReached; NULL: none so far */
    uint64_t over_at; /* with limit: the step from which on it is raised */
    al_context_keeper keeper; /* passing: left an entry frame, now C's */
    al_value reported; /* the dict the script itself handed to the
                          exception handler; or AL_ABSENT; borrowed */
};

/* The slow part of al_vm_step: look at the limits. */
bool al_vm_poll(al_vm *vm);

/* A LimitReached is on its way out: soon every step will raise it. */
void al_vm_note_limit(al_vm *vm, al_exception *e);

/* Count a step (a loop's turn, a call, an item of a builtin's work); false:
 * a limit was reached, and LimitReached raised. */
static inline bool al_vm_step(al_vm *vm)
{
    return ++vm->steps < vm->poll_at || al_vm_poll(vm);
}

/* Work inside a step: so many items or bytes looked at, moved or made.  It
 * is bounded by the size of what was allocated, so a limit it goes beyond may
 * wait for the next step; work that has no such bound steps as it goes. */
enum { AL_WORK_OF_A_STEP = 64 };

static inline void al_vm_charge(al_vm *vm, size_t work)
{
    vm->steps += work / AL_WORK_OF_A_STEP;
}

/* The machine that runs in this thread, or ran last. */
al_vm *al_vm_current(void);

/* May the script have `size` bytes more?  False: raised MemoryError. */
bool al_vm_may_allocate(al_vm *vm, size_t size);

/* Are there so many frames already?  True: raised RecursionError. */
static inline bool al_vm_is_too_deep(const al_vm *vm, size_t limit)
{
    return vm->depth >= limit &&
           !al_raise(&al_RecursionError, "maximum recursion depth exceeded");
}

/* Let a suspended frame stand below those to come, or no longer. */
static inline void al_vm_push_frame(al_vm *vm, al_frame *frame)
{
    frame->caller = vm->frame;
    vm->frame = frame;
    vm->depth++;
}

static inline void al_vm_pop_frame(al_vm *vm)
{
    vm->frame = vm->frame->caller;
    vm->depth--;
}

/* An event of the script's own: by way of the loop it belongs to, if any. */
void al_vm_emit(al_vm *vm, al_event *event);
void al_vm_log(al_vm *vm, const char *text); /* the program's own line */

#endif
