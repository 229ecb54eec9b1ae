/* asyncloop.h - the whole public face of libasyncloop.a. */
#ifndef AL_ASYNCLOOP_H
#define AL_ASYNCLOOP_H

#include "loop/base/alloc.h"
#include "loop/base/error.h"
#include "loop/base/number.h"
#include "loop/base/text.h"
#include "loop/object/value.h"
#include "loop/object/exception.h"
#include "loop/object/os_error.h"
#include "loop/object/context.h"
#include "loop/object/thread.h"
#include "loop/core/event.h"
#include "loop/core/heap.h"
#include "loop/core/handle.h"
#include "loop/io/clock.h"
#include "loop/io/selector.h"
#include "loop/core/loop.h"
#include "loop/core/policy.h"

#endif
