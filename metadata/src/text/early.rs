//! LVs that are read while the text around them still is: of most a VG's text is made, and no tree of them all has to
//! stand in memory.
//!
//! Only those whose segments lie on PVs alone can be: names of LVs may be explained later in the text. What is wrong in
//! an LV is for the reading of the whole text to say, so nothing is taken from there on.

use super::fields::Fields;
use super::lv;
use super::names::Names;
use super::read::{Title, checked_name};
use super::same::same_lv;
use super::segtype::lies_on_pvs;
use crate::model::{Lv, Vg};
use conf::{Around, Node, Section, Str};
use units::Id;

/// The section of a VG that LVs stand in.
pub(super) const LVS: &str = "logical_volumes";
/// The section of a VG that PVs stand in.
pub(super) const PVS: &str = "physical_volumes";

/// What was read so far.
pub(super) struct Early<'v, 'a> {
    text: &'a [u8],
    /// What the text is to say: then LVs are compared with its own, and not kept.
    expected: Option<&'v Vg>,
    state: State<'a>,
    ready: Ready,
}

enum State<'a> {
    /// No LV has come yet.
    Before,
    /// LVs are taken; how PVs are called.
    Taking(Names<'a>),
    /// No more is taken.
    Over,
}

/// The LVs that were read early, in their order.
#[derive(Default)]
pub(super) struct Ready {
    /// Where each begins, and its id.
    pub(super) seen: Vec<(u32, Id)>,
    /// The LVs; none where they were compared and found to be what was expected.
    pub(super) lvs: Option<Vec<Lv>>,
}

/// So long is an LV's text at least, about; room is made for as many as there can be, which costs nothing until it is used.
const SHORTEST: usize = 180;
/// There is no need to make room for more than this.
const MANY: usize = 1 << 16;

impl<'v, 'a> Early<'v, 'a> {
    /// Nothing yet. With a VG that is expected, its LVs are compared and not kept.
    pub(super) fn new(text: &'a [u8], expected: Option<&'v Vg>) -> Self {
        Self { text, expected, state: State::Before, ready: Ready::default() }
    }

    /// Takes the LV, if that section is one and can be read by itself.
    pub(super) fn take(&mut self, around: &Around<'_, 'a>, node: &Node<'a>) -> bool {
        if around.depth() != 2 || around.name(1).is_none_or(|name| *name != LVS) {
            return false;
        }
        if let State::Before = self.state {
            self.state = pv_names(around.nodes(0)).map_or(State::Over, State::Taking);
            let left = self.text.len().saturating_sub(node.span.start as usize);
            let room = || Vec::with_capacity((left / SHORTEST).min(MANY));
            self.ready.lvs = self.expected.is_none().then(room);
        }
        let State::Taking(names) = &self.state else { return false };
        let Some(section) = node.as_section() else { return false };
        if !section.nodes().iter().filter_map(Node::as_section).all(|segment| lies_on_pvs(segment, names)) {
            return false;
        }
        let as_expected =
            |lv: &Lv| self.expected.is_none_or(|vg| vg.lvs.get(lv.id).is_some_and(|own| same_lv(lv, own)));
        match read(self.text, node, section, names).filter(as_expected) {
            Some(lv) => {
                self.ready.seen.push((node.span.start, lv.id));
                if let Some(lvs) = &mut self.ready.lvs {
                    lvs.push(lv);
                }
                true
            }
            None => {
                self.state = State::Over;
                false
            }
        }
    }

    /// All that were taken.
    pub(super) fn ready(self) -> Ready {
        self.ready
    }
}

fn read<'a>(text: &'a [u8], node: &Node<'a>, section: &Section<'a>, names: &Names<'_>) -> Option<Lv> {
    let name = checked_name(text, node).ok()?;
    let title = Title::Lv(name);
    let id = Fields::new(text, &title, node.span.start, section).id("id").ok()?;
    lv::read(text, name, id, node, section, names).ok()
}

