/* bench_echo_libuv.c - W7 on libuv's streams: uv_read_start into a buffer of
 * the connection's own, uv_try_write first, which spares the request, and
 * uv_write for what the socket did not take. */
#include "tests/bench/bench.h"

#include <stdbool.h>
#include <string.h>
#include <uv.h>

enum { ENDS = 2 * W7_CONNECTIONS };

typedef struct stream {
    uv_tcp_t tcp; /* first: libuv's pointer is ours */
    uv_write_t request;
    bool is_client;
    size_t got;
    char in[W7_BYTES], out[W7_BYTES];
} stream;

static uv_loop_t loop;
static stream streams[ENDS];
static bench_sockets sockets;
static uint64_t trips;

static void lend_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buffer)
{
    stream *s = (stream *)handle;

    (void)size;
    *buffer = uv_buf_init(s->in, W7_BYTES);
}

static void send_message(stream *s, const char *bytes, size_t count)
{
    uv_buf_t buffer = uv_buf_init((char *)bytes, (unsigned)count);
    int sent = uv_try_write((uv_stream_t *)&s->tcp, &buffer, 1);
    size_t done = sent > 0 ? (size_t)sent : 0;

    if (done == count)
        return;
    memcpy(s->out, bytes + done, count - done);
    buffer = uv_buf_init(s->out, (unsigned)(count - done));
    uv_write(&s->request, (uv_stream_t *)&s->tcp, &buffer, 1, NULL);
}

static const char message[W7_BYTES];

static void client_got(stream *s, size_t count)
{
    s->got += count;
    if (s->got < W7_BYTES)
        return;
    s->got -= W7_BYTES;
    if (++trips < W7_TRIPS)
        send_message(s, message, W7_BYTES);
    else
        uv_stop(&loop);
}

static void on_read(uv_stream_t *tcp, ssize_t count, const uv_buf_t *buffer)
{
    stream *s = (stream *)tcp;

    if (count <= 0)
        return;
    if (s->is_client)
        client_got(s, (size_t)count);
    else
        send_message(s, buffer->base, (size_t)count);
}

static void start(stream *s, int fd, bool is_client)
{
    *s = (stream){.is_client = is_client};
    uv_tcp_init(&loop, &s->tcp);
    uv_tcp_open(&s->tcp, fd);
    uv_read_start((uv_stream_t *)&s->tcp, lend_buffer, on_read);
    if (is_client)
        send_message(s, message, W7_BYTES);
}

static uint64_t w7(void)
{
    trips = 0;
    uv_loop_init(&loop);
    bench_sockets_open(&sockets);
    for (int i = 0; i < W7_CONNECTIONS; i++) {
        start(&streams[i], sockets.clients[i], true);
        start(&streams[W7_CONNECTIONS + i], sockets.servers[i], false);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    for (int i = 0; i < ENDS; i++)
        uv_close((uv_handle_t *)&streams[i].tcp, NULL); /* and its fd */
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    return trips;
}

const bench_entry bench_echo_libuv[] = {
    {"W7", "libuv", w7},
    {NULL, NULL, NULL},
};
