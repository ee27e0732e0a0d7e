// Compiled once with exceptions and once without; both objects end up in one program.
#include <twinlock.hpp>

#ifdef TWINLOCK_NO_EXCEPTIONS
bool without_exceptions_refuses()
{
    return twinlock::otpauth_parse("https://x").error().status() == TWINLOCK_E_URI_MALFORMED;
}
#else
bool without_exceptions_refuses();

int main()
{
    try {
        return static_cast<int>(twinlock::otpauth_parse("https://x").size()) + 1;
    } catch (const twinlock::fault &fault) {
        return fault.status() == TWINLOCK_E_URI_MALFORMED && without_exceptions_refuses() ? 0 : 2;
    }
}
#endif
