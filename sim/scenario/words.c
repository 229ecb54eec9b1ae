/* words.c - keywords, identifiers, builtins; see words.h. */
#include "sim/scenario/words.h"

#include <string.h>
#include "loop/object/exception.h"

static const char *const keywords[] = {
    "False",  "None",   "True",     "and",    "as",       "assert", "async",
    "await",  "break",  "class",    "continue", "def",    "del",    "elif",
    "else",   "except", "finally",  "for",    "from",     "global", "if",
    "import", "in",     "is",       "lambda", "nonlocal", "not",    "or",
    "pass",   "raise",  "return",   "try",    "while",    "with",   "yield",
};

bool al_is_keyword(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (strlen(keywords[i]) == length &&
            memcmp(keywords[i], text, length) == 0)
            return true;
    }
    return false;
}

bool al_is_identifier(const char *text, size_t length)
{
    if (length == 0 || !al_is_letter(text[0]))
        return false;
    for (size_t i = 1; i < length; i++) {
        if (!al_is_letter(text[i]) && !(text[i] >= '0' && text[i] <= '9'))
            return false;
    }
    return true;
}

#define EXCEPTION_NAME(name, base) #name,
#define CONCURRENT_NAME(cls, name, base, module) #cls,

const char *const al_builtin_names[] = {
    "len", "range", "str", "int", "float", "bool", "repr", "abs", "min",
    "max", "sum", "sorted", "list", "dict", "tuple", "enumerate", "zip",
    "any", "all", "round", "reversed", "iter", "next", "isinstance", "type",
    "callable", "divmod", "eager_task_factory",
    "create_eager_task_factory", "isfuture", "Task", "Future", "EventLoop",
    "SelectorEventLoop", "BaseException",
    AL_EXCEPTIONS(EXCEPTION_NAME)
    AL_CONCURRENT_EXCEPTIONS(CONCURRENT_NAME)
    NULL,
};

/* The simulator's own ways to end a run: no names of Python. */
static bool is_internal(const char *name)
{
    return strcmp(name, "Deadlock") == 0 || strcmp(name, "LimitReached") == 0;
}

bool al_is_builtin(const char *name)
{
    for (size_t i = 0; al_builtin_names[i]; i++) {
        if (strcmp(al_builtin_names[i], name) == 0)
            return !is_internal(name);
    }
    return false;
}

bool al_is_settable(const char *attribute)
{
    static const char *const settable[] = {
        "__cause__", "__context__", "__suppress_context__", "_cancel_message",
        "_log_traceback",
    };

    for (size_t i = 0; i < sizeof settable / sizeof *settable; i++) {
        if (strcmp(settable[i], attribute) == 0)
            return true;
    }
    return false;
}