/// How PVs are called, if that can be told at all.
fn pv_names<'a>(nodes: &[Node<'a>]) -> Option<Names<'a>> {
    let pvs = nodes.iter().find(|node| node.key == *PVS)?.as_section()?;
    let mut names = Names::default();
    for node in pvs.nodes() {
        let name = std::str::from_utf8(node.key.in_text()?).ok()?;
        let id = node.as_section()?.value("id")?.str().and_then(Str::to_str)?.parse().ok()?;
        if names.pvs.insert(name, id).is_some() {
            return None;
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::super::{TextError, VgText, parse, read_tree, says};
    use super::Ready;

    const PROVENANCE: &str = "contents = \"Text Format Volume Group\"\nversion = 1\ndescription = \"\"\ncreation_host = \"h\"\ncreation_time = 1\n";

    fn late(text: &[u8]) -> Result<VgText, TextError> {
        read_tree(text, &conf::parse(text)?, Ready::default())
    }

    fn id(nth: usize) -> String {
        format!("aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaa{nth:03}")
    }

    fn lv(nth: usize, area: &str, more: &str) -> String {
        let id = id(nth);
        format!(
            "lv{nth} {{\nid = \"{id}\"\nstatus = [\"READ\", \"WRITE\", \"VISIBLE\"]\nflags = []\n{more}\
             segment_count = 1\nsegment1 {{\nstart_extent = 0\nextent_count = 1\ntype = \"striped\"\n\
             stripe_count = 1\nstripes = [\n\"{area}\", {nth}\n]\n}}\n}}\n"
        )
    }

    fn pvs(name: &str) -> String {
        let id = id(999);
        format!(
            "physical_volumes {{\n{name} {{\nid = \"{id}\"\ndevice = \"/dev/sda\"\nstatus = [\"ALLOCATABLE\"]\n\
             flags = []\ndev_size = 204800\npe_start = 2048\npe_count = 20\n}}\n}}\n"
        )
    }

    fn vg(inside: &str) -> String {
        let id = id(0);
        format!(
            "vg {{\nid = \"{id}\"\nseqno = 1\nformat = \"lvm2\"\nstatus = [\"READ\", \"WRITE\"]\nflags = []\n\
             extent_size = 8192\nmax_lv = 0\nmax_pv = 0\nmetadata_copies = 0\n{inside}}}\n"
        )
    }

    fn lvs(lvs: &[String]) -> String {
        format!("logical_volumes {{\n{}}}\n", lvs.concat())
    }

    #[test]
    fn what_is_read_early_is_what_is_read_late() {
        let pv = pvs("pv0");
        let plain: Vec<String> = (1..6).map(|nth| lv(nth, "pv0", "")).collect();
        let mut mixed = plain.clone();
        mixed[1] = lv(2, "lv5", "");
        mixed[3] = lv(4, "lv1", "unheard_of = 5\n");
        let mut twice = plain.clone();
        twice[4] = lv(3, "pv0", "");
        let mut unknown = plain.clone();
        unknown[2] = lv(3, "pv7", "");
        let mut wrong = plain.clone();
        wrong[2] = lv(3, "pv0", "creation_time = \"now\"\n");
        let mut same_id = plain.clone();
        same_id[3] = same_id[3].replace(&id(4), &id(2));
        let empty = ["e1 {\n}\n".to_owned(), plain[0].clone()];
        for text in [
            vg(&(pv.clone() + &lvs(&plain))),
            vg(&(pv.clone() + &lvs(&mixed))),
            vg(&(lvs(&plain) + &pv)),
            vg(&(pv.clone() + &lvs(&twice))),
            vg(&(pv.clone() + &lvs(&unknown))),
            vg(&(pv.clone() + &lvs(&wrong))),
            vg(&(pv.clone() + &lvs(&same_id))),
            vg(&(pv.clone() + &lvs(&empty))),
            vg(&(pv.clone() + &lvs(&plain[..2]) + &lvs(&plain))),
            vg(&(pv.clone() + &lvs(&plain) + &pvs("pv0"))),
            vg(&(pvs("\"pv\\\\0\"") + &lvs(&[lv(1, "pv\\\\0", "")]))),
            vg(&(pv.clone() + &lvs(&plain))) + &vg(&(pvs("pv1") + &lvs(&mixed))),
            vg(&(pv.clone() + "logical_volumes/" + &lv(1, "pv0", ""))),
        ] {
            let text = PROVENANCE.to_owned() + &text;
            let said = |read: Result<VgText, TextError>| read.map_err(|error| error.to_string());
            assert_eq!(said(parse(text.as_bytes())), said(late(text.as_bytes())), "{text}");
            if let Ok(read) = late(text.as_bytes()) {
                assert!(says(text.as_bytes(), &read.vg).unwrap(), "{text}");
                let mut other = read.vg.clone();
                other.lvs.retain(|lv| lv.name != "lv1");
                assert!(!says(text.as_bytes(), &other).unwrap(), "{text}");
                let mut other = read.vg.clone();
                other.lvs.iter_mut().take(2).for_each(|lv| lv.tags.push("tag".to_owned()));
                assert!(!says(text.as_bytes(), &other).unwrap(), "{text}");
            }
        }
        let text = PROVENANCE.to_owned() + &vg(&(pv + &lvs(&plain)));
        assert_eq!(parse(text.as_bytes()).unwrap().vg.lvs.len(), 5);
    }
}
