//! `struct dm_ioctl` and what follows it, as bytes. No pointer is ever cast: all fields are read and written
//! by place, in the machine's byte order.
//!
//! ```text
//!   0 version[3]  12 data_size  16 data_start  20 target_count  24 open_count  28 flags  32 event_nr
//!  40 dev (u64)   48 name[128]  176 uuid[129]  305 padding      312 data: targets, names, message ...
//! ```
//! Source: linux/dm-ioctl.h, version 4.

use std::ops::Range;

/// Length of the fixed part.
pub(crate) const HEADER: usize = 312;
/// Length of `struct dm_target_spec`, before a target's parameters.
pub(crate) const TARGET_SPEC: usize = 40;
/// Bytes for a target's name, NUL included.
pub(crate) const TYPE_NAME: usize = 16;
/// Length of `struct dm_target_msg`, before the message.
pub(crate) const MESSAGE: usize = 8;

pub(crate) const DATA_SIZE: usize = 12;
pub(crate) const DATA_START: usize = 16;
pub(crate) const TARGET_COUNT: usize = 20;
pub(crate) const OPEN_COUNT: usize = 24;
pub(crate) const FLAGS: usize = 28;
pub(crate) const EVENT_NR: usize = 32;
pub(crate) const DEV: usize = 40;
pub(crate) const NAME: Range<usize> = 48..176;
pub(crate) const UUID: Range<usize> = 176..305;

/// Bits of the flags field.
pub(crate) mod flag {
    pub(crate) const READONLY: u32 = 1 << 0;
    pub(crate) const SUSPEND: u32 = 1 << 1;
    pub(crate) const PERSISTENT_DEV: u32 = 1 << 3;
    pub(crate) const STATUS_TABLE: u32 = 1 << 4;
    pub(crate) const ACTIVE_PRESENT: u32 = 1 << 5;
    pub(crate) const INACTIVE_PRESENT: u32 = 1 << 6;
    pub(crate) const BUFFER_FULL: u32 = 1 << 8;
    pub(crate) const SKIP_LOCKFS: u32 = 1 << 10;
    pub(crate) const NOFLUSH: u32 = 1 << 11;
    pub(crate) const QUERY_INACTIVE: u32 = 1 << 12;
    pub(crate) const UEVENT_GENERATED: u32 = 1 << 13;
    pub(crate) const UUID: u32 = 1 << 14;
    pub(crate) const DATA_OUT: u32 = 1 << 16;
    pub(crate) const DEFERRED_REMOVE: u32 = 1 << 17;
    pub(crate) const INTERNAL_SUSPEND: u32 = 1 << 18;
}

/// In a list of names: a uuid follows.
pub(crate) const LISTED_UUID: u32 = 1;
/// In a list of names: the device has no uuid.
pub(crate) const LISTED_NO_UUID: u32 = 2;

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_ne_bytes(field.try_into().ok()?))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_ne_bytes(field.try_into().ok()?))
}

/// The bytes from `at` up to a NUL, which must be there.
pub(crate) fn text_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..)?;
    rest.get(..rest.iter().position(|&byte| byte == 0)?)
}

/// The next multiple of eight.
pub(crate) fn align(at: usize) -> usize {
    at.next_multiple_of(8)
}

pub(crate) fn put_u32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_ne_bytes());
}

pub(crate) fn put_u64(bytes: &mut [u8], at: usize, value: u64) {
    bytes[at..at + 8].copy_from_slice(&value.to_ne_bytes());
}

/// Writes `text` into a field, NULs after it.
pub(crate) fn put_text(bytes: &mut [u8], field: Range<usize>, text: &str) {
    let field = &mut bytes[field];
    field.fill(0);
    field[..text.len()].copy_from_slice(text.as_bytes());
}
