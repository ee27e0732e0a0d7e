// twinlock.hpp - the second-factor engine of twinlock.h for C++17 and newer
//
// Header only; link with the C library. Names are those of twinlock.h, in namespace twinlock, and so is what they
// mean: twinlock.h says for each call what it does and what it refuses. The differences:
//
// HANDLES are objects that free themselves. They move and do not copy. A moved-from object is empty: it converts
// to false, and a call with it is the fault TWINLOCK_E_NULL_POINTER.
//
// INPUT is std::string_view and bytes_view, read during the call alone. OUTPUT is std::string, std::vector and
// plain structs. Secrets, backup codes, codes and tokens come as secret_string, which wipes itself.
//
// ERRORS are exceptions: `refusal`, an answer to the user, and `fault`, a mistake of the program or the deployment;
// `commit_lost` is a fault. With TWINLOCK_NO_EXCEPTIONS defined before the header is included, every call that can
// fail gives a `result<T>` instead: true where there is a value, else error() says what is wrong. In this header
// both are written `returns<T>`. Both kinds of translation units can be linked into one program.
//
// VERDICTS: a call that changes a record gives a `pending<T>`. Store its record() by a conditional write in a
// transaction of its own, and commit() with the number of rows changed gives the T. `second_factor` does that for
// you over a `store`.
//
// THREADS: an engine, and a second_factor whose store is safe for threads, may be used by any number of threads at
// once. Any other object belongs to one thread at a time.

#ifndef TWINLOCK_HPP
#define TWINLOCK_HPP

// Each part can be included alone, too, and includes what it needs.
#include <twinlock/text.hpp>           // bytes, bytes_view, secret_string, wipe
#include <twinlock/error.hpp>          // failure, result, refusal, fault, commit_lost
#include <twinlock/input.hpp>          // answer, first_factor, device_parameters and the like; unix_now
#include <twinlock/config.hpp>         // config, keyring_generate, version
#include <twinlock/results.hpp>        // proof, provisioning, sign_in, tokens and the like
#include <twinlock/status.hpp>         // status, device, trusted_device
#include <twinlock/pending.hpp>        // pending<T>: what counts only once it is stored
#include <twinlock/engine.hpp>         // engine; its calls with tokens are in twinlock/tokens.hpp
#include <twinlock/store.hpp>          // store, memory_store: where records are kept
#include <twinlock/second_factor.hpp>  // second_factor: an engine over a store
#include <twinlock/sessions.hpp>       // sessions: refresh tokens that rotate
#include <twinlock/otp.hpp>            // codes without an engine: totp_verify, hotp_generate and the like
#include <twinlock/otpauth.hpp>        // what apps scan: otpauth_build, otpauth_parse, qr_svg, qr_terminal
#include <twinlock/vault.hpp>          // small secrets of your own: vault_seal, vault_open

#endif  // TWINLOCK_HPP
