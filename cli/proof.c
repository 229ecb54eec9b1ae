/* proof.c - see proof.h. */
#include "cli/proof.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/child.h"
#include "loop/base/alloc.h"
#include "sim/base/sink.h"
#include "sim/export/python.h"

bool al_proof_cap(al_scenario *scenario)
{
    if (scenario->limits.iterations != 0)
        return false;
    scenario->limits.iterations = AL_PROOF_TURNS;
    return true;
}

bool al_proof_was_cut(bool is_capped, const al_sim_result *ours)
{
    return is_capped &&
           strncmp(al_text_peek(&ours->message), "limit of ", 9) == 0;
}

bool al_proof_read_timeout(const char *given, double *seconds)
{
    char *end;

    *seconds = 60;
    if (!given)
        return true;
    *seconds = strtod(given, &end);
    if (given[0] && !*end && isfinite(*seconds) && *seconds > 0)
        return true;
    al_complain("--timeout takes a number of seconds above 0, not '%s'",
                given);
    return false;
}

static bool write_program(const al_scenario *scenario, const char *path,
                          al_error *err)
{
    al_text program = {0};
    bool ok;

    al_export_python(scenario, &program);
    ok = al_sink_write_file(path, program.bytes, program.length, err);
    al_text_release(&program);
    return ok;
}

/* The status alone tells nothing: a scenario may well end by an exception. */
static al_proof record(const al_interpreter *python, const char *out,
                       const char *program, double limit, al_error *err)
{
    al_recording recording = {
        .out = out, .name = out, .program = program, .limit = limit};
    al_child_end end;

    remove(out);
    if (!al_interpreter_record(python, &recording, &end, err))
        return AL_PROOF_FAILED;
    if (end.is_late) {
        al_fail(err, "it did not end within %g s", limit);
        return AL_PROOF_LATE;
    }
    if (access(out, F_OK) == 0)
        return AL_PROOF_RECORDED;
    al_fail(err, "Python ended with status %d", end.status);
    return AL_PROOF_FAILED;
}

al_proof al_proof_record(const al_interpreter *python,
                         const al_scenario *scenario, const char *out,
                         double limit, al_error *err)
{
    char *program = al_interpreter_path(python, "program.py");
    al_proof proof = AL_PROOF_FAILED;

    if (write_program(scenario, program, err))
        proof = record(python, out, program, limit, err);
    al_free(program);
    return proof;
}

int al_proof_version_length(const char *producer)
{
    const char *with = strstr(producer, " with ");

    return (int)(with ? (size_t)(with - producer) : strlen(producer));
}
