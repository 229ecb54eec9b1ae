/* echo_end.c - see echo_end.h. */
#include "tests/bench/echo_end.h"

#include <string.h>
#include <sys/socket.h>

void echo_open(echo *e)
{
    *e = (echo){0};
    bench_sockets_open(&e->sockets);
    for (int i = 0; i < W7_CONNECTIONS; i++) {
        e->ends[i].fd = e->sockets.clients[i];
        e->ends[i].is_client = true;
        e->ends[W7_CONNECTIONS + i].fd = e->sockets.servers[i];
    }
}

void echo_close(echo *e)
{
    bench_sockets_close(&e->sockets);
}

void echo_write(echo_end *end)
{
    ssize_t sent = send(end->fd, end->out + end->start, end->count,
                        MSG_NOSIGNAL);

    if (sent > 0) {
        end->start += (size_t)sent;
        end->count -= (size_t)sent;
    }
    end->is_waiting = end->count > 0;
}

static void send_message(echo_end *end, size_t count)
{
    end->start = 0;
    end->count = count;
    echo_write(end);
}

void echo_start(echo_end *end)
{
    memset(end->out, 'x', sizeof end->out);
    send_message(end, sizeof end->out);
}

static void client_read(echo *e, echo_end *end)
{
    char back[W7_BYTES];
    ssize_t count = recv(end->fd, back, sizeof back - end->got, 0);

    if (count <= 0)
        return;
    end->got += (size_t)count;
    if (end->got < W7_BYTES)
        return;
    end->got = 0;
    if (++e->trips < W7_TRIPS)
        send_message(end, W7_BYTES);
}

static void server_read(echo_end *end)
{
    ssize_t count;

    if (end->is_waiting)
        return; /* `out` is not free yet; level-triggered, it comes again */
    count = recv(end->fd, end->out, sizeof end->out, 0);
    if (count > 0)
        send_message(end, (size_t)count);
}

void echo_read(echo *e, echo_end *end)
{
    if (end->is_client)
        client_read(e, end);
    else
        server_read(end);
}
