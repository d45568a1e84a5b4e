/*
 * Answers every request on a TCP port with one line of JSON: which machine this is, since when it is up, and how busy
 * it is. One connection at a time, IPv4 and IPv6, no state.
 *
 *   beacon PORT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "beacon: cannot %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Different after every start of the machine. */
static void boot_id(char *id, size_t size) {
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (file == NULL || fgets(id, (int)size, file) == NULL) {
        id[0] = '\0';
    }
    if (file != NULL) {
        fclose(file);
    }
    id[strcspn(id, "\n")] = '\0';
}

static int answer(char *line, size_t size) {
    struct utsname names;
    struct sysinfo info;
    char id[64];
    if (uname(&names) != 0 || sysinfo(&info) != 0) {
        return -1;
    }
    boot_id(id, sizeof id);
    char body[1024];
    int length = snprintf(body, sizeof body,
        "{\"node\":\"%s\",\"machine\":\"%s\",\"kernel\":\"%s\",\"boot_id\":\"%s\",\"uptime_seconds\":%ld,"
        "\"processes\":%u}\n",
        names.nodename, names.machine, names.release, id, info.uptime, info.procs);
    return snprintf(line, size,
        "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
        length, body);
}

/* Reads up to the empty line that ends a request's head, so that closing does not reset the connection. */
static void skip_request(int client) {
    char head[4096];
    size_t have = 0;
    while (have < sizeof head - 1) {
        ssize_t got = read(client, head + have, sizeof head - 1 - have);
        if (got <= 0) {
            return;
        }
        have += (size_t)got;
        head[have] = '\0';
        if (strstr(head, "\r\n\r\n") != NULL || strstr(head, "\n\n") != NULL) {
            return;
        }
    }
}

int main(int argc, char **argv) {
    int port = argc == 2 ? atoi(argv[1]) : 0;
    if (port < 1 || port > 65535) {
        fprintf(stderr, "usage: beacon PORT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int server = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0) {
        fail("make a socket");
    }
    int yes = 1, no = 0;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(server, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons((unsigned short)port)};
    if (bind(server, (struct sockaddr *)&any, sizeof any) != 0) {
        fail("bind the port");
    }
    if (listen(server, 16) != 0) {
        fail("listen");
    }
    printf("beacon: port %d\n", port);
    fflush(stdout);
    for (;;) {
        int client = accept4(server, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) {
            continue;
        }
        struct timeval patience = {.tv_sec = 2};
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        skip_request(client);
        char line[2048];
        int length = answer(line, sizeof line);
        if (length > 0 && write(client, line, (size_t)length) != length) {
            fprintf(stderr, "beacon: a client went away\n");
        }
        close(client);
    }
}
