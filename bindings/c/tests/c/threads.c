/*
 * FFI-06: the other programs, each run by 16 threads at once that share its engines.
 *
 * Each is compiled with SHARED_ENGINES and a main of another name. What a program builds as its nth engine is
 * the nth engine of that program in every thread.
 */
#include <pthread.h>
#include <twinlock.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 16
#define ENGINES 8
#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))

int flow_main(void);
int devices_main(void);
int sent_main(void);
int trust_main(void);
int sessions_main(void);
int sealing_main(void);
int jwk_main(void);
int kinds_main(void);
int primitives_main(void);

int32_t shared_engine_new(twinlock_config **config, twinlock_engine **engine);
void shared_engine_free(twinlock_engine *engine);

static int (*const programs[])(void) = {flow_main,     devices_main, sent_main, trust_main,     sessions_main,
                                        sealing_main, jwk_main,     kinds_main, primitives_main};
#define PROGRAMS (sizeof programs / sizeof *programs)

static twinlock_engine *engines[PROGRAMS][ENGINES];
static pthread_mutex_t building = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t start;
static _Thread_local size_t program, built;

static void fail(const char *what, int line)
{
    fprintf(stderr, "threads.c:%d: %s\n", line, what);
    exit(1);
}

int32_t shared_engine_new(twinlock_config **config, twinlock_engine **engine)
{
    twinlock_engine **place;
    int32_t status = TWINLOCK_OK;
    CHECK(built < ENGINES);
    place = &engines[program][built++];
    CHECK(pthread_mutex_lock(&building) == 0);
    if (*place == NULL) {
        status = twinlock_engine_new(config, place);
    } else {
        twinlock_config_free(*config);
        *config = NULL;
    }
    *engine = *place;
    CHECK(pthread_mutex_unlock(&building) == 0);
    return status;
}

void shared_engine_free(twinlock_engine *engine)
{
    (void)engine; /* the others may still use it */
}

static void *run(void *first)
{
    size_t turn;
    pthread_barrier_wait(&start);
    for (turn = 0; turn < PROGRAMS; turn++) {
        program = (*(size_t *)first + turn) % PROGRAMS;
        built = 0;
        CHECK(programs[program]() == 0);
    }
    return NULL;
}

static void every_program_runs_in_every_thread(void)
{
    pthread_t threads[THREADS];
    size_t first[THREADS], at, number;
    CHECK(pthread_barrier_init(&start, NULL, THREADS) == 0);
    for (at = 0; at < THREADS; at++) {
        first[at] = at / 2; /* two begin with the same program, the others with another */
        CHECK(pthread_create(&threads[at], NULL, run, &first[at]) == 0);
    }
    for (at = 0; at < THREADS; at++) CHECK(pthread_join(threads[at], NULL) == 0);
    pthread_barrier_destroy(&start);
    for (at = 0; at < PROGRAMS; at++) {
        for (number = 0; number < ENGINES; number++) twinlock_engine_free(engines[at][number]);
    }
}

static void *commit(void *pending)
{
    CHECK(twinlock_pending_commit(pending, 0) == TWINLOCK_OK);
    return NULL;
}

/* Any handle but an engine belongs to one thread at a time, and not to the one that made it. */
static void a_handle_moves_to_another_thread_and_back(void)
{
    static const char keys[] = "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    twinlock_config *config = NULL;
    twinlock_engine *engine = NULL;
    twinlock_pending *pending = NULL;
    twinlock_proof *proof = NULL;
    pthread_t thread;
    CHECK(twinlock_config_new(&config) == TWINLOCK_OK);
    CHECK(twinlock_config_set_text(config, TWINLOCK_OPT_ISSUER, "Acme", 4) == TWINLOCK_OK);
    CHECK(twinlock_config_set_text(config, TWINLOCK_OPT_KEYS, keys, sizeof keys - 1) == TWINLOCK_OK);
    CHECK(twinlock_engine_new(&config, &engine) == TWINLOCK_OK);
    CHECK(twinlock_engine_begin_sign_in(engine, "42", 2, NULL, 0, "pwd", 3, 1800000000, NULL, 0, 1800000000,
                                        &pending) == TWINLOCK_OK);
    CHECK(pthread_create(&thread, NULL, commit, pending) == 0);
#ifdef BREAK_THE_RULE
    commit(pending); /* what ThreadSanitizer must find */
#endif
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(twinlock_pending_proof(pending, &proof) == TWINLOCK_OK);
    twinlock_proof_free(proof);
    twinlock_pending_free(pending);
    twinlock_engine_free(engine);
}

int main(void)
{
    a_handle_moves_to_another_thread_and_back();
    every_program_runs_in_every_thread();
    return 0;
}
