/* fiber.c - see fiber.h.
 *
 * A simulated thread may block anywhere: beneath a sort's key function, in a
 * loop of its own.  C's stack cannot be set aside, so each thread has one.
 * The stack is mapped, not allocated: the machine gives memory only to the
 * pages that are touched, and what grows beyond meets a page that stops it.  To
 * a limit of memory it counts whole: how deep it will go nobody knows. */
#include "sim/world/fiber.h"

#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "loop/base/alloc.h"
#include "sim/base/pieces.h"

#if defined __SANITIZE_ADDRESS__
#define AL_ASAN 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define AL_ASAN 1
#endif
#endif

enum { GUARD = 64 << 10 };
static const size_t STACK = (size_t)8 << 20; /* as a main thread's */

struct al_fiber {
    void (*run)(void *self);
    void *self;
    unsigned char *stack; /* the guard, then STACK bytes */
    ucontext_t inside, outside;
    bool is_done;
#ifdef AL_ASAN
    void *inside_fake, *outside_fake;
    const void *outside_stack;
    size_t outside_size;
#endif
};

/* -- the address sanitizer is told of every switch ------------------------ */

#ifdef AL_ASAN
#include <sanitizer/common_interface_defs.h>

static void leave_outside(al_fiber *f)
{
    __sanitizer_start_switch_fiber(&f->outside_fake, f->stack + GUARD, STACK);
}

static void reach_outside(al_fiber *f)
{
    __sanitizer_finish_switch_fiber(f->outside_fake, NULL, NULL);
}

static void leave_inside(al_fiber *f)
{
    __sanitizer_start_switch_fiber(f->is_done ? NULL : &f->inside_fake,
                                   f->outside_stack, f->outside_size);
}

static void reach_inside(al_fiber *f)
{
    __sanitizer_finish_switch_fiber(f->inside_fake, &f->outside_stack,
                                    &f->outside_size);
}
#else
static void leave_outside(al_fiber *f) { (void)f; }
static void reach_outside(al_fiber *f) { (void)f; }
static void leave_inside(al_fiber *f) { (void)f; }
static void reach_inside(al_fiber *f) { (void)f; }
#endif

/* -- switching ------------------------------------------------------------ */

void al_fiber_resume(al_fiber *fiber)
{
    leave_outside(fiber);
    swapcontext(&fiber->outside, &fiber->inside);
    reach_outside(fiber);
}

void al_fiber_suspend(al_fiber *fiber)
{
    leave_inside(fiber);
    swapcontext(&fiber->inside, &fiber->outside);
    reach_inside(fiber);
}

/* makecontext passes ints: the pointer comes in two. */
static void begin(unsigned high, unsigned low)
{
    al_fiber *fiber = (al_fiber *)(((uintptr_t)high << 16 << 16) | low);

    reach_inside(fiber);
    fiber->run(fiber->self);
    fiber->is_done = true;
    al_fiber_suspend(fiber);
}

/* -- life ----------------------------------------------------------------- */

static unsigned char *map_stack(void)
{
    void *stack = mmap(NULL, GUARD + STACK, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE,
                       -1, 0);

    if (stack == MAP_FAILED)
        return NULL;
    if (mprotect(stack, GUARD, PROT_NONE) != 0) {
        munmap(stack, GUARD + STACK);
        return NULL;
    }
    al_pieces_charge((ptrdiff_t)STACK);
    return stack;
}

al_fiber *al_fiber_new(void (*run)(void *self), void *self)
{
    unsigned char *stack = map_stack();
    uintptr_t address;
    al_fiber *fiber;

    if (!stack)
        return NULL;
    fiber = al_alloc_zero(1, sizeof *fiber);
    fiber->run = run;
    fiber->self = self;
    fiber->stack = stack;
    getcontext(&fiber->inside);
    fiber->inside.uc_stack.ss_sp = stack + GUARD;
    fiber->inside.uc_stack.ss_size = STACK;
    address = (uintptr_t)fiber;
    makecontext(&fiber->inside, (void (*)(void))begin, 2,
                (unsigned)(address >> 16 >> 16), (unsigned)address);
    return fiber;
}

bool al_fiber_is_done(const al_fiber *fiber)
{
    return fiber->is_done;
}

void al_fiber_free(al_fiber *fiber)
{
    munmap(fiber->stack, GUARD + STACK);
    al_pieces_charge(-(ptrdiff_t)STACK);
    al_free(fiber);
}
