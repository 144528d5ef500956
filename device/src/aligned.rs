//! Memory that direct I/O accepts.

/// A buffer whose bytes start at a multiple of [`Aligned::TO`].
pub(crate) struct Aligned {
    memory: Vec<u8>,
    start: usize,
    len: usize,
}

impl Aligned {
    /// No device asks for more than its logical block, and none has blocks larger than a page here.
    pub(crate) const TO: usize = 4096;

    /// `len` zeros.
    pub(crate) fn zeroed(len: usize) -> Self {
        let memory = vec![0u8; len + Self::TO - 1];
        let start = memory.as_ptr().align_offset(Self::TO);
        Self { memory, start, len }
    }

    /// Whether a caller's memory needs no bounce buffer.
    pub(crate) fn is(bytes: &[u8]) -> bool {
        bytes.as_ptr().align_offset(Self::TO) == 0
    }
}

impl std::ops::Deref for Aligned {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory[self.start..self.start + self.len]
    }
}

impl std::ops::DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.memory[self.start..self.start + self.len]
    }
}
