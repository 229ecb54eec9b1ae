/* echo_sockets.c - W7's connections, the same for all contenders. */
#include "tests/bench/bench.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int must(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        exit(5);
    }
    return result;
}

static int listen_somewhere(struct sockaddr_in *address)
{
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    socklen_t size = sizeof *address;

    *address = (struct sockaddr_in){.sin_family = AF_INET};
    address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(bind(fd, (struct sockaddr *)address, size), "bind");
    must(getsockname(fd, (struct sockaddr *)address, &size), "getsockname");
    must(listen(fd, W7_CONNECTIONS), "listen");
    return fd;
}

static int made_ready(int fd)
{
    int on = 1;

    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on),
         "setsockopt");
    must(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
    return fd;
}

void bench_sockets_open(bench_sockets *sockets)
{
    struct sockaddr_in address;
    int listener = listen_somewhere(&address);

    for (int i = 0; i < W7_CONNECTIONS; i++) {
        int client = must(socket(AF_INET, SOCK_STREAM, 0), "socket");

        must(connect(client, (struct sockaddr *)&address, sizeof address),
             "connect");
        sockets->clients[i] = made_ready(client);
        sockets->servers[i] = made_ready(
            must(accept(listener, NULL, NULL), "accept"));
    }
    close(listener);
}

void bench_sockets_close(bench_sockets *sockets)
{
    for (int i = 0; i < W7_CONNECTIONS; i++) {
        close(sockets->clients[i]);
        close(sockets->servers[i]);
    }
}
