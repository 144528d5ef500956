//! Numbers out of foreign bytes; what lies outside reads as nothing.

macro_rules! readers {
    ($($name:ident $kind:ty, $from:ident, $len:literal;)*) => {
        $(pub(crate) fn $name(bytes: &[u8], at: usize) -> Option<$kind> {
            Some(<$kind>::$from(bytes.get(at..at.checked_add($len)?)?.try_into().ok()?))
        })*
    };
}

readers! {
    u16_at u16, from_le_bytes, 2;
    u32_at u32, from_le_bytes, 4;
    u64_at u64, from_le_bytes, 8;
    be16_at u16, from_be_bytes, 2;
    be32_at u32, from_be_bytes, 4;
    be64_at u64, from_be_bytes, 8;
}

/// The text in a field that ends at its first NUL, trailing blanks left out; none where it is empty.
pub(crate) fn text_at(bytes: &[u8], at: usize, len: usize) -> Option<String> {
    let field = bytes.get(at..at.checked_add(len)?)?;
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(len);
    let text = String::from_utf8_lossy(&field[..end]);
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}
