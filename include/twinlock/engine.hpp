// The engine: what it decides on a record, see twinlock.h for what each call does and refuses.
#ifndef TWINLOCK_ENGINE_HPP
#define TWINLOCK_ENGINE_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <twinlock.h>
#include <twinlock/config.hpp>
#include <twinlock/error.hpp>
#include <twinlock/input.hpp>
#include <twinlock/mode.hpp>
#include <twinlock/native.hpp>
#include <twinlock/pending.hpp>
#include <twinlock/results.hpp>
#include <twinlock/status.hpp>
#include <twinlock/text.hpp>
#include <twinlock/tokens.hpp>

namespace twinlock {
inline namespace TWINLOCK_HPP_MODE {

// Policy and keys, and nothing per user. Share one between all threads.
class engine : public detail::token_calls {
public:
    // On success `config` is empty; on failure it is still yours, to be corrected.
    static returns<engine> create(config &&config)
    {
        engine made;
        auto done = detail::done(twinlock_engine_new, config.handle().address(), made.handle_.address());
        if (!done) return detail::give(result<engine>(done.error()));
        return detail::give(result<engine>(std::move(made)));
    }

    returns<pending<provisioning>> begin_enrollment(std::string_view subject, bytes_view record,
                                                    std::string_view account, std::string_view name,
                                                    std::int64_t now) const
    {
        return decide<provisioning>(twinlock_engine_begin_enrollment, subject, record, account, name, now);
    }

    returns<pending<provisioning>> begin_enrollment_with(std::string_view subject, bytes_view record,
                                                         std::string_view account, std::string_view name,
                                                         device_parameters device, std::int64_t now) const
    {
        return decide<provisioning>(twinlock_engine_begin_enrollment_with, subject, record, account, name, device,
                                    now);
    }

    returns<pending<enrolled>> confirm_enrollment(std::string_view subject, bytes_view record, std::string_view code,
                                                  std::int64_t now) const
    {
        return decide<enrolled>(twinlock_engine_confirm_enrollment, subject, record, code, now);
    }

    returns<std::string> enrollment_subject(std::string_view token, std::int64_t now) const
    {
        return text(twinlock_engine_enrollment_subject, token, now);
    }

    returns<std::string> check_enrollment(std::string_view token, bytes_view record, std::int64_t now) const
    {
        return text(twinlock_engine_check_enrollment, token, record, now);
    }

    returns<pending<sign_in>> begin_sign_in(std::string_view subject, bytes_view record, first_factor first,
                                            std::int64_t now) const
    {
        return decide<sign_in>(twinlock_engine_begin_sign_in, subject, record, first, now);
    }

    returns<pending<sign_in>> begin_sign_in_on_device(std::string_view subject, bytes_view record, first_factor first,
                                                      std::string_view trust_token, std::int64_t now) const
    {
        return decide<sign_in>(twinlock_engine_begin_sign_in_on_device, subject, record, first, trust_token, now);
    }

    returns<std::string> challenge_subject(std::string_view challenge, std::int64_t now) const
    {
        return text(twinlock_engine_challenge_subject, challenge, now);
    }

    returns<pending<proof>> finish_sign_in(bytes_view record, presented_challenge challenge, answer answer,
                                           std::int64_t now) const
    {
        return decide<proof>(twinlock_engine_finish_sign_in, record, challenge, answer, now);
    }

    returns<pending<enrollment_token>> finish_for_enrollment(bytes_view record, presented_challenge challenge,
                                                             answer answer, std::int64_t now) const
    {
        return decide<enrollment_token>(twinlock_engine_finish_for_enrollment, record, challenge, answer, now);
    }

    returns<pending<sent_code>> send_code(bytes_view record, presented_challenge challenge, std::int64_t now) const
    {
        return decide<sent_code>(twinlock_engine_send_code, record, challenge, now);
    }

    returns<pending<void>> disable(std::string_view subject, bytes_view record, answer answer, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_disable, subject, record, answer, now);
    }

    returns<pending<void>> set_method(std::string_view subject, bytes_view record, answer answer,
                                      std::string_view method, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_set_method, subject, record, answer, method, now);
    }

    returns<pending<backup_codes>> regenerate_backup_codes(std::string_view subject, bytes_view record, answer answer,
                                                           std::int64_t now) const
    {
        return decide<backup_codes>(twinlock_engine_regenerate_backup_codes, subject, record, answer, now);
    }

    returns<pending<backup_codes>> admin_regenerate_backup_codes(std::string_view subject, bytes_view record,
                                                                 std::int64_t now) const
    {
        return decide<backup_codes>(twinlock_engine_admin_regenerate_backup_codes, subject, record, now);
    }

