/* The C interface beside liboath: both take turns in one process, and the ratio of their medians is quoted, as in
   bench/rust. A missed target is said, and no error; a call that gives something else than it should is one. */
#define _POSIX_C_SOURCE 200809L
#include <liboath/oath.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <twinlock.h>

/* Batches of each side, and how long one lasts at least. */
#define ROUNDS 101
#define BATCH_NANOSECONDS 500000.0
#define NOW 1800000000
#define SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
#define RAW_SECRET "12345678901234567890"
/* Right at no step near. */
#define WRONG "000000"

typedef void call_t(void);

typedef struct {
    call_t *call;
    unsigned long calls;
    double nanoseconds[ROUNDS];
} side_t;

static void want(int is_right, const char *what)
{
    if (is_right) return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static void verify_twinlock(void)
{
    uint64_t step = 0;
    want(twinlock_totp_verify(SECRET, sizeof SECRET - 1, TWINLOCK_ALGORITHM_SHA1, 6, 30, WRONG, sizeof WRONG - 1, 1,
                              NOW, &step) == TWINLOCK_R_WRONG_CODE,
         "Twinlock found a match");
}

static void verify_liboath_raw(void)
{
    int position = 0;
    uint64_t counter = 0;
    want(oath_totp_validate3(RAW_SECRET, sizeof RAW_SECRET - 1, NOW, 30, 0, 1, &position, &counter, WRONG) ==
             OATH_INVALID_OTP,
         "liboath found a match");
}

/* The same work: from base32, which is how secrets are kept and typed. */
static void verify_liboath(void)
{
    char *secret = NULL;
    size_t length = 0;
    int position = 0;
    uint64_t counter = 0;
    want(oath_base32_decode(SECRET, sizeof SECRET - 1, &secret, &length) == OATH_OK, "liboath reads no base32");
    want(oath_totp_validate3(secret, length, NOW, 30, 0, 1, &position, &counter, WRONG) == OATH_INVALID_OTP,
         "liboath found a match");
    free(secret);
}

static void generate_twinlock(void)
{
    char code[8];
    size_t length = 0;
    want(twinlock_totp_generate(SECRET, sizeof SECRET - 1, TWINLOCK_ALGORITHM_SHA1, 6, 30, NOW, code, sizeof code,
                                &length) == TWINLOCK_OK && length == 6,
         "Twinlock made no code");
}

static void generate_liboath(void)
{
    char *secret = NULL, code[8];
    size_t length = 0;
    want(oath_base32_decode(SECRET, sizeof SECRET - 1, &secret, &length) == OATH_OK, "liboath reads no base32");
    want(oath_totp_generate(secret, length, NOW, 30, 0, 6, code) == OATH_OK, "liboath made no code");
    free(secret);
}

static double batch(const side_t *side)
{
    struct timespec start, end;
    unsigned long at;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (at = 0; at < side->calls; at++) side->call();
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
}

/* Finds out how many calls last as long as a batch should. */
static void warm_up(side_t *side, call_t *call)
{
    side->call = call;
    side->calls = 1;
    while (batch(side) < BATCH_NANOSECONDS) side->calls *= 2;
}

static int by_size(const void *one, const void *other)
{
    double left = *(const double *)one, right = *(const double *)other;
    return (left > right) - (left < right);
}

static double median(side_t *side)
{
    qsort(side->nanoseconds, ROUNDS, sizeof *side->nanoseconds, by_size);
    return side->nanoseconds[ROUNDS / 2];
}

/* `target` is the ratio that is aimed at; 0 where there is none. */
static void row(const char *name, call_t *ours, const char *peer, call_t *theirs, double target)
{
    static side_t sides[2];
    double time, its, ratio;
    int round, at;
    warm_up(&sides[0], ours);
    warm_up(&sides[1], theirs);
    for (round = 0; round < ROUNDS; round++) {
        for (at = 0; at < 2; at++) sides[at].nanoseconds[round] = batch(&sides[at]) / (double)sides[at].calls;
    }
    time = median(&sides[0]), its = median(&sides[1]), ratio = time / its;
    printf("%-42s %9.0f ns %28s %9.0f ns %7.2f", name, time, peer, its, ratio);
    if (target > 0) printf("   \xe2\x89\xa4 %.2f %s", target, ratio <= target ? "met" : "missed");
    printf("\n");
}

int main(void)
{
    want(oath_init() == OATH_OK, "liboath does not start");
    printf("%-42s %12s %28s %12s %7s   target\n", "", "Twinlock", "peer", "its time", "ratio");
    row("TOTP verify, window 1, no match, base32 in", verify_twinlock, "liboath", verify_liboath, 0.4);
    row("TOTP verify, window 1, no match, base32 in", verify_twinlock, "liboath, secret in bytes", verify_liboath_raw,
        0);
    row("TOTP generate, base32 in", generate_twinlock, "liboath", generate_liboath, 0);
    want(oath_done() == OATH_OK, "liboath does not end");
    return 0;
}
