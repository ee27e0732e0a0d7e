"""The calls beyond enrollment and sign-in, awaited."""

import asyncio

from twinlock import AsyncSecondFactor, Engine, KeyRing, Policy, totp
from twinlock.stores import AsyncMemoryStore


def test_devices_step_up_sessions_and_keys(engine, keys, start):
    async def way():
        auth = AsyncSecondFactor(engine, AsyncMemoryStore())
        setup = await auth.begin_enrollment("42", account="a", now=start - 60)
        phone = setup.secret
        enrolled = await auth.confirm_enrollment("42", totp.generate(phone, now=start - 60), now=start - 60)
        setup = await auth.add_device("42", account="a", otp=totp.generate(phone, now=start), now=start)
        await auth.confirm_enrollment("42", totp.generate(setup.secret, now=start), now=start)
        await auth.rename_device("42", setup.device_id, "tablet", now=start)
        later, code = start + 30, totp.generate(phone, now=start + 30)
        proof = await auth.step_up("42", purpose="remove_device", otp=code, now=later)
        stepped = engine.mint_access(proof, now=later).access
        removed = await auth.remove_device("42", setup.device_id, step_up=stepped, now=later)
        assert removed == "one"
        login = await auth.begin_sign_in("42", now=later)
        proof = await auth.finish_sign_in(login.challenge, backup=enrolled.backup_codes[0], now=later)
        tokens, family = engine.begin_session(proof, now=later)
        rotation = await auth.rotate(tokens.refresh, family, now=later)
        assert rotation.commit(True).refresh != tokens.refresh
        new = Engine(KeyRing.parse(f"{KeyRing.generate().to_text()},{keys}"), Policy("Acme"))
        rotated = AsyncSecondFactor(new, auth.store)
        assert [await rotated.reseal("42"), await rotated.reseal("42")] == [True, False]

    asyncio.run(way())
