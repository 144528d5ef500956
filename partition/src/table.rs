//! What a partition table says, whichever kind it is.

use units::Sectors;
use uuid::Uuid;

/// The kinds of partition tables that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// A GUID partition table.
    Gpt,
    /// A DOS master boot record, with logical partitions chained from an extended one.
    Dos,
    /// A BSD disklabel over the whole disk.
    Bsd,
    /// A Solaris label for x86 over the whole disk.
    Solaris,
    /// A UnixWare label over the whole disk.
    Unixware,
    /// A label of an IBM direct access storage device.
    Dasd,
    /// An Apple partition map.
    Mac,
    /// A Sun label.
    Sun,
    /// A Sony PlayStation 3 disk.
    Ps3,
    /// An SGI volume header.
    Sgi,
    /// An Atari root sector.
    Atari,
    /// Android's dynamic partitions.
    Super,
}

impl Scheme {
    /// One word for it, which is kpartx's where kpartx has one.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gpt => "gpt",
            Self::Dos => "dos",
            Self::Bsd => "bsd",
            Self::Solaris => "solaris",
            Self::Unixware => "unixware",
            Self::Dasd => "dasd",
            Self::Mac => "mac",
            Self::Sun => "sun",
            Self::Ps3 => "ps3",
            Self::Sgi => "sgi",
            Self::Atari => "atari",
            Self::Super => "super",
        }
    }
}

/// What a partition is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The table does not say.
    Unknown,
    /// The type byte of a DOS partition.
    Dos(u8),
    /// The type GUID of a GPT partition.
    Gpt(Uuid),
    /// The type byte of a BSD slice.
    Bsd(u8),
    /// The tag of a Sun, Solaris or UnixWare slice.
    Vtoc(u16),
    /// The type of an SGI partition.
    Sgi(u32),
    /// A word: Apple's and Atari's types, Android's groups.
    Word(String),
}

/// A stretch of a partition that is not simply one stretch of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// How long it is.
    pub size: Sectors,
    /// Where on the disk it lies; none: it reads as zeros.
    pub start: Option<Sectors>,
}

/// One partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its number as the kernel counts: slots from 1, logical DOS partitions and slices within partitions from 5.
    pub number: u32,
    /// Where it starts on the disk.
    pub start: Sectors,
    /// How long it is.
    pub size: Sectors,
    /// What it is for.
    pub purpose: Purpose,
    /// Its own GUID, in a GPT.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: Option<String>,
    /// What the table says of its use, a word each.
    pub flags: Vec<&'static str>,
    /// The number of the partition that it lies in.
    pub inside: Option<u32>,
    /// Whether it is but the frame of logical partitions.
    pub is_extended: bool,
    /// Whether nothing may be written to it. What other tables say in `flags` is for who mounts it.
    pub read_only: bool,
    /// What it is made of, where that is more than the one stretch that `start` and `size` tell.
    pub pieces: Vec<Piece>,
}

impl Partition {
    /// A partition of which no more is known.
    pub(crate) fn new(number: u32, start: u64, size: u64, purpose: Purpose) -> Self {
        Self {
            number,
            start: Sectors::new(start),
            size: Sectors::new(size),
            purpose,
            id: None,
            name: None,
            flags: Vec::new(),
            inside: None,
            is_extended: false,
            read_only: false,
            pieces: Vec::new(),
        }
    }

    /// The same at another place on the disk: what it was read from starts there.
    pub(crate) fn moved_by(mut self, by: Sectors) -> Self {
        for start in self.pieces.iter_mut().filter_map(|piece| piece.start.as_mut()).chain([&mut self.start])
        {
            *start = Sectors::new(start.get().saturating_add(by.get()));
        }
        self
    }

    /// What it is on the disk that `outer` is a partition of, being a partition of `outer`.
    #[must_use]
    pub fn inside(&self, outer: &Self) -> Self {
        let pieces: Vec<Piece> = self.stretches().into_iter().flat_map(|piece| outer.below(piece)).collect();
        let start = pieces.iter().find_map(|piece| piece.start).unwrap_or(self.start);
        let pieces =
            if matches!(pieces.as_slice(), [Piece { start: Some(_), .. }]) { Vec::new() } else { pieces };
        Self { start, pieces, read_only: self.read_only || outer.read_only, ..self.clone() }
    }

    /// What is below a stretch of it.
    fn below(&self, piece: Piece) -> Vec<Piece> {
        let Some(from) = piece.start else { return vec![piece] };
        let (from, to) = (from.get(), from.get().saturating_add(piece.size.get()));
        let (mut at, mut found) = (0u64, Vec::new());
        for own in self.stretches() {
            let (first, last) = (from.max(at), to.min(at.saturating_add(own.size.get())));
            if first < last {
                let start = own.start.map(|start| Sectors::new(start.get() + (first - at)));
                found.push(Piece { size: Sectors::new(last - first), start });
            }
            at = at.saturating_add(own.size.get());
        }
        found
    }

    /// The first sector behind it; none where that is past all numbers.
    pub fn end(&self) -> Option<Sectors> {
        self.start.checked_add(self.size)
    }

    /// Whether any of it is on the disk: it is not all zeros.
    pub fn is_on_disk(&self) -> bool {
        self.pieces.is_empty() || self.pieces.iter().any(|piece| piece.start.is_some())
    }

    /// The stretches it is made of, in order.
    pub fn stretches(&self) -> Vec<Piece> {
        match self.pieces.is_empty() {
            true => vec![Piece { size: self.size, start: Some(self.start) }],
            false => self.pieces.clone(),
        }
    }
}

/// A partition table that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Which kind.
    pub scheme: Scheme,
    /// Bytes in one block of the table's own arithmetic.
    pub block: u32,
    /// Whether it was read from the copy at the end of the disk because the first one is damaged.
    pub from_backup: bool,
    /// What the disk is called: a GPT's GUID, a DOS signature in hexadecimal digits, a volume's name.
    pub disk_id: Option<String>,
    /// Its partitions, by number. A table may have none.
    pub partitions: Vec<Partition>,
}

impl Table {
    /// A table read from its first copy.
    pub(crate) fn new(scheme: Scheme, block: u32, partitions: Vec<Partition>) -> Self {
        Self { scheme, block, from_backup: false, disk_id: None, partitions }
    }

    /// What the kernel and udev call PARTUUID; none in tables that have no such thing.
    pub fn partuuid(&self, partition: &Partition) -> Option<String> {
        match self.scheme {
            Scheme::Gpt => partition.id.map(|id| id.to_string()),
            Scheme::Dos => self.disk_id.as_ref().map(|id| format!("{id}-{:02x}", partition.number)),
            Scheme::Bsd | Scheme::Solaris | Scheme::Unixware | Scheme::Dasd | Scheme::Mac => None,
            Scheme::Sun | Scheme::Ps3 | Scheme::Sgi | Scheme::Atari | Scheme::Super => None,
        }
    }

    /// The partition of that number.
    pub fn partition(&self, number: u32) -> Option<&Partition> {
        self.partitions.iter().find(|partition| partition.number == number)
    }
}
