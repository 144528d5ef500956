//! Formats that no fixed place tells. Each gives the place and length of its mark.

use super::view::View;
use crate::md::{place_0_90, place_1_0};
use units::{Bytes, Crc};

type Found = Option<(u64, u64)>;

/// md superblocks: 0.90 and 1.x, in the order in which they are looked for.
pub(super) fn md(view: &mut View<'_>) -> Found {
    const MAGIC: u32 = 0xa92b_4efc;
    let len = Bytes::new(view.len());
    if let Some(at) = place_0_90(len).map(Bytes::get)
        && view.le32(at).is_some_and(|magic| magic == MAGIC || magic.swap_bytes() == MAGIC)
    {
        return Some((at, 4));
    }
    let places = [place_1_0(len).map(Bytes::get), Some(0), Some(4096)];
    places.into_iter().flatten().find_map(|at| {
        let sound = view.le32(at) == Some(MAGIC) && view.le32(at + 4) == Some(1);
        (sound && view.le64(at + 144) == Some(at / 512)).then_some((at, 4))
    })
}

pub(super) fn ddf(view: &mut View<'_>) -> Found {
    [1, 257].into_iter().find_map(|back| {
        let at = sectors_before_end(view, back)?;
        let primary = (view.be32(at) == Some(0xde11_de11)).then(|| view.le64(at + 96))??.swap_bytes();
        let agrees =
            primary == 0 || primary.checked_mul(512).is_some_and(|at| view.be32(at) == Some(0xde11_de11));
        agrees.then_some((at, 4))
    })
}

pub(super) fn isw(view: &mut View<'_>) -> Found {
    let block = view.block();
    let at = (view.len() / block).checked_sub(2)? * block;
    view.has(at, b"Intel Raid ISM Cfg Sig. ").then_some((at, 32))
}

pub(super) fn lsi(view: &mut View<'_>) -> Found {
    let at = sectors_before_end(view, 1)?;
    view.has(at, b"$XIDE$").then_some((at, 6))
}

pub(super) fn nvidia(view: &mut View<'_>) -> Found {
    let at = sectors_before_end(view, 2)?;
    let sized = view.le32(at + 8) == Some(30);
    (sized && view.has(at, b"NVIDIA")).then_some((at, 8))
}

pub(super) fn promise(view: &mut View<'_>) -> Found {
    [63, 255, 256, 16, 399, 591, 675, 735, 911, 974, 991, 951, 3087].into_iter().find_map(|back| {
        let at = sectors_before_end(view, back)?;
        view.has(at, b"Promise Technology, Inc.").then_some((at, 24))
    })
}

fn sectors_before_end(view: &View<'_>, back: u64) -> Option<u64> {
    Some((view.len() / 512).checked_sub(back)? * 512)
}

pub(super) fn drbd(view: &mut View<'_>) -> Found {
    let at = view.len().checked_sub(4096)? / 1024 * 1024 + 60;
    let magics = [b"\x83\x74\x02\x6b", b"\x83\x74\x02\x6c", b"\x83\x74\x02\x6d"];
    magics.into_iter().any(|magic| view.has(at, magic)).then_some((at, 4))
}

/// LUKS: the first header, or the second of LUKS2 where it names its own place.
pub(super) fn luks(view: &mut View<'_>) -> Found {
    if view.has(0, b"LUKS\xba\xbe") {
        return Some((0, 6));
    }
    (14..=22).map(|shift| 1u64 << shift).find_map(|at| {
        let second = view.has(at, b"SKUL\xba\xbe");
        (second && view.le64(at + 256).map(u64::swap_bytes) == Some(at)).then_some((at, 6))
    })
}

/// An XFS log of its own: a record header at one of the first sectors.
pub(super) fn xfs_log(view: &mut View<'_>) -> Found {
    (0..256).map(|sector| sector * 512).take_while(|at| *at < 64 * 1024).find_map(|at| {
        let version = view.be32(at + 8).is_some_and(|version| matches!(version, 1 | 2));
        let format = view.be32(at + 300).is_some_and(|format| (1..=3).contains(&format));
        (view.has(at, b"\xfe\xed\xba\xbe") && version && format).then_some((at, 4))
    })
}

/// ZFS: an XDR-encoded name-value list in one of the four labels, two at each end.
pub(super) fn zfs(view: &mut View<'_>) -> Found {
    const LABEL: u64 = 256 * 1024;
    let end = view.len() / LABEL * LABEL;
    [0, LABEL, end - 2 * LABEL, end - LABEL].into_iter().find_map(|label| {
        let at = label + 16 * 1024;
        let head = view.get(at, 16)?;
        let encoded = head[0] == 1 && head[1] <= 1 && head[12..16] != [0; 4];
        let list = view.get(at, 16 * 1024)?;
        let named = list.windows(9).any(|window| window == b"pool_guid");
        (encoded && named).then_some((at, 16))
    })
}

pub(super) fn ufs(view: &mut View<'_>) -> Found {
    const MAGICS: [u32; 6] = [0x1954_0119, 0x0001_1954, 0x0019_5612, 0x0009_5014, 0x0061_2195, 0x0523_1994];
    [0, 8, 64, 256].into_iter().find_map(|kib| {
        let at = kib * 1024 + 1372;
        let magic = view.le32(at)?;
        MAGICS.iter().any(|known| magic == *known || magic.swap_bytes() == *known).then_some((at, 4))
    })
}

/// NILFS2: a superblock at 1 KiB, and one in the last 4 KiB, each with a checksum.
pub(super) fn nilfs2(view: &mut View<'_>) -> Found {
    let last = (view.len() / 512).checked_sub(8)? / 8 * 8 * 512;
    [1024, last].into_iter().find_map(|at| {
        let bytes = usize::from(view.le16(at + 8)?);
        if view.le16(at + 6) != Some(0x3434) || !(20..=1024).contains(&bytes) {
            return None;
        }
        let (seed, sum) = (view.le32(at + 12)?, view.le32(at + 16)?);
        let mut summed = view.get(at, bytes)?;
        summed[16..20].fill(0);
        let mut crc = Crc::resume(seed);
        crc.update(&summed);
        (crc.finish() == sum).then_some((at + 6, 2))
    })
}

/// GPT: behind a protective entry, the first header or the one at the end.
pub(super) fn gpt(view: &mut View<'_>) -> Found {
    let sector = view.get(0, 512)?;
    let protects = sector[446..510].chunks_exact(16).any(|entry| entry[4] == 0xee);
    if sector[510..] != *b"\x55\xaa" || !protects {
        return None;
    }
    let block = view.block();
    let last = (view.len() / block).checked_sub(1)?;
    [1, last].into_iter().find_map(|at| is_gpt_header(view, at, block).then_some((at * block, 8)))
}

fn is_gpt_header(view: &mut View<'_>, at: u64, block: u64) -> bool {
    let sound = |view: &mut View<'_>| {
        let start = at.checked_mul(block)?;
        let len = usize::try_from(view.le32(start + 12)?).ok()?;
        let fits = view.has(start, b"EFI PART") && (92..=4096).contains(&len) && len as u64 <= block;
        let mut header = if fits { view.get(start, len)? } else { return None };
        header[16..20].fill(0);
        let mut crc = Crc::resume(u32::MAX);
        crc.update(&header);
        Some(view.le32(start + 16)? == !crc.finish() && view.le64(start + 24)? == at)
    };
    sound(view).unwrap_or(false)
}