    returns<pending<void>> unlock(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_unlock, subject, record, now);
    }

    returns<pending<void>> admin_reset(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_admin_reset, subject, record, now);
    }

    returns<pending<void>> bump_epoch(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_bump_epoch, subject, record, now);
    }

    returns<pending<provisioning>> add_device(std::string_view subject, bytes_view record, answer answer,
                                              std::string_view account, std::string_view name,
                                              device_parameters device, std::int64_t now) const
    {
        return decide<provisioning>(twinlock_engine_add_device, subject, record, answer, account, name, device, now);
    }

    returns<pending<void>> rename_device(std::string_view subject, bytes_view record, std::string_view device_id,
                                         std::string_view name, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_rename_device, subject, record, device_id, name, now);
    }

    returns<pending<removed_device>> remove_device(std::string_view subject, bytes_view record,
                                                   std::string_view device_id, answer answer, std::int64_t now) const
    {
        return decide<removed_device>(twinlock_engine_remove_device, subject, record, device_id, answer, now);
    }

    returns<pending<void>> resync_device(std::string_view subject, bytes_view record, std::string_view device_id,
                                         std::string_view first, std::string_view second, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_resync_device, subject, record, device_id, first, second, now);
    }

    // `session` is the session's access or sliding token, or empty.
    returns<pending<proof>> step_up(std::string_view subject, bytes_view record, answer answer,
                                    std::string_view purpose, std::string_view session, std::int64_t now) const
    {
        return decide<proof>(twinlock_engine_step_up, subject, record, answer, purpose, session, now);
    }

    // The proof stays yours; mint with it afterwards.
    returns<pending<trust_token>> trust_device(std::string_view subject, bytes_view record, const proof &proof,
                                               std::string_view name, std::int64_t now) const
    {
        return decide<trust_token>(twinlock_engine_trust_device, subject, record, proof.get(), name, now);
    }

    returns<bool> is_trusted(std::string_view subject, bytes_view record, std::string_view trust_token,
                             std::int64_t now) const
    {
        std::int32_t status = detail::call(twinlock_engine_is_trusted, get(), subject, record, trust_token, now);
        if (status == TWINLOCK_OK || status == TWINLOCK_R_SECOND_FACTOR_REQUIRED)
            return detail::give(result<bool>(status == TWINLOCK_OK));
        return detail::give(result<bool>(failure(status)));
    }

    returns<pending<void>> revoke_trusted_device(std::string_view subject, bytes_view record,
                                                 std::string_view trust_id, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_revoke_trusted_device, subject, record, trust_id, now);
    }

    returns<pending<void>> revoke_all_trusted_devices(std::string_view subject, bytes_view record,
                                                      std::int64_t now) const
    {
        return decide<void>(twinlock_engine_revoke_all_trusted_devices, subject, record, now);
    }

    // Gives the device's id.
    returns<pending<std::string>> import_device(std::string_view subject, bytes_view record, imported_device device,
                                                std::int64_t now) const
    {
        return decide<std::string>(twinlock_engine_import_device, subject, record, device, now);
    }

    // Gives the device's id.
    returns<pending<std::string>> import_device_uri(std::string_view subject, bytes_view record, std::string_view name,
                                                    std::string_view uri, std::int64_t now) const
    {
        return decide<std::string>(twinlock_engine_import_device_uri, subject, record, name, uri, now);
    }

    // `codes` are one a line, as `scheme` says; `key` where that needs one.
    returns<pending<void>> import_backup_codes(std::string_view subject, bytes_view record, std::string_view scheme,
                                               std::string_view codes, bytes_view key, std::int64_t now) const
    {
        return decide<void>(twinlock_engine_import_backup_codes, subject, record, scheme, codes, key, now);
    }

    // How the subject's second factor stands.
    returns<twinlock::status> status(std::string_view subject, bytes_view record, std::int64_t now) const
    {
        auto told =
            detail::output<std::string>(detail::status_room, twinlock_engine_status, get(), subject, record, now);
        return detail::give(told ? detail::status_of(*told) : result<twinlock::status>(told.error()));
    }

    // Everything that a record holds but its secrets, as a JSON object: for operators. The form may grow.
    returns<std::string> inspect(std::string_view subject, bytes_view record) const
    {
        return text(twinlock_engine_inspect, subject, record);
    }

    // Empty where the record needs no other key already.
    returns<bytes> reseal(std::string_view subject, bytes_view record) const
    {
        return detail::give(
            detail::output<bytes>(TWINLOCK_RECORD_MAX, twinlock_engine_reseal, get(), subject, record));
    }

    // The ids of the keys that a record cannot do without.
    returns<std::vector<std::string>> keys_needed(std::string_view subject, bytes_view record) const
    {
        return words(twinlock_engine_keys_needed, subject, record);
    }

    // The ids of the ring's keys, the first key's first.
    returns<std::vector<std::string>> key_ids() const { return words(twinlock_engine_key_ids); }

private:
    engine() = default;
};

}  // namespace TWINLOCK_HPP_MODE
}  // namespace twinlock

#endif  // TWINLOCK_ENGINE_HPP
