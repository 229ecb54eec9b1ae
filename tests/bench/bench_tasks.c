/* bench_tasks.c - coroutines in C on the core, nobody watching: tasks that go
 * round, sleep, pass items, are gathered, hand a lock on.  The clock is
 * bench_asyncloop.c's. */
#include "tests/bench/bench.h"

#include "loop/asyncloop.h"
#include "loop/base/alloc.h"

/* A body that does the same so many times. */
typedef struct worker {
    al_coroutine coroutine;
    int left;
    enum { BEGIN, ACQUIRING, INSIDE } at; /* T5's lock */
    union {
        al_queue *queue;
        al_lock *lock;
    } on; /* borrowed */
} worker;

static al_step await(al_coroutine *coroutine)
{
    return al_step_await(al_take(coroutine));
}

/* -- T1, T2: sleeping ----------------------------------------------------- */

static al_step nap(al_coroutine *self, al_value sent)
{
    worker *w = (worker *)self;

    (void)sent;
    return w->left-- > 0 ? await(al_sleep(al_int(0), al_none()))
                         : al_step_return(al_none());
}

static al_step sleep_anyhow(al_coroutine *self, al_value sent)
{
    worker *w = (worker *)self;
    double delay = bench_delay(bench_random());

    (void)sent;
    return w->left-- > 0 ? await(al_sleep(al_float(delay), al_none()))
                         : al_step_return(al_none());
}

/* -- T3: a queue ---------------------------------------------------------- */

static al_step produce(al_coroutine *self, al_value sent)
{
    worker *w = (worker *)self;

    (void)sent;
    return w->left-- > 0 ? await(al_queue_put(w->on.queue, al_int(w->left)))
                         : al_step_return(al_none());
}

static al_step consume(al_coroutine *self, al_value sent)
{
    worker *w = (worker *)self;

    (void)sent;
    return w->left-- > 0 ? await(al_queue_get(w->on.queue))
                         : al_step_return(al_none());
}

/* -- T5: a lock, held for a turn ------------------------------------------ */

static al_step take_turns(al_coroutine *self, al_value sent)
{
    worker *w = (worker *)self;

    (void)sent;
    if (w->at == ACQUIRING) {
        w->at = INSIDE;
        return await(al_sleep(al_int(0), al_none()));
    }
    if (w->at == INSIDE)
        al_lock_release(w->on.lock);
    w->at = ACQUIRING;
    return w->left-- > 0 ? await(al_lock_acquire(w->on.lock))
                         : al_step_return(al_none());
}

static const al_coroutine_ops napper_ops = {.name = "nap", .resume = nap};
static const al_coroutine_ops sleeper_ops = {.name = "sleep",
                                             .resume = sleep_anyhow};
static const al_coroutine_ops producer_ops = {.name = "produce",
                                              .resume = produce};
static const al_coroutine_ops consumer_ops = {.name = "consume",
                                              .resume = consume};
static const al_coroutine_ops holder_ops = {.name = "hold",
                                            .resume = take_turns};

/* -- running -------------------------------------------------------------- */

static worker *new_worker(const al_coroutine_ops *ops, int times)
{
    worker *w = al_coroutine_new(ops, sizeof *w);

    w->left = times;
    return w;
}

typedef struct gathering {
    al_coroutine coroutine;
    al_value *awaitables;
    size_t count;
    bool has_begun;
} gathering;

static al_step gather(al_coroutine *self, al_value sent)
{
    gathering *g = (gathering *)self;

    (void)sent;
    if (g->has_begun)
        return al_step_return(al_none());
    g->has_begun = true;
    return al_step_await(
        al_take(al_gather(g->awaitables, g->count, false)));
}

static const al_coroutine_ops gathering_ops = {.name = "gather",
                                               .resume = gather};

/* Takes the workers. */
static void run_all(worker **workers, size_t count)
{
    al_loop *loop = bench_new_loop();
    gathering *g = al_coroutine_new(&gathering_ops, sizeof *g);
    al_value main = al_take(g);

    g->awaitables = al_alloc(count * sizeof *g->awaitables);
    g->count = count;
    for (size_t i = 0; i < count; i++)
        g->awaitables[i] = al_take(workers[i]);
    al_value_release(al_run_until_complete(loop, main));
    for (size_t i = 0; i < count; i++)
        al_value_release(g->awaitables[i]);
    al_free(g->awaitables);
    al_value_release(main);
    al_unref(loop);
}

static void run_alike(const al_coroutine_ops *ops, size_t count, int times,
                      al_lock *lock)
{
    worker **workers = al_alloc(count * sizeof *workers);

    for (size_t i = 0; i < count; i++) {
        workers[i] = new_worker(ops, times);
        workers[i]->on.lock = lock;
    }
    run_all(workers, count);
    al_free(workers);
}

static uint64_t t1(void)
{
    run_alike(&napper_ops, T1_TASKS, T1_ROUNDS, NULL);
    return (uint64_t)T1_TASKS * T1_ROUNDS;
}

static uint64_t t2(void)
{
    run_alike(&sleeper_ops, T2_TASKS, T2_ROUNDS, NULL);
    return (uint64_t)T2_TASKS * T2_ROUNDS;
}

static uint64_t t3(void)
{
    al_queue *queue = al_queue_new(AL_ITEMS_FIFO, al_int(T3_ROOM));
    worker *both[] = {new_worker(&producer_ops, T3_ITEMS),
                      new_worker(&consumer_ops, T3_ITEMS)};

    both[0]->on.queue = both[1]->on.queue = queue;
    run_all(both, 2);
    al_unref(queue);
    return T3_ITEMS;
}

static uint64_t t4(void)
{
    run_alike(&napper_ops, T4_TASKS, 0, NULL);
    return T4_TASKS;
}

static uint64_t t5(void)
{
    al_lock *lock = al_lock_new(NULL);

    run_alike(&holder_ops, T5_TASKS, T5_ROUNDS, lock);
    al_unref(lock);
    return (uint64_t)T5_TASKS * T5_ROUNDS;
}

const bench_entry bench_tasks[] = {
    {"T1", "asyncloop", t1}, {"T2", "asyncloop", t2}, {"T3", "asyncloop", t3},
    {"T4", "asyncloop", t4}, {"T5", "asyncloop", t5}, {NULL, NULL, NULL},
};
