/* check_object.c - values, exceptions and contexts read as Python's do. */
#include "tests/unit/suites.h"

#include <errno.h>
#include <string.h>
#include "loop/asyncloop.h"

static void ck_raised(const al_exception_class *cls, const char *text)
{
    al_exception *raised = al_fetch_raised();
    al_text got = {0};

    ck_assert_ptr_nonnull(raised);
    al_exception_str(raised, &got);
    ck_assert_str_eq(al_text_peek(&got), text);
    ck_assert_ptr_eq(raised->cls, cls);
    al_text_release(&got);
    al_unref(raised);
}

/* -- str ----------------------------------------------------------------- */

static const struct { const char *text, *repr, *short_repr; } strings[] = {
    {"", "''", "''"},
    {"abc", "'abc'", "'abc'"},
    {"it's", "\"it's\"", "\"it's\""},
    {"'\"", "'\\'\"'", "'\\'\"'"},
    {"a\nb\t\\", "'a\\nb\\t\\\\'", "'a\\nb\\t\\\\'"},
    {"\r", "'\\r'", "'\\r'"},
    {"\xf3\xa0\x80\x81", "'\\U000e0001'", "'\\U000e0001'"},
    {"\xff", "'\xff'", "'\xff'"}, /* no UTF-8: taken as it is */
    {"\x01\x7f", "'\\x01\\x7f'", "'\\x01\\x7f'"},
    {"h\xc3\xa9", "'h\xc3\xa9'", "'h\xc3\xa9'"},
    {"\xe2\x80\xae", "'\\u202e'", "'\\u202e'"},
    {"0123456789012345678901234567890123456789",
     "'0123456789012345678901234567890123456789'",
     "'012345678901...7890123456789'"},
};

START_TEST(a_string_s_repr_is_python_s)
{
    al_value value = al_str_new(strings[_i].text);
    al_text out = {0};

    al_value_repr(value, &out);
    ck_assert_str_eq(out.bytes, strings[_i].repr);
    al_text_clear(&out);
    al_value_short_repr(value, &out);
    ck_assert_str_eq(out.bytes, strings[_i].short_repr);
    al_text_release(&out);
    al_value_release(value);
}
END_TEST

/* -- numbers ------------------------------------------------------------- */

START_TEST(numbers_are_equal_and_hash_alike_across_types)
{
    al_value one[] = {al_int(1), al_float(1), al_bool(true)};

    for (int i = 0; i < 3; i++) {
        ck_assert(al_value_equal(one[0], one[i]));
        ck_assert(al_value_hash(one[0]) == al_value_hash(one[i]));
    }
    /* As doubles these two would be equal. */
    ck_assert(!al_value_equal(al_int(9007199254740993),
                              al_float(9007199254740992.0)));
    ck_assert(!al_value_equal(al_none(), al_bool(false)));
}
END_TEST

/* -- exceptions ---------------------------------------------------------- */

START_TEST(exceptions_print_as_python_s)
{
    al_value text = al_str_new("x");
    al_value two[] = {al_int(2), text};
    const struct {
        const al_exception_class *cls;
        size_t count;
        const char *str, *summary, *repr;
    } rows[] = {
        {&al_ValueError, 0, "", "ValueError", "ValueError()"},
        {&al_KeyError, 1, "2", "KeyError: 2", "KeyError(2)"},
        {&al_ValueError, 2, "(2, 'x')", "ValueError: (2, 'x')",
         "ValueError(2, 'x')"},
        {&al_OSError, 2, "[Errno 2] x", "OSError: [Errno 2] x",
         "OSError(2, 'x')"},
        {&al_CancelledError, 0, "", "asyncio.exceptions.CancelledError",
         "CancelledError()"},
    };
    al_text out = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        al_exception *e = al_exception_new(rows[i].cls, two, rows[i].count);

        al_text_clear(&out);
        al_exception_str(e, &out);
        ck_assert_str_eq(al_text_peek(&out), rows[i].str);
        al_text_clear(&out);
        al_exception_summary(e, &out);
        ck_assert_str_eq(al_text_peek(&out), rows[i].summary);
        al_text_clear(&out);
        al_value_repr((al_value){.tag = AL_OBJECT, .as.object = &e->head},
                      &out);
        ck_assert_str_eq(al_text_peek(&out), rows[i].repr);
        al_unref(e);
    }
    al_text_release(&out);
    al_value_release(text);
}
END_TEST

