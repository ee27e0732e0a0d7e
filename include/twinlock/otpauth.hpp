// What authenticator apps scan: otpauth:// and otpauth-migration:// URIs, and QR codes.
#ifndef TWINLOCK_OTPAUTH_HPP
#define TWINLOCK_OTPAUTH_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/error.hpp>
#include <twinlock/fields.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/text.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// A text, such as the URI of an enrollment, as an SVG. It is as secret as the text.
inline returns<secret_string> qr_svg(std::string_view content)
{
    return detail::give(detail::output<secret_string>(detail::page_room, twinlock_qr_svg, content));
}

// As qr_svg, as a data: URI for the attribute `src`.
inline returns<secret_string> qr_svg_data_uri(std::string_view content)
{
    return detail::give(detail::output<secret_string>(detail::page_room, twinlock_qr_svg_data_uri, content));
}

// As qr_svg, as a PNG with `scale` x `scale` pixels for a module, 1 to 32.
inline returns<bytes> qr_png(std::string_view content, std::uint32_t scale = 8)
{
    return detail::give(detail::output<bytes>(detail::page_room, twinlock_qr_png, content, scale));
}

// As qr_svg, in characters (UTF-8) and colors for a terminal.
inline returns<secret_string> qr_terminal(std::string_view content)
{
    return detail::give(detail::output<secret_string>(detail::page_room, twinlock_qr_terminal, content));
}

// As qr_terminal, without colors and control sequences. Scanners need a dark ground below it.
inline returns<secret_string> qr_terminal_plain(std::string_view content)
{
    return detail::give(detail::output<secret_string>(detail::page_room, twinlock_qr_terminal_plain, content));
}

// One account of a URI. What its kind does not have is empty.
struct otpauth_account {
    std::optional<std::string> issuer;
    std::string account;
    secret_string secret;
    device_kind kind = device_kind::totp;
    twinlock::algorithm algorithm = twinlock::algorithm::sha1;
    std::uint32_t digits = 6;
    std::optional<std::uint32_t> period;
    std::optional<std::uint64_t> counter;
    // Which QR code of an app's export it comes from, counted from 0, of how many; all have one id.
    std::optional<std::int64_t> batch_id, batch_index, batch_size;
};

// What the kind does not have is not looked at. `counter` is what a counter device shows next.
inline returns<secret_string> otpauth_build(std::string_view issuer, std::string_view account,
                                            std::string_view secret, device_kind kind, otp_parameters parameters,
                                            std::uint64_t counter)
{
    return detail::give(detail::output<secret_string>(detail::token_room, twinlock_otpauth_build, issuer, account,
                                                      secret, kind, parameters, counter));
}

namespace detail {

inline void fill(reader<const twinlock_otpauth> &from, otpauth_account &out)
{
    out.issuer = from.optional_text(TWINLOCK_FIELD_ISSUER);
    out.account = from.text(TWINLOCK_FIELD_ACCOUNT);
    out.secret = from.secret(TWINLOCK_FIELD_SECRET);
    out.kind = static_cast<device_kind>(from.number(TWINLOCK_FIELD_KIND));
    out.algorithm = static_cast<algorithm>(from.optional_number(TWINLOCK_FIELD_ALGORITHM).value_or(0));
    out.digits = static_cast<std::uint32_t>(from.optional_number(TWINLOCK_FIELD_DIGITS).value_or(0));
    if (auto period = from.optional_number(TWINLOCK_FIELD_PERIOD)) out.period = static_cast<std::uint32_t>(*period);
    out.batch_id = from.optional_number(TWINLOCK_FIELD_BATCH_ID);
    out.batch_index = from.optional_number(TWINLOCK_FIELD_BATCH_INDEX);
    out.batch_size = from.optional_number(TWINLOCK_FIELD_BATCH_SIZE);
    if (auto counter = from.optional_number(TWINLOCK_FIELD_COUNTER)) out.counter = static_cast<std::uint64_t>(*counter);
}

inline result<std::vector<otpauth_account>> accounts_of(std::string_view uri)
{
    otpauth_handle parsed;
    std::size_t count = 0;
    std::int32_t status = call(twinlock_otpauth_parse, uri, parsed.address());
    if (status == TWINLOCK_OK) status = twinlock_otpauth_count(parsed.get(), &count);
    if (status != TWINLOCK_OK) return failure(status);
    std::vector<otpauth_account> accounts;
    for (std::size_t index = 0; index < count; index++) {
        auto account = read<otpauth_account>(static_cast<const twinlock_otpauth *>(parsed.get()), index);
        if (!account) return account.error();
        accounts.push_back(*std::move(account));
    }
    return accounts;
}

}  // namespace detail

// The one account of an `otpauth://` URI, or those of an `otpauth-migration://` URI.
inline returns<std::vector<otpauth_account>> otpauth_parse(std::string_view uri)
{
    return detail::give(detail::accounts_of(uri));
}

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_OTPAUTH_HPP
