/* Loaded in front of the C library: every fsync takes FSYNC_SLOWED_US longer, as on a slow disk. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int slowed(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *longer = getenv("FSYNC_SLOWED_US");
    usleep(longer ? (useconds_t)atoi(longer) : 0);
    return real(file);
}

int fsync(int file) { return slowed("fsync", file); }
int fdatasync(int file) { return slowed("fdatasync", file); }
