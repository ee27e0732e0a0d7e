/*
 * A second factor in the terminal: enrollment with a QR code, sign-in, backup codes, over one SQLite file.
 *
 * With Twinlock installed: make. What a program of yours needs of this is `settle`: load, decide, write, commit. It may
 * be killed between any two lines. What it told its user has been stored before; what was not stored was not told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <twinlock.h>

#include "keys.h"
#include "store.h"

#define ISSUER "Twinlock example"
#define TEXT(text) (text), strlen(text)
#define ROW(row) (row)->record, (row)->length
#define TRIES 20

static const char USAGE[] =
    "usage: second_factor [--db FILE] [--keys FILE] COMMAND USER\n"
    "\n"
    "  enroll USER    show a QR code for an authenticator app, take its first code, show backup codes\n"
    "  sign-in USER   ask for a code of the app, or for a backup code\n"
    "  codes USER     show new backup codes in place of the old ones; asks for a code of the app\n"
    "  status USER    show what is set up, as JSON\n"
    "  disable USER   turn the second factor off; asks for a code\n"
    "\n"
    "  --db FILE      the SQLite file with the records (second_factor.db)\n"
    "  --keys FILE    the file with the keys, made at the first use (second_factor.keys)\n"
    "\n"
    "Keys in the environment, TWINLOCK_KEYS, go before those in the file. Without its keys nothing in the database opens.\n"
    "Passwords are not asked for: your program checks them before it calls sign-in.\n"
    "Exit status: 0 done, 1 refused, 2 a fault.\n";

typedef struct {
    const twinlock_engine *engine;
    store *db;
    const char *user;
} session;

/* What a decision is made from, beside the record. */
typedef struct {
    char challenge[1024];
    size_t challenge_length;
    char typed[128];
} input;

typedef int32_t decision(const session *s, const row *r, const input *in, int64_t now, twinlock_pending **pending);

static int64_t unix_now(void)
{
    return (int64_t)time(NULL);
}

/* Tells people what a status means, and programs whether it was their user's fault. */
static int report(int32_t status, int64_t retry_after)
{
    char text[160];
    size_t length = 0;
    if (status == TWINLOCK_OK) return 0;
    if (twinlock_status_message(status, text, sizeof text, &length) != TWINLOCK_OK) length = 0;
    fprintf(stderr, "%s %.*s\n", status > 0 ? "Refused:" : "error:", (int)length, text);
    if (retry_after > 0) fprintf(stderr, "Try again in %" PRId64 " seconds.\n", retry_after);
    return status > 0 ? 1 : 2;
}

/*
 * The host's one duty: load the record, let the engine decide, write the new record if nobody else did meanwhile, and
 * tell the verdict whether that went well. Only then does it open. The caller frees `*pending`.
 */
static int32_t settle(const session *s, decision *decide, const input *in, twinlock_pending **pending)
{
    for (int attempt = 0; attempt < TRIES; attempt++) {
        row loaded;
        uint8_t record[TWINLOCK_RECORD_MAX];
        size_t length = 0;
        int64_t changed = 0;
        int32_t status;

        if (store_load(s->db, s->user, &loaded) != 0) return TWINLOCK_E_STORE_FAILED;
        status = decide(s, &loaded, in, unix_now(), pending);
        if (status == TWINLOCK_OK) status = twinlock_pending_record(*pending, record, sizeof record, &length);
        if (status != TWINLOCK_OK) return status;
        if (length > 0) changed = store_save(s->db, s->user, record, length, loaded.version);
        if (changed < 0) return TWINLOCK_E_STORE_FAILED;
        status = twinlock_pending_commit(*pending, changed);
        if (status != TWINLOCK_E_COMMIT_LOST) return status;
        twinlock_pending_free(*pending);
        *pending = NULL;
    }
    return TWINLOCK_R_CONTENDED;
}

/* Settles, reports what is to be reported, and leaves `*pending` only where there is a result to read. */
static int decided(const session *s, decision *decide, const input *in, twinlock_pending **pending)
{
    int64_t retry_after = 0;
    int32_t status = settle(s, decide, in, pending);
    if (status == TWINLOCK_OK) return 0;
    if (*pending == NULL || twinlock_pending_retry_after(*pending, &retry_after) != TWINLOCK_OK) retry_after = 0;
    twinlock_pending_free(*pending);
    *pending = NULL;
    return report(status, retry_after);
}

