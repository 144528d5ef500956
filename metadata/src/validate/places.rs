//! Places: every area within its PV, no extent of a PV claimed twice.

use super::{Named, Violation};
use crate::model::{Area, Vg};
use units::{Id, Pe};

/// An area on a PV, and whose it is.
struct Claim<'v> {
    start: Pe,
    end: Pe,
    lv: &'v str,
    segment: usize,
}

impl Claim<'_> {
    fn who(&self) -> Named {
        Named::Segment(self.lv.to_owned(), self.segment)
    }
}

pub(super) fn check(vg: &Vg, found: &mut Vec<Violation>) {
    let mut claims: Vec<Vec<Claim<'_>>> = vg.pvs.iter().map(|_| Vec::new()).collect();
    // LVs that were made one after the other lie on one PV.
    let mut last: Option<(Id, usize)> = None;
    for lv in &vg.lvs {
        for (n, segment) in lv.segments.iter().enumerate() {
            // How much a segment of an unknown type takes of a PV is a guess.
            if segment.segtype().is_none() {
                continue;
            }
            for (area, len) in segment.areas() {
                let Area::Pv { pv, start } = area else { continue };
                let end = start.checked_add(len).unwrap_or(Pe::new(u64::MAX));
                last = last.filter(|(id, _)| *id == pv).or_else(|| Some((pv, vg.pvs.place(pv)?)));
                // That there is no such PV is said among the references.
                let Some((_, place)) = last else { continue };
                claims[place].push(Claim { start, end, lv: &lv.name, segment: n + 1 });
            }
        }
    }
    for (pv, mut claims) in vg.pvs.iter().zip(claims) {
        claims.sort_by_key(|claim| (claim.start, claim.end));
        for claim in claims.iter().filter(|claim| claim.end.offset() > pv.pe_count) {
            found.push(Violation::BeyondPv {
                who: claim.who(),
                pv: pv.device.clone(),
                start: claim.start,
                end: claim.end,
                extents: pv.pe_count,
            });
        }
        overlaps(&pv.device, &claims, found);
    }
}

/// Compares each claim with the one before it that reaches furthest.
fn overlaps(pv: &str, claims: &[Claim<'_>], found: &mut Vec<Violation>) {
    let mut furthest: Option<&Claim<'_>> = None;
    for claim in claims {
        if let Some(before) = furthest.filter(|before| claim.start < before.end && claim.start < claim.end) {
            found.push(Violation::Overlap {
                first: before.who(),
                second: claim.who(),
                pv: pv.to_owned(),
                start: claim.start,
                end: claim.end.min(before.end),
            });
        }
        if furthest.is_none_or(|before| claim.end > before.end) {
            furthest = Some(claim);
        }
    }
}
