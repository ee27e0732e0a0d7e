/* FFI-02: text is what its length says, times have bounds, and what is wiped is wiped. */
#include "support.h"

#define CANARY 0xA5

static int untouched(const uint8_t *memory, size_t length)
{
    size_t at;
    for (at = 0; at < length; at++) {
        if (memory[at] != CANARY) return 0;
    }
    return 1;
}

static void text_is_what_its_length_says(twinlock_engine *engine)
{
    static const struct {
        const char *text;
        size_t length;
        int32_t status;
    } subjects[] = {
        {NULL, 0, TWINLOCK_E_SUBJECT_INVALID},        {"", 0, TWINLOCK_E_SUBJECT_INVALID},
        {"a\0b", 3, TWINLOCK_E_SUBJECT_INVALID},      {"\xff", 1, TWINLOCK_E_TEXT_NOT_UTF8},
        {"\xed\xa0\x80", 3, TWINLOCK_E_TEXT_NOT_UTF8}, {"\xc3\xa9", 1, TWINLOCK_E_TEXT_NOT_UTF8},
        {"\xc3\xa9", 2, TWINLOCK_OK},                 {"ab", 1, TWINLOCK_OK},
    };
    char status[1024], longest[256];
    size_t at, length = 0;
    for (at = 0; at < sizeof subjects / sizeof *subjects; at++) {
        length = 77;
        EXPECT(subjects[at].status, twinlock_engine_status(engine, subjects[at].text, subjects[at].length, NONE, NOW,
                                                           status, sizeof status, &length));
        CHECK((length == 77) == (subjects[at].status != TWINLOCK_OK));
    }
    memset(longest, 'a', sizeof longest);
    EXPECT(TWINLOCK_OK, twinlock_engine_status(engine, longest, 255, NONE, NOW, status, sizeof status, &length));
    EXPECT(TWINLOCK_E_SUBJECT_INVALID,
           twinlock_engine_status(engine, longest, 256, NONE, NOW, status, sizeof status, &length));
}

static void times_are_checked(twinlock_engine *engine)
{
    static const int64_t times[] = {-1, INT64_MIN, INT64_MAX, INT64_C(253402300800)};
    char status[1024];
    size_t at, length;
    for (at = 0; at < sizeof times / sizeof *times; at++) {
        EXPECT(TWINLOCK_E_TIME_INVALID,
               twinlock_engine_status(engine, SUBJECT, NONE, times[at], status, sizeof status, &length));
    }
}

static void wiping_leaves_zeros_and_nothing_else(void)
{
    uint8_t memory[48];
    size_t at;
    memset(memory, CANARY, sizeof memory);
    twinlock_wipe(memory + 16, 16);
    for (at = 0; at < 16; at++) CHECK(memory[16 + at] == 0);
    CHECK(untouched(memory, 16) && untouched(memory + 32, 16));
    twinlock_wipe(memory, 0);
    twinlock_wipe(NULL, 16);
    CHECK(untouched(memory, 16));
}

int main(void)
{
    twinlock_engine *engine = new_engine();
    text_is_what_its_length_says(engine);
    times_are_checked(engine);
    wiping_leaves_zeros_and_nothing_else();
    twinlock_engine_free(engine);
    return 0;
}
