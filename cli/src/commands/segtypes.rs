//! `segtypes`: the segment types that are known.

use crate::exit::Exit;
use crate::parsed::Parsed;
use crate::session::Session;
use crate::world::World;
use metadata::model::SegmentType;

/// As LVM2 lists them, for programs look into the list for what they may ask for.
const ORDER: [SegmentType; 35] = {
    use SegmentType as S;
    [
        S::Striped,
        S::Linear,
        S::Zero,
        S::Error,
        S::Snapshot,
        S::Mirror,
        S::Raid0,
        S::Raid0Meta,
        S::Raid1,
        S::Raid10,
        S::Raid10Near,
        S::Raid4,
        S::Raid5,
        S::Raid5N,
        S::Raid5La,
        S::Raid5Ls,
        S::Raid5Ra,
        S::Raid5Rs,
        S::Raid6,
        S::Raid6N6,
        S::Raid6Nc,
        S::Raid6Nr,
        S::Raid6Zr,
        S::Raid6Ls6,
        S::Raid6Rs6,
        S::Raid6La6,
        S::Raid6Ra6,
        S::ThinPool,
        S::Thin,
        S::CachePool,
        S::Cache,
        S::Vdo,
        S::VdoPool,
        S::Writecache,
        S::Integrity,
    ]
};

pub(super) fn run(parsed: &Parsed, world: &mut World) -> Exit {
    if let Err(exit) = Session::settle(parsed, world) {
        return exit;
    }
    for segtype in ORDER.map(SegmentType::name) {
        world.print_object(|| serde_json::json!({ "segtype": segtype }), segtype);
    }
    Exit::OK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_but_free_space_is_listed_once() {
        for segtype in SegmentType::ALL.iter().filter(|&&segtype| segtype != SegmentType::Free) {
            assert_eq!(ORDER.iter().filter(|listed| *listed == segtype).count(), 1, "{segtype:?}");
        }
    }
}
