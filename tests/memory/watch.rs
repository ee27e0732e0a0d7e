//! An allocator that searches every block for secrets when it is freed, and counts what is allocated.
//!
//! It watches the thread that asked for it. A block that grows is always moved and its old place searched, so
//! what an outgrown buffer leaves behind is found as well.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Mutex;

/// So many bytes of a secret in a row are a find: fewer would turn up by chance, and half a secret is one, too.
const PIECE: usize = 8;

/// The pieces of the secrets that must not be found, each with the secret's name.
pub struct Pieces {
    names: HashMap<[u8; PIECE], &'static str>,
    /// A bit for each hash of a piece, so that most places cost one look.
    filter: Vec<bool>,
}

impl Pieces {
    pub fn new(secrets: &[(&'static str, Vec<u8>)]) -> Self {
        let mut pieces = Self { names: HashMap::new(), filter: vec![false; 1 << 16] };
        for (name, secret) in secrets {
            assert!(secret.len() >= PIECE, "{name} is too short to be told from chance");
            for piece in secret.windows(PIECE) {
                let piece = <[u8; PIECE]>::try_from(piece).unwrap();
                pieces.filter[slot(&piece)] = true;
                pieces.names.insert(piece, name);
            }
        }
        pieces
    }

    fn find(&self, block: &[u8]) -> Option<&'static str> {
        let mut pieces = block.windows(PIECE).filter_map(|piece| <[u8; PIECE]>::try_from(piece).ok());
        pieces
            .find_map(|piece| if self.filter[slot(&piece)] { self.names.get(&piece).copied() } else { None })
    }
}

fn slot(piece: &[u8; PIECE]) -> usize {
    let hash = u64::from_le_bytes(*piece).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(hash >> 48).unwrap()
}

/// A secret in a freed block, and who freed it.
pub struct Find {
    pub secret: &'static str,
    pub block: usize,
    pub trace: String,
}

struct Watch {
    pieces: Pieces,
    finds: Mutex<Vec<Find>>,
}

thread_local! {
    // Without destructors, because the allocator is called until a thread's last moment.
    static WATCH: Cell<Option<&'static Watch>> = const { Cell::new(None) };
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Runs something with the watch on, and returns what was found.
pub fn finds_in(pieces: Pieces, work: impl FnOnce()) -> Vec<Find> {
    // Never freed, so it cannot be found itself.
    let watch: &'static Watch = Box::leak(Box::new(Watch { pieces, finds: Mutex::default() }));
    WATCH.set(Some(watch));
    work();
    WATCH.set(None);
    std::mem::take(&mut *watch.finds.lock().unwrap())
}

/// Runs something and returns how often this thread allocated.
pub fn allocations_in<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = ALLOCATIONS.get();
    let result = work();
    (result, ALLOCATIONS.get() - before)
}

pub struct Watching;

// SAFETY: memory comes from the system's allocator and goes back to it with the same layout. `realloc` is the
// trait's own, which allocates, copies and frees through the methods here.
unsafe impl GlobalAlloc for Watching {
    /// All memory is zeroed, so that a block can be read to its end and holds nothing of an earlier owner.
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // Taken out, so that noting a find, which allocates and frees, is not watched.
        if let Some(watch) = WATCH.try_with(Cell::take).ok().flatten() {
            // SAFETY: the block is the caller's until it is freed below, and was zeroed when it was allocated.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            if let Some(secret) = watch.pieces.find(bytes) {
                let trace = Backtrace::force_capture().to_string();
                watch.finds.lock().unwrap().push(Find { secret, block: layout.size(), trace });
            }
            WATCH.set(Some(watch));
        }
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}
