//! The shim: a VFS that passes every call on to the system's own, and tells the tap of the folder about it.
//!
//! The only unsafe code of this crate, and none of it ships: SQLite knows a VFS as a table of C functions, and there
//! is no other way to stand between it and the disk.
#![expect(
    unsafe_code,
    reason = "a VFS is a table of C functions, called with pointers that SQLite owns"
)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::path::Path;
use std::ptr;
use std::sync::{Arc, OnceLock};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods, sqlite3_vfs};

use super::tap::{Call, Fate, Name, Op, Tap, find};

const NAME: &CStr = c"hookloom-tapped";

/// A file as SQLite holds it. The file of the system's VFS lies right behind it, in the same allocation.
#[repr(C)]
struct TappedFile {
    /// First, because SQLite sees this as a `sqlite3_file`.
    methods: *const sqlite3_io_methods,
    /// From `Box::into_raw`, given back in `close`.
    watched: *mut Watched,
}

/// None for a file that no test watches.
struct Watched(Option<(Arc<Tap>, Name)>);

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Without memory-mapped reads: a tap would not see them.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The VFS for a database file, if a test watches its folder.
pub(crate) fn name_for(path: &Path) -> Option<&'static CStr> {
    find(path.to_str()?)?;
    static REGISTERED: OnceLock<()> = OnceLock::new();
    REGISTERED.get_or_init(register);
    Some(NAME)
}

fn register() {
    // SAFETY: the default VFS lives as long as the process, and its table may be copied. The copy is leaked, because
    // SQLite keeps the pointer; only the entries replaced here look at `pAppData`.
    unsafe {
        let inner = ffi::sqlite3_vfs_find(ptr::null());
        assert!(!inner.is_null(), "SQLite has a VFS of its own");
        let mut vfs: sqlite3_vfs = *inner;
        vfs.szOsFile += c_int::try_from(size_of::<TappedFile>()).expect("two pointers");
        vfs.zName = NAME.as_ptr();
        vfs.pNext = ptr::null_mut();
        vfs.pAppData = inner.cast();
        vfs.xOpen = Some(open);
        vfs.xDelete = Some(delete);
        vfs.xAccess = Some(access);
        vfs.xFullPathname = Some(full_pathname);
        let vfs = Box::leak(Box::new(vfs));
        let registered = ffi::sqlite3_vfs_register(vfs, 0);
        assert_eq!(registered, ffi::SQLITE_OK, "a VFS can be registered");
    }
}

/// The system's own VFS.
///
/// # Safety
/// `vfs` is the one that `register` made.
unsafe fn inner_vfs(vfs: *mut sqlite3_vfs) -> *mut sqlite3_vfs {
    // SAFETY: see above.
    unsafe { (*vfs).pAppData.cast() }
}

/// The file of the system's VFS behind ours.
fn inner(file: *mut sqlite3_file) -> *mut sqlite3_file {
    file.cast::<TappedFile>().wrapping_add(1).cast()
}

/// Calls the same entry of the system's table with the file behind ours.
macro_rules! pass_on {
    ($file:expr, $entry:ident $(, $argument:expr)*) => {{
        let inner = inner($file);
        // SAFETY: `open` filled the inner file, and every entry but the last two is there in a table of version 2.
        unsafe {
            let entry = (*(*inner).pMethods).$entry.expect("the system's VFS has it");
            entry(inner $(, $argument)*)
        }
    }};
}

fn watched<'a>(file: *mut sqlite3_file) -> Option<&'a (Arc<Tap>, Name)> {
    // SAFETY: `open` set the pointer, and `close` is the last call with this file.
    unsafe { (*(*file.cast::<TappedFile>()).watched).0.as_ref() }
}

fn fate(file: *mut sqlite3_file, call: Call) -> Fate {
    watched(file).map_or(Fate::Fine, |(tap, _)| tap.fate(call))
}

fn record(file: *mut sqlite3_file, op: impl FnOnce(Name) -> Op) {
    if let Some((tap, name)) = watched(file) {
        tap.record(op(*name));
    }
}

