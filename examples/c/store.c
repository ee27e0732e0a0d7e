#include "store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 5000

static const char TABLE[] =
    "CREATE TABLE IF NOT EXISTS twinlock_record "
    "(subject TEXT NOT NULL PRIMARY KEY, record BLOB NOT NULL, version INTEGER NOT NULL)";
static const char LOAD[] = "SELECT record, version FROM twinlock_record WHERE subject = ?1";
static const char INSERT[] =
    "INSERT INTO twinlock_record (subject, record, version) VALUES (?1, ?2, 1) ON CONFLICT DO NOTHING";
static const char UPDATE[] =
    "UPDATE twinlock_record SET record = ?2, version = version + 1 WHERE subject = ?1 AND version = ?3";

struct store {
    sqlite3 *db;
};

static int failed(store *db, const char *what)
{
    fprintf(stderr, "error: cannot %s: %s\n", what, sqlite3_errmsg(db->db));
    return -1;
}

store *store_open(const char *path)
{
    store *db = calloc(1, sizeof *db);
    if (db == NULL) return NULL;
    /* FULL, SQLite's default, said outright: what was acknowledged must outlive a loss of power. */
    if (sqlite3_open(path, &db->db) != SQLITE_OK || sqlite3_busy_timeout(db->db, PATIENCE_MS) != SQLITE_OK ||
        sqlite3_exec(db->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(db->db, TABLE, NULL, NULL, NULL) != SQLITE_OK) {
        failed(db, "open the database");
        store_close(db);
        return NULL;
    }
    return db;
}

/* A statement with its first parameter, the subject. */
static sqlite3_stmt *prepare(store *db, const char *sql, const char *subject)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_bind_text(statement, 1, subject, -1, SQLITE_STATIC) == SQLITE_OK) {
        return statement;
    }
    sqlite3_finalize(statement);
    return NULL;
}

int store_load(store *db, const char *subject, row *found)
{
    sqlite3_stmt *statement = prepare(db, LOAD, subject);
    int step = statement == NULL ? SQLITE_ERROR : sqlite3_step(statement);
    found->length = 0;
    found->version = 0;
    if (step == SQLITE_ROW) {
        size_t length = (size_t)sqlite3_column_bytes(statement, 0);
        /* No record of ours is longer; what is cut short does not open, and nobody gets in by it. */
        found->length = length < sizeof found->record ? length : sizeof found->record;
        if (length > 0) memcpy(found->record, sqlite3_column_blob(statement, 0), found->length);
        found->version = sqlite3_column_int64(statement, 1);
        step = SQLITE_DONE;
    }
    sqlite3_finalize(statement);
    return step == SQLITE_DONE ? 0 : failed(db, "read the database");
}

int64_t store_save(store *db, const char *subject, const uint8_t *record, size_t length, int64_t loaded)
{
    sqlite3_stmt *statement = prepare(db, loaded == 0 ? INSERT : UPDATE, subject);
    int step = SQLITE_ERROR;
    if (statement != NULL && sqlite3_bind_blob64(statement, 2, record, length, SQLITE_STATIC) == SQLITE_OK &&
        (loaded == 0 || sqlite3_bind_int64(statement, 3, loaded) == SQLITE_OK)) {
        step = sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return step == SQLITE_DONE ? sqlite3_changes(db->db) : failed(db, "write the database");
}

void store_close(store *db)
{
    if (db == NULL) return;
    sqlite3_close(db->db);
    free(db);
}
