/* vm.c - the machine's life: make it, run the program, take it down. */
#include "sim/machine/vm.h"

#include <string.h>
#include "loop/core/loop.h"
#include "loop/object/thread.h"
#include "loop/sync/items.h"
#include "loop/sync/primitive.h"
#include "sim/base/path.h"
#include "sim/base/pieces.h"
#include "sim/compile/compile.h"
#include "sim/machine/machine.h"

/* Look at the limits at least every so many steps. */
enum { POLL_INTERVAL = 4096 };

/* No single string or list may be larger, whatever the limit. */
static const size_t MAX_OBJECT = (size_t)1 << 30;

static _Thread_local al_vm *current;

al_vm *al_vm_current(void)
{
    return current;
}

/* -- limits ------------------------------------------------------------- */

static void set_poll(al_vm *vm)
{
    vm->poll_at = vm->steps + POLL_INTERVAL;
    if (vm->host.max_steps && vm->poll_at > vm->host.max_steps)
        vm->poll_at = vm->host.max_steps;
}

/* A script may catch BaseException, and with it the world's limits, as it
 * would in Python; but then it has so many steps left. */
enum { GRACE = 100000 };

void al_vm_note_limit(al_vm *vm, al_exception *e)
{
    if (vm->limit)
        return;
    vm->limit = al_ref(e->args);
    vm->over_at = vm->steps + GRACE;
}

/* The first limit that was reached, raised again; the machine's own limits
 * let a script get no farther than its next loop or call. */
static bool raise_limit(al_vm *vm)
{
    vm->poll_at = 0;
    vm->over_at = vm->steps;
    return al_raise_take(al_exception_new(&al_LimitReached, vm->limit->items,
                                          vm->limit->count));
}

static bool reach_limit(al_vm *vm, const char *format, uint64_t most)
{
    al_exception *e;

    al_raise(&al_LimitReached, format, (unsigned long long)most);
    al_world_end(vm->host.world);
    e = al_fetch_raised();
    al_vm_note_limit(vm, e);
    al_unref(e);
    return raise_limit(vm);
}

bool al_vm_poll(al_vm *vm)
{
    if (vm->is_over)
        return al_raise(&al_LimitReached, "the run is over");
    if (vm->limit && vm->steps >= vm->over_at)
        return raise_limit(vm);
    if (vm->host.interrupted && atomic_load(vm->host.interrupted))
        return reach_limit(vm, "interrupted", 0);
    if (vm->host.max_steps && vm->steps >= vm->host.max_steps)
        return reach_limit(vm, "step limit of %llu", vm->host.max_steps);
    set_poll(vm);
    return al_vm_may_allocate(vm, 0);
}

/* The inside of a large value costs steps too. */
static bool count_work(size_t size)
{
    if (!current)
        return true;
    al_vm_charge(current, size);
    return al_vm_step(current);
}

/* max_memory, and whether `size` bytes more go beyond it. */
static bool is_beyond(const al_vm *vm, uint64_t most, size_t size)
{
    uint64_t used = al_pieces_used() - vm->bytes_before;

    return size > most || used > most - size;
}

bool al_vm_may_allocate(al_vm *vm, size_t size)
{
    uint64_t most = vm->host.max_memory;

    if (size > MAX_OBJECT)
        return al_raise(&al_MemoryError, "an object of %zu bytes: "
                        "asyncloop-sim's have at most %zu", size, MAX_OBJECT);
    if (most && is_beyond(vm, most, size))
        return reach_limit(vm, "memory limit of %llu bytes", most);
    return true;
}

/* -- events ------------------------------------------------------------- */

void al_vm_emit(al_vm *vm, al_event *event)
{
    al_thread *thread = al_thread_current();
    al_loop *loop = thread->running_loop;

    if (!loop)
        loop = thread->event_loop;
    event->by = thread->cause;
    if (loop) {
        al_loop_emit(loop, event);
        return;
    }
    event->loop = 1;
    event->time = al_world_now(vm->host.world);
    al_observer_emit(vm->host.observer, event);
}

void al_vm_log(al_vm *vm, const char *text)
{
    al_event event = {.kind = AL_EVENT_LOG, .text = text};

    al_vm_emit(vm, &event);
}

/* -- beginning and end -------------------------------------------------- */

static char *file_name(const char *path)
{
    return al_strdup(al_path_name(path));
}

static void fill_globals(al_vm *vm)
{
    const al_scenario *s = vm->scenario;

    for (size_t i = 0; i < s->function_count; i++)
        vm->globals[i] = al_function_new(vm, &vm->codes[i]);
    for (size_t i = 0; i < s->fd_count; i++) {
        int number = al_world_fd(vm->host.world, s->fds[i]);

        vm->globals[s->function_count + i] = al_fd_new(s->fds[i], number);
    }
}

