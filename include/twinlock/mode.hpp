// The two ways to report errors have names of their own for the linker, so that both can be in one program.
#ifndef TWINLOCK_MODE_HPP
#define TWINLOCK_MODE_HPP

#if defined(TWINLOCK_NO_EXCEPTIONS)
#define TWINLOCK_HPP_MODE without_exceptions
#elif defined(__cpp_exceptions) || defined(__EXCEPTIONS) || defined(_CPPUNWIND)
#define TWINLOCK_HPP_MODE with_exceptions
#else
#error "exceptions are off: define TWINLOCK_NO_EXCEPTIONS, and calls give a result<T>"
#endif

#endif  // TWINLOCK_MODE_HPP