/* Asks for one line; 0 where there is none. */
static int ask(const char *question, char *line, int room)
{
    printf("%s ", question);
    fflush(stdout);
    if (fgets(line, room, stdin) == NULL) {
        fputs("\nerror: no code was given\n", stderr);
        return 0;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return 1;
}

static int32_t begin_enrollment(const session *s, const row *r, const input *in, int64_t now,
                                twinlock_pending **pending)
{
    (void)in;
    return twinlock_engine_begin_enrollment(s->engine, TEXT(s->user), ROW(r), TEXT(s->user), TEXT("Phone"), now,
                                            pending);
}

static int32_t confirm_enrollment(const session *s, const row *r, const input *in, int64_t now,
                                  twinlock_pending **pending)
{
    return twinlock_engine_confirm_enrollment(s->engine, TEXT(s->user), ROW(r), TEXT(in->typed), now, pending);
}

static int32_t begin_sign_in(const session *s, const row *r, const input *in, int64_t now, twinlock_pending **pending)
{
    (void)in;
    return twinlock_engine_begin_sign_in(s->engine, TEXT(s->user), ROW(r), TEXT("pwd"), now, NULL, 0, now, pending);
}

static int32_t finish_sign_in(const session *s, const row *r, const input *in, int64_t now, twinlock_pending **pending)
{
    return twinlock_engine_finish_sign_in(s->engine, ROW(r), in->challenge, in->challenge_length, NULL, 0,
                                          TWINLOCK_ANSWER_ANY, TEXT(in->typed), now, pending);
}

static int32_t regenerate(const session *s, const row *r, const input *in, int64_t now, twinlock_pending **pending)
{
    return twinlock_engine_regenerate_backup_codes(s->engine, TEXT(s->user), ROW(r), TWINLOCK_ANSWER_OTP,
                                                   TEXT(in->typed), now, pending);
}

static int32_t turn_off(const session *s, const row *r, const input *in, int64_t now, twinlock_pending **pending)
{
    return twinlock_engine_disable(s->engine, TEXT(s->user), ROW(r), TWINLOCK_ANSWER_ANY, TEXT(in->typed), now,
                                   pending);
}

/* The QR code of the pending device and, for those who cannot scan it, its secret. */
static int show_device(const twinlock_pending *pending)
{
    char uri[1024], secret[256], qr[8192];
    size_t uri_length = 0, secret_length = 0, qr_length = 0;
    int32_t status = twinlock_pending_text(pending, TWINLOCK_FIELD_URI, 0, uri, sizeof uri, &uri_length);
    if (status == TWINLOCK_OK)
        status = twinlock_pending_text(pending, TWINLOCK_FIELD_SECRET, 0, secret, sizeof secret, &secret_length);
    if (status == TWINLOCK_OK) status = twinlock_qr_terminal(uri, uri_length, qr, sizeof qr, &qr_length);
    if (status == TWINLOCK_OK)
        printf("%.*s\nScan it with an authenticator app, or type this secret into one:\n    %.*s\n", (int)qr_length, qr,
               (int)secret_length, secret);
    twinlock_wipe(uri, sizeof uri);
    twinlock_wipe(secret, sizeof secret);
    twinlock_wipe(qr, sizeof qr);
    return report(status, 0);
}

static int show_backup_codes(const twinlock_pending *pending)
{
    char code[64];
    size_t count = 0, length = 0;
    int32_t status = twinlock_pending_count(pending, TWINLOCK_FIELD_BACKUP_CODE, &count);
    puts("Backup codes, each good for one sign-in. Write them down, they are not shown again:");
    for (size_t i = 0; i < count && status == TWINLOCK_OK; i++) {
        status = twinlock_pending_text(pending, TWINLOCK_FIELD_BACKUP_CODE, i, code, sizeof code, &length);
        if (status == TWINLOCK_OK) printf("    %.*s\n", (int)length, code);
    }
    twinlock_wipe(code, sizeof code);
    return report(status, 0);
}

static int enroll(const session *s)
{
    input in = {0};
    twinlock_pending *pending = NULL;
    int failed = decided(s, begin_enrollment, &in, &pending);
    if (failed) return failed;
    failed = show_device(pending);
    twinlock_pending_free(pending);
    pending = NULL;
    if (failed) return failed;
    if (!ask("The code that it shows:", in.typed, sizeof in.typed)) return 2;
    failed = decided(s, confirm_enrollment, &in, &pending);
    if (failed) return failed;
    puts("The second factor is on.");
    failed = show_backup_codes(pending);
    twinlock_pending_free(pending);
    twinlock_wipe(&in, sizeof in);
    return failed;
}

/* The methods of both factors, from the proof that only a commit gives. */
static int show_proof(twinlock_pending *pending)
{
    twinlock_proof *proof = NULL;
    size_t count = 0, length = 0;
    char method[32];
    int32_t status = twinlock_pending_proof(pending, &proof);
    if (status == TWINLOCK_OK) status = twinlock_proof_count(proof, TWINLOCK_FIELD_AMR, &count);
    if (status == TWINLOCK_OK) printf("Signed in:");
    for (size_t i = 0; i < count && status == TWINLOCK_OK; i++) {
        status = twinlock_proof_text(proof, TWINLOCK_FIELD_AMR, i, method, sizeof method, &length);
        if (status == TWINLOCK_OK) printf(" %.*s", (int)length, method);
    }
    if (status == TWINLOCK_OK) puts("");
    twinlock_proof_free(proof);
    return report(status, 0);
}

/* The password was right. What the user gets is a challenge, or nothing more is due. */
static int sign_in(const session *s)
{
    input in = {0};
    int64_t next = TWINLOCK_SIGN_IN_CHALLENGE;
    twinlock_pending *pending = NULL;
    int failed = decided(s, begin_sign_in, &in, &pending);
    if (failed) return failed;
    failed = report(twinlock_pending_int(pending, TWINLOCK_FIELD_SIGN_IN, &next), 0);
    if (!failed && next == TWINLOCK_SIGN_IN_CHALLENGE) {
        failed = report(twinlock_pending_text(pending, TWINLOCK_FIELD_CHALLENGE, 0, in.challenge, sizeof in.challenge,
                                              &in.challenge_length), 0);
        twinlock_pending_free(pending);
        pending = NULL;
        if (!failed && !ask("Code:", in.typed, sizeof in.typed)) failed = 2;
        if (!failed) failed = decided(s, finish_sign_in, &in, &pending);
    }
    if (!failed) failed = show_proof(pending);
    twinlock_pending_free(pending);
    twinlock_wipe(&in, sizeof in);
    return failed;
}

static int codes(const session *s)
{
    input in = {0};
    twinlock_pending *pending = NULL;
    int failed = ask("Code of the app:", in.typed, sizeof in.typed) ? decided(s, regenerate, &in, &pending) : 2;
    if (!failed) failed = show_backup_codes(pending);
    twinlock_pending_free(pending);
    twinlock_wipe(&in, sizeof in);
    return failed;
}

static int disable(const session *s)
{
    input in = {0};
    twinlock_pending *pending = NULL;
    int failed = ask("Code:", in.typed, sizeof in.typed) ? decided(s, turn_off, &in, &pending) : 2;
    if (!failed) puts("The second factor is off.");
    twinlock_pending_free(pending);
    twinlock_wipe(&in, sizeof in);
    return failed;
}

static int status(const session *s)
{
    char text[4096];
    size_t length = 0;
    row loaded;
    int failed;
    if (store_load(s->db, s->user, &loaded) != 0) return 2;
    failed = report(twinlock_engine_status(s->engine, TEXT(s->user), ROW(&loaded), unix_now(), text, sizeof text,
                                           &length), 0);
    if (!failed) printf("%.*s\n", (int)length, text);
    return failed;
}

/* NULL: it said why on stderr. */
static twinlock_engine *new_engine(const char *path)
{
    char keys[KEYS_MAX];
    twinlock_config *config = NULL;
    twinlock_engine *engine = NULL;
    size_t length = keys_read(path, keys);
    int32_t failed;
    if (length == 0) return NULL;
    failed = twinlock_config_new(&config);
    if (!failed) failed = twinlock_config_set_text(config, TWINLOCK_OPT_ISSUER, TEXT(ISSUER));
    if (!failed) failed = twinlock_config_set_text(config, TWINLOCK_OPT_KEYS, keys, length);
    if (!failed) failed = twinlock_engine_new(&config, &engine);
    twinlock_config_free(config);
    twinlock_wipe(keys, sizeof keys);
    report(failed, 0);
    return engine;
}

static int run(int (*command)(const session *), const char *db, const char *keys, const char *user)
{
    session s = {NULL, NULL, user};
    twinlock_engine *engine = new_engine(keys);
    int failed = 2;
    if (engine != NULL && (s.db = store_open(db)) != NULL) {
        s.engine = engine;
        failed = command(&s);
    }
    store_close(s.db);
    twinlock_engine_free(engine);
    return failed;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*command)(const session *);
    } commands[] = {{"enroll", enroll}, {"sign-in", sign_in}, {"codes", codes}, {"status", status}, {"disable", disable}};
    const char *db = "second_factor.db", *keys = "second_factor.keys";
    int at = 1;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(USAGE, stdout);
        return 0;
    }
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--db") == 0) db = argv[at + 1];
        else if (strcmp(argv[at], "--keys") == 0) keys = argv[at + 1];
        else break;
    }
    for (size_t i = 0; at + 2 == argc && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[at], commands[i].name) == 0) return run(commands[i].command, db, keys, argv[at + 1]);
    }
    fputs(USAGE, stderr);
    return 2;
}
