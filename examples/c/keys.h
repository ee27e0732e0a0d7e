/* Where the keys are: in the environment, or in a file beside the database and never in it. */
#ifndef KEYS_H
#define KEYS_H

#include <stddef.h>

#define KEYS_MAX 2048

/* Reads the key ring from TWINLOCK_KEYS, or from the file, which is made with a new key where there is none.
   Gives its length, or 0 and said why on stderr. Wipe it when the engine has it. */
size_t keys_read(const char *path, char keys[KEYS_MAX]);

#endif
