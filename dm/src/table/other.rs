//! Any target without a type of its own.

/// A target known by name only: its parameters word for word, as the kernel takes and gives them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Other {
    /// The target's name in tables.
    pub name: String,
    /// All that follows it.
    pub params: String,
}
