//! Gives the shared library the name under which programs look for it, with the version of its interface.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // The number is TWINLOCK_ABI_VERSION.
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libtwinlock.so.0");
    }
}
