//! The statuses rlvm ends with.

/// An exit status. Statuses compare by how bad they are, so the worse of two is their `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exit(u8);

impl Exit {
    /// All went well.
    pub const OK: Self = Self(0);
    /// Something went wrong, in commands with kpartx's statuses.
    pub const ONE: Self = Self(1);
    /// No command of that name.
    pub const NO_COMMAND: Self = Self(2);
    /// The command line makes no sense.
    pub const INVALID: Self = Self(3);
    /// The program could not start its work (settings, file descriptors).
    pub const INIT: Self = Self(4);
    /// The work failed, in whole or in part.
    pub const FAILED: Self = Self(5);
    /// Nobody reads standard output any more: the status a shell shows for SIGPIPE.
    pub const PIPE: Self = Self(141);

    /// The number the process ends with.
    pub const fn code(self) -> u8 {
        self.0
    }

    /// Whether it is [`Exit::OK`].
    pub const fn is_ok(self) -> bool {
        self.0 == 0
    }

    /// The worse of the two: for commands that go on with the next object after an error.
    pub fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}
