#!/bin/sh
# Installs the C library, or takes it away again: headers, libraries, files for pkg-config and CMake.
#
#     scripts/install.sh install|uninstall
#
# PREFIX     where programs will find it; default /usr/local
# DESTDIR    a folder in front of PREFIX, for those who make packages
# LIBDIR     the folder of the libraries below PREFIX; default lib
# LIBRARIES  where cargo put them; default target/release
set -eu
umask 022
cd "$(dirname "$0")/.."

die() {
    echo "error: $1" >&2
    exit 1
}

number() { sed -n "s/^#define $1 \"*\([0-9.]*\)\"*\$/\1/p" include/twinlock.h; }

check_settings() {
    case $prefix/ in /*) ;; *) die "PREFIX must be an absolute path, not '$prefix'" ;; esac
    case $destdir/ in /*) ;; *) die "DESTDIR must be an absolute path, not '$destdir'" ;; esac
    case $libdir in /*) die "LIBDIR must be below PREFIX, $prefix, not '$libdir'" ;; esac
    # What pkg-config, CMake and sed read as something else than a part of a name.
    case $prefix$libdir in
    *[[:space:]\"\'\$\&\|\\\;\#%]*) die "PREFIX and LIBDIR must be free of white space and of the signs \"'\$&|\\;#%" ;;
    esac
}

# Every file that is installed, by its name below the prefix.
names() {
    find include -type f -name '*.h*' | sort
    echo "$libdir/libtwinlock.a"
    # Elsewhere the library has no name with a version in it, and programs get the archive.
    if [ "$(uname -s)" = Linux ]; then
        echo "$libdir/libtwinlock.so.$version"
        echo "$libdir/libtwinlock.so.$abi"
        echo "$libdir/libtwinlock.so"
    fi
    echo "$libdir/pkgconfig/twinlock.pc"
    echo "$libdir/cmake/twinlock/twinlock-config.cmake"
    echo "$libdir/cmake/twinlock/twinlock-config-version.cmake"
}

# Writes one of them. A library that programs run from is replaced and never overwritten.
put() {
    case $1 in
    include/*) install -m 644 "$1" "$root/$1" ;;
    *.a) install -m 644 "$libraries/libtwinlock.a" "$root/$1" ;;
    *.so."$version") install -m 755 "$libraries/libtwinlock.so" "$root/$1" ;;
    *.so*) ln -sfn "libtwinlock.so.$version" "$root/$1" ;;
    *.pc) fill bindings/c/twinlock.pc.in "$root/$1" ;;
    *.cmake) fill "bindings/cpp/${1##*/}.in" "$root/$1" ;;
    esac
}

fill() {
    up=$(echo "$libdir" | sed 's:[^/][^/]*:..:g')
    sed -e "s|@prefix@|$prefix|g" -e "s|@libdir@|$libdir|g" -e "s|@up@|$up|g" -e "s|@archive@|libtwinlock.a|g" \
        -e "s|@version@|$version|g" -e "s|@abi@|$abi|g" "$1" >"$2"
    chmod 644 "$2"
}

# Before the first file is written, so that nothing is left half installed.
check_folders() {
    names | sed 's:/[^/]*$::' | sort -u | while IFS= read -r folder; do
        mkdir -p "$root/$folder" && [ -w "$root/$folder" ] ||
            die "cannot write to $root/$folder: choose another PREFIX or be a user who may"
    done
}

# The loader finds libraries in its own folders by a cache, and in no others.
tell_loader() {
    [ -z "$destdir" ] && command -v ldconfig >/dev/null 2>&1 || return 0
    if ldconfig -N -X -v 2>/dev/null | grep -q "^$prefix/$libdir:"; then
        [ "$(id -u)" != 0 ] || ldconfig
    elif [ "$1" = install ]; then
        echo "The loader does not look into $prefix/$libdir: set LD_LIBRARY_PATH, link with -Wl,-rpath,$prefix/$libdir or statically."
    fi
}

install_all() {
    [ -f "$libraries/libtwinlock.a" ] || die "no libtwinlock.a in $libraries: run 'make library' first"
    check_folders
    names | while IFS= read -r name; do put "$name"; done
    echo "Installed Twinlock $version into $root"
}

uninstall_all() {
    names | while IFS= read -r name; do rm -f "$root/$name" || die "cannot remove $root/$name"; done
    for folder in include/twinlock "$libdir/cmake/twinlock" "$libdir/cmake" "$libdir/pkgconfig"; do
        rmdir "$root/$folder" 2>/dev/null || true
    done
    echo "Removed Twinlock $version from $root"
}

prefix=${PREFIX:-/usr/local}
prefix=${prefix%/}
destdir=${DESTDIR-}
destdir=${destdir%/}
libdir=${LIBDIR:-lib}
libdir=${libdir#"$prefix/"}
libraries=${LIBRARIES:-target/release}
root=$destdir$prefix
version=$(number TWINLOCK_VERSION)
abi=$(number TWINLOCK_ABI_VERSION)

check_settings
case ${1:-} in
install) install_all ;;
uninstall) uninstall_all ;;
*) die "usage: $0 install|uninstall" ;;
esac
tell_loader "$1"