/// The watch over a path as SQLite gives it; none for a temporary file, which has no name.
fn watch_of(path: *const c_char) -> Option<(Arc<Tap>, Name)> {
    if path.is_null() {
        return None;
    }
    // SAFETY: SQLite ends its names with a zero.
    find(unsafe { CStr::from_ptr(path) }.to_str().ok()?)
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    path: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let watched = watch_of(path);
    // SAFETY: SQLite gives a file of `szOsFile` bytes, of which ours are the first. Without methods it is not closed.
    unsafe {
        (*file.cast::<TappedFile>()).methods = ptr::null();
        let fate = watched
            .as_ref()
            .map_or(Fate::Fine, |(tap, _)| tap.fate(Call::Open));
        if let Fate::Fails(code) | Fate::Half(code) = fate {
            return code;
        }
        let was_there = !path.is_null()
            && CStr::from_ptr(path)
                .to_str()
                .is_ok_and(|path| Path::new(path).exists());
        let inner_vfs = inner_vfs(vfs);
        let open = (*inner_vfs).xOpen.expect("every VFS opens");
        let code = open(inner_vfs, path, inner(file), flags, flags_out);
        if code != ffi::SQLITE_OK {
            return code;
        }
        if let Some((tap, name)) = &watched
            && !was_there
        {
            tap.record(Op::Created { name: *name });
        }
        let tapped = file.cast::<TappedFile>();
        (*tapped).watched = Box::into_raw(Box::new(Watched(watched)));
        (*tapped).methods = &raw const METHODS;
        code
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, path: *const c_char, sync: c_int) -> c_int {
    let watched = watch_of(path);
    if let Some((tap, _)) = &watched
        && let Fate::Fails(code) | Fate::Half(code) = tap.fate(Call::Delete)
    {
        return code;
    }
    // SAFETY: passed on as it came.
    let code = unsafe {
        let inner = inner_vfs(vfs);
        (*inner).xDelete.expect("every VFS deletes")(inner, path, sync)
    };
    if let Some((tap, name)) = watched
        && code == ffi::SQLITE_OK
    {
        let is_synced = sync != 0;
        tap.record(Op::Deleted { name, is_synced });
    }
    code
}

unsafe extern "C" fn access(
    vfs: *mut sqlite3_vfs,
    path: *const c_char,
    flags: c_int,
    result: *mut c_int,
) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let inner = inner_vfs(vfs);
        (*inner).xAccess.expect("every VFS has it")(inner, path, flags, result)
    }
}

unsafe extern "C" fn full_pathname(
    vfs: *mut sqlite3_vfs,
    path: *const c_char,
    bytes: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        let inner = inner_vfs(vfs);
        (*inner).xFullPathname.expect("every VFS has it")(inner, path, bytes, out)
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let code = pass_on!(file, xClose);
    // SAFETY: the box was made by `open`, and SQLite does not use the file again.
    drop(unsafe { Box::from_raw((*file.cast::<TappedFile>()).watched) });
    code
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    bytes: c_int,
    at: i64,
) -> c_int {
    match fate(file, Call::Read) {
        Fate::Fine | Fate::Forgotten => pass_on!(file, xRead, into, bytes, at),
        Fate::Fails(code) | Fate::Half(code) => code,
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    bytes: c_int,
    at: i64,
) -> c_int {
    let (bytes, failure) = match fate(file, Call::Write) {
        Fate::Fine => (bytes, None),
        Fate::Half(code) => (bytes / 2, Some(code)),
        Fate::Fails(code) => return code,
        Fate::Forgotten => return ffi::SQLITE_OK,
    };
    let code = pass_on!(file, xWrite, from, bytes, at);
    if code == ffi::SQLITE_OK {
        let count = usize::try_from(bytes).expect("a size");
        // SAFETY: SQLite gives at least so many bytes.
        let written: &[u8] = unsafe { std::slice::from_raw_parts(from.cast(), count) };
        record(file, |name| Op::Written {
            name,
            at: usize::try_from(at).expect("a place"),
            bytes: written.into(),
        });
    }
    failure.unwrap_or(code)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, bytes: i64) -> c_int {
    if let Fate::Fails(code) | Fate::Half(code) = fate(file, Call::Truncate) {
        return code;
    }
    let code = pass_on!(file, xTruncate, bytes);
    if code == ffi::SQLITE_OK {
        let bytes = usize::try_from(bytes).expect("a size");
        record(file, |name| Op::Truncated { name, bytes });
    }
    code
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    if let Fate::Fails(code) | Fate::Half(code) = fate(file, Call::Sync) {
        return code;
    }
    let code = pass_on!(file, xSync, flags);
    if code == ffi::SQLITE_OK {
        record(file, |name| Op::Synced { name });
    }
    code
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    pass_on!(file, xFileSize, size)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass_on!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    pass_on!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, result: *mut c_int) -> c_int {
    pass_on!(file, xCheckReservedLock, result)
}

unsafe extern "C" fn file_control(
    file: *mut sqlite3_file,
    op: c_int,
    argument: *mut c_void,
) -> c_int {
    pass_on!(file, xFileControl, op, argument)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    pass_on!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    pass_on!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    bytes: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    if let Fate::Fails(code) | Fate::Half(code) = fate(file, Call::MapIndex) {
        // SAFETY: SQLite looks at it also after a failure.
        unsafe { *out = ptr::null_mut() };
        return code;
    }
    pass_on!(file, xShmMap, region, bytes, extend, out)
}

unsafe extern "C" fn shm_lock(
    file: *mut sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    pass_on!(file, xShmLock, offset, count, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    pass_on!(file, xShmBarrier)
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    pass_on!(file, xShmUnmap, delete)
}