static al_value make_list(const al_value *items, size_t count)
{
    return al_take(al_list_new(current, items, count));
}

static al_value make_set(const al_value *items, size_t count)
{
    return al_set_new(current, items, count);
}

static al_tuple *make_tuple(al_value iterable)
{
    al_list *list = al_list_from(current, iterable);
    al_tuple *tuple = list ? al_tuple_new(list->items, list->count) : NULL;

    al_unref(list);
    return tuple;
}

static const void *innermost_frame(void)
{
    return current ? current->frame : NULL;
}

static int is_less(al_value a, al_value b)
{
    return al_less(current, AL_OP_LT, a, b);
}

static void chain_raised(al_exception *e)
{
    if (!current)
        return;
    current->keeper.passing = 0;
    al_vm_chain_context(current, e);
}

/* What the loop's library asks of whoever has lists, sets and comparisons. */
static void serve_the_loop(bool begins)
{
    al_set_short_repr_hook(begins ? al_short_repr_container : NULL);
    al_set_list_hook(begins ? make_list : NULL);
    al_set_set_hook(begins ? make_set : NULL);
    al_set_tuple_hook(begins ? make_tuple : NULL);
    al_set_less_hook(begins ? is_less : NULL);
    al_set_work_hook(begins ? count_work : NULL);
    al_set_handling_hooks(begins ? innermost_frame : NULL,
                          begins ? chain_raised : NULL);
    al_script_watch_coroutines(begins);
}

al_vm *al_vm_new(const al_scenario *scenario, const al_vm_host *host)
{
    al_vm *vm = al_alloc_zero(1, sizeof *vm);

    vm->scenario = scenario;
    vm->host = *host;
    vm->file = file_name(scenario->path);
    al_cells_init(&vm->cells);
    vm->bytes_before = al_pieces_used();
    set_poll(vm);
    current = vm;
    serve_the_loop(true);
    al_compile_scenario(vm);
    fill_globals(vm);
    return vm;
}

void al_vm_free(al_vm *vm)
{
    if (!vm)
        return;
    for (size_t i = 0; i < vm->global_count; i++)
        al_value_release(vm->globals[i]);
    for (size_t i = 0; i < vm->code_count; i++) {
        al_code_release(&vm->codes[i]);
        vm->codes[i].constant_count = 0;
    }
    al_cells_release(&vm->cells);
    al_primitives_clear();
    al_exceptions_unchain();
    al_contexts_clear();
    for (size_t i = 0; i < vm->code_count; i++)
        al_frames_release(vm->codes[i].idle);
    al_free(vm->globals);
    al_free((void *)vm->global_names);
    al_free(vm->names);
    al_free(vm->codes);
    al_free(vm->file);
    al_unref(vm->limit);
    if (current == vm) {
        serve_the_loop(false);
        current = NULL;
    }
    al_free(vm);
}

/* -- running ------------------------------------------------------------ */

static bool run_code(al_vm *vm, al_code *code)
{
    al_value result;

    current = vm;
    if (!al_vm_step(vm))
        return false;
    result = al_vm_run_frame(vm, al_frame_new(code));
    if (result.tag == AL_ABSENT)
        return false;
    al_value_release(result);
    return true;
}

bool al_vm_run_program(al_vm *vm)
{
    return run_code(vm, &vm->codes[vm->scenario->function_count]);
}

bool al_vm_run_thread(al_vm *vm, size_t index)
{
    return run_code(vm, &vm->codes[vm->scenario->function_count + 1 + index]);
}

void al_vm_swap_stack(al_vm *vm, al_world_stack *stack)
{
    const al_world_stack old = {{
        {.pointer = vm->frame},
        {.number = vm->depth},
        {.number = vm->keeper.passing},
        {.number = vm->left},
    }};

    vm->frame = stack->words[0].pointer;
    vm->depth = stack->words[1].number;
    vm->keeper.passing = stack->words[2].number;
    vm->left = (al_left)stack->words[3].number;
    *stack = old;
}

void al_vm_add_place(const al_vm *vm, al_text *out)
{
    if (vm->frame)
        al_text_add_format(out, "%s() %s:%d", vm->frame->code->name,
                           vm->file, al_frame_line(vm->frame));
}

void al_vm_end(al_vm *vm)
{
    vm->is_over = true;
    vm->poll_at = 0;
}

al_value al_vm_call(al_vm *vm, al_value function, const al_value *args,
                    size_t count)
{
    al_args all = {.items = args, .count = count};

    current = vm;
    return al_call_value(vm, function, &all);
}
