/* traces.h - the traces of scenarios, for tests. */
#ifndef TESTS_TRACES_H
#define TESTS_TRACES_H

/* Of a scenario in a file, or in a text; the caller's. */
char *trace_of(const char *path);
char *trace_of_text(const char *scenario);

/* Of one in a file, to a descriptor, which is closed. */
void write_trace(const char *path, int fd);

#endif
