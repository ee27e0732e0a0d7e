// The header alone, in both of its ways to report errors.
#include <twinlock.hpp>

static_assert(!std::is_copy_constructible_v<twinlock::secret_string>);
static_assert(!std::is_copy_constructible_v<twinlock::config> && !std::is_copy_assignable_v<twinlock::config>);
static_assert(!std::is_copy_constructible_v<twinlock::engine> && !std::is_copy_assignable_v<twinlock::engine>);
static_assert(!std::is_copy_constructible_v<twinlock::proof> && !std::is_copy_assignable_v<twinlock::proof>);
static_assert(!std::is_copy_constructible_v<twinlock::pending<void>>);
static_assert(std::is_nothrow_move_constructible_v<twinlock::secret_string>);
static_assert(std::is_nothrow_move_constructible_v<twinlock::engine>);
static_assert(std::is_nothrow_move_constructible_v<twinlock::pending<twinlock::enrolled>>);
static_assert(std::is_nothrow_move_assignable_v<twinlock::proof>);

int main()
{
    return 0;
}
