/* Logs every statement that a program runs through the shared libraries of SQLite and PostgreSQL, with its call stack.
 *
 *     cc -shared -fPIC -O1 -o sql_log.so sql_log.c -ldl
 *     SQL_LOG_NATIVE=statements.log LD_PRELOAD=$PWD/sql_log.so program
 *
 * One line a statement and stack, each pair once a process: the statement in hexadecimal, then `module+address` frames,
 * innermost first, addresses as in the module's file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAMES = 200, SEEN = 1 << 20, LINE = 1 << 18 };
static uint64_t seen[SEEN];
static char line[LINE];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int known(uint64_t key) {
    for (uint64_t at = key % SEEN, tries = 0; tries < 64; at = (at + 1) % SEEN, tries++) {
        if (seen[at] == key) return 1;
        if (!seen[at]) {
            seen[at] = key;
            return 0;
        }
    }
    return 0;
}

static void log_statement(const char *sql) {
    const char *path = getenv("SQL_LOG_NATIVE");
    if (!path || !sql) return;
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES);
    uint64_t key = 1469598103934665603u;
    for (const char *at = sql; *at; at++) key = (key ^ (unsigned char)*at) * 1099511628211u;
    for (int at = 0; at < count; at++) key = (key ^ (uintptr_t)frames[at]) * 1099511628211u;
    pthread_mutex_lock(&lock);
    if (!known(key | 1)) {
        size_t used = 0;
        for (const char *at = sql; *at && used < LINE / 2; at++) used += sprintf(line + used, "%02x", (unsigned char)*at);
        for (int at = 0; at < count && used < LINE - 4200; at++) {
            Dl_info module;
            if (!dladdr(frames[at], &module) || !module.dli_fname) continue;
            /* A return address is behind its call. */
            uintptr_t address = (uintptr_t)frames[at] - (uintptr_t)module.dli_fbase - 1;
            used += snprintf(line + used, LINE - used, " %s+%lx", module.dli_fname, (unsigned long)address);
        }
        line[used++] = '\n';
        int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
        if (file >= 0) {
            if (write(file, line, used) < 0) perror("SQL_LOG");
            close(file);
        }
    }
    pthread_mutex_unlock(&lock);
}

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) {
        fprintf(stderr, "SQL_LOG: %s is not there\n", name);
        abort();
    }
    return found;
}

/* SQLite: what is run for the first time since its reset. */
int sqlite3_step(void *statement) {
    static int (*step)(void *), (*busy)(void *);
    static const char *(*text)(void *);
    if (!step) {
        busy = next("sqlite3_stmt_busy");
        text = next("sqlite3_sql");
        step = next("sqlite3_step");
    }
    if (statement && !busy(statement)) log_statement(text(statement));
    return step(statement);
}

int sqlite3_exec(void *database, const char *sql, void *callback, void *argument, char **error) {
    static int (*exec)(void *, const char *, void *, void *, char **);
    if (!exec) exec = next("sqlite3_exec");
    log_statement(sql);
    return exec(database, sql, callback, argument, error);
}

/* PostgreSQL: what is sent, and what is prepared under a name. */
#define FORWARD(RESULT, NAME, SQL, PARAMETERS, ARGUMENTS)          \
    RESULT NAME PARAMETERS {                                        \
        static RESULT(*forward) PARAMETERS;                         \
        if (!forward) forward = next(#NAME);                        \
        log_statement(SQL);                                         \
        return forward ARGUMENTS;                                   \
    }

FORWARD(void *, PQexec, sql, (void *connection, const char *sql), (connection, sql))
FORWARD(int, PQsendQuery, sql, (void *connection, const char *sql), (connection, sql))
FORWARD(void *, PQexecParams, sql,
        (void *connection, const char *sql, int count, const void *types, const void *values, const int *lengths, const int *formats, int result),
        (connection, sql, count, types, values, lengths, formats, result))
FORWARD(int, PQsendQueryParams, sql,
        (void *connection, const char *sql, int count, const void *types, const void *values, const int *lengths, const int *formats, int result),
        (connection, sql, count, types, values, lengths, formats, result))
FORWARD(void *, PQprepare, sql, (void *connection, const char *name, const char *sql, int count, const void *types),
        (connection, name, sql, count, types))
FORWARD(int, PQsendPrepare, sql, (void *connection, const char *name, const char *sql, int count, const void *types),
        (connection, name, sql, count, types))
