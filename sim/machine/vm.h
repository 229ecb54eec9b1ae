/* vm.h - the machine that runs a scenario's functions.
 *
 * A scenario is compiled once to bytecode (compile.h) and run by a machine
 * with frames of its own, so that a function can be suspended anywhere. */
#ifndef AL_VM_H
#define AL_VM_H

#include <stdatomic.h>
#include "loop/core/loop.h"
#include "sim/scenario/scenario.h"
#include "sim/world/world.h"

typedef struct al_vm al_vm;

/* What the machine needs of the run around it. */
typedef struct al_vm_host {
    al_world *world;
    al_observer observer;      /* for events outside any loop */
    al_logger logger;          /* told of warnings; NULL ops: none */
    uint64_t max_steps;        /* see al_vm_step; 0: no limit */
    uint64_t max_memory;       /* bytes, by al_pieces_used(); 0: no limit */
    const atomic_bool *interrupted; /* set: LimitReached("interrupted") */
} al_vm_host;

/* Compile and make ready.  The scenario must outlive the machine. */
al_vm *al_vm_new(const al_scenario *scenario, const al_vm_host *host);

/* Drops everything the script holds, cycles included. */
void al_vm_free(al_vm *vm);

/* Run the module's body; false: raised. */
bool al_vm_run_program(al_vm *vm);

/* Run the statements of world item `index` (a thread's). */
bool al_vm_run_thread(al_vm *vm, size_t index);

/* Exchange the stack of calls of the running thread for another one's. */
void al_vm_swap_stack(al_vm *vm, al_world_stack *stack);

/* Where the running thread is: "work() pool.json:12"; nothing where it runs
 * none of the script. */
void al_vm_add_place(const al_vm *vm, al_text *out);

/* The run is over: what is left of it is unwound without running any more of
 * the script. */
void al_vm_end(al_vm *vm);

/* Call a value with arguments (borrowed).  AL_ABSENT: raised. */
al_value al_vm_call(al_vm *vm, al_value function, const al_value *args,
                    size_t count);

#endif