START_TEST(the_hierarchy_is_python_s)
{
    ck_assert(al_exception_class_is(&al_TimeoutError, &al_OSError));
    ck_assert(al_exception_class_is(&al_KeyError, &al_LookupError));
    ck_assert(!al_exception_class_is(&al_CancelledError, &al_Exception));
    ck_assert(al_exception_class_is(&al_ExceptionGroup, &al_Exception));
    ck_assert(al_exception_class_is(&al_ExceptionGroup,
                                    &al_BaseExceptionGroup));
    ck_assert_ptr_eq(al_exception_class_find("QueueFull"), &al_QueueFull);
    ck_assert_ptr_null(al_exception_class_find("Nonsense"));
}
END_TEST

/* type(OSError(n, "")).__name__ in CPython 3.14, for each of these. */
static const struct { int error; const char *name; } os_errors[] = {
    {EAGAIN, "BlockingIOError"},
    {EALREADY, "BlockingIOError"},
    {EINPROGRESS, "BlockingIOError"},
    {EWOULDBLOCK, "BlockingIOError"},
    {EPIPE, "BrokenPipeError"},
    {ESHUTDOWN, "BrokenPipeError"},
    {ECHILD, "ChildProcessError"},
    {ECONNABORTED, "ConnectionAbortedError"},
    {ECONNREFUSED, "ConnectionRefusedError"},
    {ECONNRESET, "ConnectionResetError"},
    {EEXIST, "FileExistsError"},
    {ENOENT, "FileNotFoundError"},
    {EINTR, "InterruptedError"},
    {EISDIR, "IsADirectoryError"},
    {ENOTDIR, "NotADirectoryError"},
    {EACCES, "PermissionError"},
    {EPERM, "PermissionError"},
    {ESRCH, "ProcessLookupError"},
    {ETIMEDOUT, "TimeoutError"},
    {EBADF, "OSError"},
    {EINVAL, "OSError"},
    {0, "OSError"},
    {-1, "OSError"},
};

START_TEST(an_errno_has_the_class_of_pep_3151)
{
    ck_assert_str_eq(al_os_error_class(os_errors[_i].error)->name,
                     os_errors[_i].name);
}
END_TEST

START_TEST(an_os_error_says_what_strerror_says)
{
    ck_assert(!al_raise_os_error(ENOENT));
    ck_raised(&al_FileNotFoundError, "[Errno 2] No such file or directory");
}
END_TEST

/* -- contexts ------------------------------------------------------------ */

START_TEST(a_token_resets_once_and_only_its_own_variable)
{
    al_context_var *a = al_context_var_new("a", (al_value){0});
    al_context_var *b = al_context_var_new("b", al_int(5));
    al_token *token = al_context_var_set(a, al_int(1));

    ck_assert(!al_context_var_reset(b, token));
    ck_raised(&al_ValueError, "<Token var=<ContextVar name='a'>> was created "
                              "by a different ContextVar");
    ck_assert(al_context_var_reset(a, token));
    ck_assert(!al_context_var_reset(a, token));
    ck_raised(&al_RuntimeError, "<Token used var=<ContextVar name='a'>> has "
                                "already been used once");
    ck_assert_int_eq(al_context_var_get(a, (al_value){0}).tag, AL_ABSENT);
    ck_raised(&al_LookupError, "<ContextVar name='a'>");
    ck_assert_int_eq(al_context_var_get(b, (al_value){0}).as.integer, 5);
    al_unref(token);
    al_unref(a);
    al_unref(b);
}
END_TEST

START_TEST(a_context_is_entered_once_at_a_time)
{
    al_context_var *v = al_context_var_new("v", (al_value){0});
    al_context *context = al_context_copy();

    ck_assert(al_context_enter(context));
    ck_assert(!al_context_enter(context));
    ck_raised(&al_RuntimeError, "cannot enter context: <_contextvars.Context "
                                "object> is already entered");
    al_unref(al_context_var_set(v, al_int(3)));
    al_context_exit(context);
    ck_assert_uint_eq(al_context_count(context), 1);
    ck_assert_int_eq(al_context_var_get(v, al_int(0)).as.integer, 0);
    al_unref(context);
    al_unref(v);
}
END_TEST

