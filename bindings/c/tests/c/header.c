/* FFI-08: the header stands alone, in C and in C++. */
#include <twinlock.h>

int uses_the_header(void);

int uses_the_header(void)
{
    return twinlock_abi_version() == TWINLOCK_ABI_VERSION ? TWINLOCK_OK : TWINLOCK_E_PANIC;
}
