/* Where the records are: one table in one SQLite file, for all processes of this machine. */
#ifndef STORE_H
#define STORE_H

#include <stddef.h>
#include <stdint.h>
#include <twinlock.h>

typedef struct store store;

/* A record as it was loaded. Version 0 and length 0: there is none. */
typedef struct {
    uint8_t record[TWINLOCK_RECORD_MAX];
    size_t length;
    int64_t version;
} row;

/* Opens the file, and makes it with its table where there is none. NULL: it said why on stderr. */
store *store_open(const char *path);

/* 0, or -1 where the database failed. */
int store_load(store *db, const char *subject, row *found);

/* Writes the record if its version is still the one that was loaded, in a transaction of its own, which is on disk
   when this returns. Gives the number of rows changed, 1 or 0, or -1 where the database failed. */
int64_t store_save(store *db, const char *subject, const uint8_t *record, size_t length, int64_t loaded);

void store_close(store *db);

#endif