/* -- policy -------------------------------------------------------------- */

START_TEST(no_loop_is_made_for_who_does_not_ask)
{
    al_thread thread;
    al_thread *outer;

    al_thread_init(&thread, "Worker");
    outer = al_thread_swap(&thread);
    ck_assert_ptr_null(al_get_running_loop());
    ck_raised(&al_RuntimeError, "no running event loop");
    ck_assert_ptr_null(al_get_event_loop());
    ck_raised(&al_RuntimeError,
              "There is no current event loop in thread 'Worker'.");
    al_thread_swap(outer);
    al_thread_release(&thread);
}
END_TEST

START_TEST(the_set_loop_is_the_current_one)
{
    al_loop *loop = al_new_event_loop();

    ck_assert_ptr_nonnull(loop);
    ck_assert(al_set_event_loop(loop));
    ck_assert_ptr_eq(al_get_event_loop(), loop);
    ck_assert(al_set_event_loop(NULL));
    al_unref(loop);
}
END_TEST

static al_loop *never(void *self)
{
    (void)self;
    al_raise(&al_RuntimeError, "not today");
    return NULL;
}

START_TEST(a_policy_can_be_replaced)
{
    static const al_policy_ops ops = {.get_event_loop = never,
                                      .new_event_loop = never};

    al_set_event_loop_policy((al_policy){&ops, NULL});
    ck_assert_ptr_null(al_get_event_loop());
    ck_raised(&al_RuntimeError, "not today");
    ck_assert_ptr_eq(al_get_event_loop_policy().ops, &ops);
    al_set_event_loop_policy((al_policy){0});
    ck_assert_ptr_eq(al_get_event_loop_policy().ops, al_default_policy().ops);
    ck_assert_ptr_null(al_get_event_loop());
    ck_raised(&al_RuntimeError,
              "There is no current event loop in thread 'MainThread'.");
}
END_TEST

static al_loop *count_and_make(void *self)
{
    al_policy usual = al_default_policy();

    ++*(int *)self;
    return usual.ops->new_event_loop(usual.self);
}

START_TEST(a_policy_can_hand_on_to_the_default_one)
{
    int count = 0;
    al_policy_ops ops = *al_default_policy().ops;
    al_loop *loop;

    ops.new_event_loop = count_and_make;
    al_set_event_loop_policy((al_policy){&ops, &count});
    loop = al_new_event_loop();
    ck_assert_int_eq(count, 1);
    ck_assert_ptr_nonnull(loop);
    ck_assert(al_set_event_loop(loop));
    ck_assert_ptr_eq(al_get_event_loop(), loop);
    ck_assert(al_set_event_loop(NULL));
    al_unref(loop);
    al_set_event_loop_policy((al_policy){0});
}
END_TEST

Suite *object_suite(void)
{
    Suite *suite = suite_create("object");
    TCase *tc = tcase_create("values");

    tcase_add_loop_test(tc, a_string_s_repr_is_python_s, 0, COUNT(strings));
    tcase_add_test(tc, numbers_are_equal_and_hash_alike_across_types);
    tcase_add_test(tc, exceptions_print_as_python_s);
    tcase_add_test(tc, the_hierarchy_is_python_s);
    tcase_add_loop_test(tc, an_errno_has_the_class_of_pep_3151, 0,
                        COUNT(os_errors));
    tcase_add_test(tc, an_os_error_says_what_strerror_says);
    tcase_add_test(tc, a_token_resets_once_and_only_its_own_variable);
    tcase_add_test(tc, a_context_is_entered_once_at_a_time);
    tcase_add_test(tc, no_loop_is_made_for_who_does_not_ask);
    tcase_add_test(tc, the_set_loop_is_the_current_one);
    tcase_add_test(tc, a_policy_can_be_replaced);
    tcase_add_test(tc, a_policy_can_hand_on_to_the_default_one);
    suite_add_tcase(suite, tc);
    return suite;
}
