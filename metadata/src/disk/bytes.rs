//! Little-endian numbers at places in a buffer; a place outside it is `None`.

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}

/// Writes at `at`; false where it does not fit.
pub(super) fn put(bytes: &mut [u8], at: usize, value: &[u8]) -> bool {
    let Some(place) = at.checked_add(value.len()).and_then(|end| bytes.get_mut(at..end)) else {
        return false;
    };
    place.copy_from_slice(value);
    true
}
