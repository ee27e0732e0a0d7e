// Moved-from objects are empty, and nothing secret is left in the memory that C++ gives back.
#include <new>

#include "support.hpp"

// What memory held when it was freed. Every block has its size in front.
namespace graveyard {

constexpr std::size_t HEAD = 16;
static char freed[1 << 23];
static std::size_t size = 0;

static void *allocate(std::size_t wanted)
{
    auto *block = static_cast<char *>(std::malloc(wanted + HEAD));
    if (block == nullptr) std::abort();
    std::memcpy(block, &wanted, sizeof wanted);
    std::memset(block + HEAD, 0xA5, wanted);
    return block + HEAD;
}

static void bury(void *data)
{
    if (data == nullptr) return;
    auto *block = static_cast<char *>(data) - HEAD;
    std::size_t length = 0;
    std::memcpy(&length, block, sizeof length);
    if (length > sizeof freed - size) std::abort();
    std::memcpy(freed + size, data, length);
    size += length;
    std::free(block);
}

static bool holds(std::string_view text)
{
    return std::string_view(freed, size).find(text) != std::string_view::npos;
}

}  // namespace graveyard

void *operator new(std::size_t size) { return graveyard::allocate(size); }
void *operator new[](std::size_t size) { return graveyard::allocate(size); }
void operator delete(void *data) noexcept { graveyard::bury(data); }
void operator delete[](void *data) noexcept { graveyard::bury(data); }
void operator delete(void *data, std::size_t) noexcept { graveyard::bury(data); }
void operator delete[](void *data, std::size_t) noexcept { graveyard::bury(data); }

static void the_graveyard_shows_what_was_not_wiped()
{
    {
        std::string text = "a text that is not wiped when it is freed";
        std::string wiped = "a text that is wiped by hand before it is freed";
        tl::wipe(wiped);
        CHECK(wiped.empty());
    }
    CHECK(graveyard::holds("not wiped when it is freed") && !graveyard::holds("wiped by hand before"));
}

static void a_secret_moves_and_is_wiped()
{
    tl::secret_string first("a secret of the vault");
    const char *data = first.data();
    tl::secret_string second(std::move(first));
    CHECK(first.empty() && first.data() == nullptr && second.data() == data);
    tl::secret_string third("another secret of the vault");
    third = std::move(second);
    CHECK(second.empty() && third.view() == "a secret of the vault");
    auto &same = third;
    third = std::move(same);
    CHECK(third.view() == "a secret of the vault");
    third.wipe();
    CHECK(third.empty() && third.data() == nullptr && !graveyard::holds("secret of the vault"));
    third = tl::secret_string("a third secret");
    static_assert(!std::is_convertible_v<tl::secret_string, std::string>);
}

// The secrets are alive while the memory of all that made them is searched.
static void no_copy_of_a_secret_is_left(const tl::engine &engine)
{
    tl::memory_store store;
    tl::second_factor auth(engine, store);
    auto setup = must(auth.begin_enrollment("42", "alice", {}, NOW));
    auto code = code_at(setup.secret, NOW);
    auto enrolled = must(auth.confirm_enrollment("42", code, NOW));
    auto trust = must(auth.trust_device("42", enrolled.proof, "Laptop", NOW));
    auto login = must(auth.begin_sign_in_on_device("42", {"pwd", NOW}, trust.token, NOW));
    auto session = must(engine.begin_session(std::move(login.proof), {}, NOW));
    auto opened = must(tl::vault_open(engine, "42", must(tl::vault_seal(engine, "42", "a small secret of the host"))));
    auto accounts = must(tl::otpauth_parse("otpauth://totp/x?secret=MFRGGZDFMZTWQ2LKNNWG23TPOA"));
    auto picture = must(tl::qr_svg(setup.uri));
    auto generated = must(tl::secret_generate()), keys = must(tl::keyring_generate());
    CHECK(enrolled.backup_codes.size() == 10 && login.kind == tl::sign_in_kind::trusted && accounts.size() == 1);
    for (const auto &backup : enrolled.backup_codes) CHECK(!graveyard::holds(backup));
    for (std::string_view secret : {setup.secret.view(), setup.uri.view(), trust.token.view(), login.trust_token.view(),
                                    session.tokens.access.view(), session.tokens.refresh.view(), opened.view(),
                                    accounts[0].secret.view(), picture.view(), generated.view(), keys.view()})
        CHECK(secret.size() > 8 && !graveyard::holds(secret));
    std::string kept(setup.secret.view());
    setup = {};
    enrolled.backup_codes.clear();
    CHECK(!graveyard::holds(kept));
}

static void moved_from_handles_are_empty()
{
    auto config = new_config();
    auto moved_config = std::move(config);
    CHECK(!config && moved_config);
    EXPECT(TWINLOCK_E_NULL_POINTER, config.set_int(TWINLOCK_OPT_WINDOW, 1));
    EXPECT(TWINLOCK_E_OPTION_OUT_OF_RANGE, moved_config.set_int(TWINLOCK_OPT_WINDOW, 3));
    EXPECT(TWINLOCK_E_NULL_POINTER, tl::engine::create(std::move(config)));

    auto engine = must(tl::engine::create(std::move(moved_config)));
    CHECK(!moved_config && engine);
    auto moved_engine = std::move(engine);
    CHECK(!engine && moved_engine);
    EXPECT(TWINLOCK_E_NULL_POINTER, engine.key_ids());

    auto pending = must(moved_engine.begin_sign_in("42", {}, {"pwd", NOW}, NOW));
    auto moved_pending = std::move(pending);
    CHECK(!pending && moved_pending);
    EXPECT(TWINLOCK_E_NULL_POINTER, pending.commit(0));
    auto proof = must(moved_pending.commit(0)).proof;
    auto moved_proof = std::move(proof);
    CHECK(!proof && moved_proof);
    EXPECT(TWINLOCK_E_NULL_POINTER, proof.subject());
    EXPECT(TWINLOCK_E_NULL_POINTER, moved_engine.mint(std::move(proof), {}, NOW));
    must(moved_engine.mint(std::move(moved_proof), {}, NOW));
    CHECK(!moved_proof);
    moved_proof = must(must(moved_engine.begin_sign_in("43", {}, {"pwd", NOW}, NOW)).commit(0)).proof;
    CHECK(must(moved_proof.subject()) == "43");
}

static void a_config_survives_what_it_lacks()
{
    auto config = must(tl::config::create());
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_ISSUER, "Acme"));
    EXPECT(TWINLOCK_E_KEY_MISSING, tl::engine::create(std::move(config)));
    CHECK(config);
    EXPECT(TWINLOCK_OK, config.set_text(TWINLOCK_OPT_KEYS, KEY));
    EXPECT(TWINLOCK_OK, config.set_bytes(TWINLOCK_OPT_JWT_KEY, tl::bytes(32, 'k')) );
    EXPECT(TWINLOCK_E_OPTION_UNKNOWN, config.set_int(TWINLOCK_OPT_ISSUER, 1));
    CHECK(must(tl::engine::create(std::move(config))));
}

int main()
{
    auto config = new_config();
    EXPECT(TWINLOCK_OK, config.set_int(TWINLOCK_OPT_TRUSTED_DEVICES, 2));
    auto engine = must(tl::engine::create(std::move(config)));
    the_graveyard_shows_what_was_not_wiped();
    a_secret_moves_and_is_wiped();
    no_copy_of_a_secret_is_left(engine);
    moved_from_handles_are_empty();
    a_config_survives_what_it_lacks();
    return 0;
}
