/* The constants of the header beside what the library makes of them. */
#ifndef TWINLOCK_TEST_CONSTANTS_H
#define TWINLOCK_TEST_CONSTANTS_H

#include "support.h"

static void begin(void)
{
    text_t text;
    EXPECT(TWINLOCK_OK, twinlock_version(INTO(text)));
    CHECK(text_is(&text, TWINLOCK_VERSION));
    CHECK(twinlock_abi_version() == TWINLOCK_ABI_VERSION);
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN, twinlock_status_message(INT32_MIN, INTO(text)));
    EXPECT(TWINLOCK_E_ARGUMENT_UNKNOWN, twinlock_status_message(INT32_MAX, INTO(text)));
}

static void end(void)
{
}

static inline void says(int32_t status, const char *name, const char *sentence)
{
    text_t text;
    EXPECT(TWINLOCK_OK, twinlock_status_name(status, INTO(text)));
    CHECK(text_is(&text, name));
    EXPECT(TWINLOCK_OK, twinlock_status_message(status, INTO(text)));
    CHECK(text_is(&text, sentence));
}

/* Some bounds hang on other options, and are told when the engine is built. */
static inline int32_t set_and_build(int32_t option, int64_t value)
{
    twinlock_config *config = new_config(KEY);
    twinlock_engine *engine = NULL;
    int32_t status = twinlock_config_set_int(config, option, value);
    if (status == TWINLOCK_OK) status = twinlock_engine_new(&config, &engine);
    twinlock_config_free(config);
    twinlock_engine_free(engine);
    return status;
}

static inline void has_bounds(int32_t option, int64_t least, int64_t most)
{
    twinlock_config *config = new_config(KEY);
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, option, least));
    EXPECT(TWINLOCK_OK, twinlock_config_set_int(config, option, most));
    twinlock_config_free(config);
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, set_and_build(option, least - 1));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, set_and_build(option, most + 1));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, set_and_build(option, INT64_MIN));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, set_and_build(option, INT64_MAX));
}

#endif
