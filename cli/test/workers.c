/* workers.c - see workers.h. */
#include "cli/test/workers.h"

#include "cli/pool.h"

typedef struct tests {
    const al_strings *files;
    const al_test_settings *settings;
    al_test_teller *tell;
    void *self;
} tests;

typedef struct head {
    al_test_verdict verdict;
    uint64_t events;
    double seconds;
} head;

static void work(void *self, size_t index, al_text *out)
{
    const tests *of = self;
    al_test_result result = {0};
    const al_text *const texts[] = {&result.why, &result.details};
    head sent;

    al_test_case(of->files->items[index], of->settings, &result);
    sent = (head){result.verdict, result.events, result.seconds};
    al_pool_pack(out, &sent, sizeof sent, texts, 2);
    al_test_result_release(&result);
}

static void done(void *self, size_t index, const al_text *out,
                 const char *failure)
{
    const tests *of = self;
    al_test_result result = {.verdict = AL_TEST_REFUSED};
    al_text *const texts[] = {&result.why, &result.details};
    head sent;

    if (failure) {
        al_text_add(&result.why, failure);
    } else if (al_pool_unpack(out, &sent, sizeof sent, texts, 2)) {
        result.verdict = sent.verdict;
        result.events = sent.events;
        result.seconds = sent.seconds;
    }
    of->tell(of->self, index, &result);
    al_test_result_release(&result);
}

void al_test_all(const al_strings *files, unsigned jobs,
                 const al_test_settings *settings, al_test_teller *tell,
                 void *self)
{
    tests of = {files, settings, tell, self};
    const al_pool pool = {
        .count = files->count,
        .processes = jobs > 1 ? jobs : 0,
        .self = &of,
        .work = work,
        .done = done,
    };

    al_pool_run(&pool);
}
