#define _POSIX_C_SOURCE 200809L

#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <twinlock.h>
#include <unistd.h>

#define PATH_ROOM 4096

static size_t complain(const char *path, const char *what)
{
    fprintf(stderr, "error: %s: %s\n", path, what);
    return 0;
}

/* What a folder lists is on disk only when the folder was synced, too. */
static int sync_folder_of(const char *path)
{
    char copy[PATH_ROOM];
    int folder, done;
    snprintf(copy, sizeof copy, "%s", path);
    folder = open(dirname(copy), O_RDONLY);
    if (folder < 0) return -1;
    done = fsync(folder);
    close(folder);
    return done;
}

/* Writes a new key to a file that only its owner may read, and gives that its name when all of it is on disk. So
   there is a whole key under that name or none, and of two processes that start together one wins. */
static int make_file(const char *path)
{
    char keys[64], draft[PATH_ROOM];
    size_t length = 0;
    int file, made = -1;
    if (twinlock_keyring_generate(keys, sizeof keys, &length) != TWINLOCK_OK) return -1;
    if ((size_t)snprintf(draft, sizeof draft, "%s.XXXXXX", path) < sizeof draft && (file = mkstemp(draft)) >= 0) {
        if (write(file, keys, length) == (ssize_t)length && fsync(file) == 0 &&
            (link(draft, path) == 0 || errno == EEXIST)) {
            made = sync_folder_of(path);
        }
        close(file);
        unlink(draft);
    }
    twinlock_wipe(keys, sizeof keys);
    return made;
}

static size_t read_file(const char *path, char keys[KEYS_MAX])
{
    struct stat about;
    ssize_t length = 0;
    int file = open(path, O_RDONLY);
    if (file < 0) return complain(path, strerror(errno));
    if (fstat(file, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        complain(path, "others may read these keys; chmod 600, and make new ones if somebody did");
    } else if ((length = read(file, keys, KEYS_MAX)) <= 0) {
        complain(path, length == 0 ? "the file is empty" : strerror(errno));
    }
    close(file);
    return length > 0 ? (size_t)length : 0;
}

size_t keys_read(const char *path, char keys[KEYS_MAX])
{
    const char *given = getenv("TWINLOCK_KEYS");
    if (given != NULL) {
        size_t length = strlen(given);
        if (length == 0 || length > KEYS_MAX) return complain("TWINLOCK_KEYS", "empty or too long");
        memcpy(keys, given, length);
        return length;
    }
    if (access(path, F_OK) != 0 && make_file(path) != 0) return complain(path, "cannot make a key file");
    return read_file(path, keys);
}
