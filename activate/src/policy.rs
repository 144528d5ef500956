//! Which LVs may be activated, and how: the volume lists of lvm.conf.

use metadata::model::{Lv, LvFlag, Vg, VgFlag};

/// One of the settings `activation/*volume_list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeList(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    Vg(String),
    Lv(String, String),
    Tag(String),
    HostTags,
}

impl VolumeList {
    /// Reads the entries: `vg`, `vg/lv`, `@tag`, and `@*` for any tag that the host has.
    pub fn parse<S: AsRef<str>>(entries: &[S]) -> Self {
        let entry = |text: &str| match (text.strip_prefix('@'), text.split_once('/')) {
            (Some("*"), _) => Entry::HostTags,
            (Some(tag), _) => Entry::Tag(tag.to_owned()),
            (None, Some((vg, lv))) => Entry::Lv(vg.to_owned(), lv.to_owned()),
            (None, None) => Entry::Vg(text.to_owned()),
        };
        Self(entries.iter().map(|text| entry(text.as_ref())).collect())
    }

    /// Whether an entry names the LV, or its VG, or a tag of either.
    pub fn names(&self, vg: &Vg, lv: &Lv, host_tags: &[String]) -> bool {
        let tagged = |tag: &str| vg.tags.iter().chain(&lv.tags).any(|own| own == tag);
        self.0.iter().any(|entry| match entry {
            Entry::Vg(name) => *name == vg.name,
            Entry::Lv(vg_name, lv_name) => *vg_name == vg.name && *lv_name == lv.name,
            Entry::Tag(tag) => tagged(tag),
            Entry::HostTags => host_tags.iter().any(|tag| tagged(tag)),
        })
    }
}

/// Who may be activated.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// `activation/volume_list`; none: every LV, unless the host has tags, which then have to match.
    pub volume_list: Option<VolumeList>,
    /// `activation/auto_activation_volume_list`; none: every LV.
    pub auto_list: Option<VolumeList>,
    /// `activation/read_only_volume_list`; none: no LV.
    pub read_only_list: Option<VolumeList>,
    /// The host's tags.
    pub host_tags: Vec<String>,
    /// Whether flags that make activation pass an LV over are ignored (`-K`).
    pub ignore_skip: bool,
    /// Whether the machine asks, not a person (`-aay`).
    pub auto: bool,
    /// Whether LVs with missing PVs are activated all the same (`--partial`, `--activationmode partial`).
    pub partial: bool,
}

/// Why an LV is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// Its flag says so; `-K` would activate it.
    Flag,
    /// `activation/volume_list` does not name it.
    VolumeList,
    /// It is not for automatic activation.
    Auto,
}

impl Policy {
    /// Whether the LV is passed over, and why.
    pub fn skips(&self, vg: &Vg, lv: &Lv) -> Option<Skip> {
        if self.auto {
            let unwanted = vg.flags.has(VgFlag::NoAutoactivate) || lv.flags.has(LvFlag::NoAutoactivate);
            let unlisted = self.auto_list.as_ref().is_some_and(|list| !list.names(vg, lv, &self.host_tags));
            if unwanted || unlisted {
                return Some(Skip::Auto);
            }
        }
        if lv.flags.has(LvFlag::ActivationSkip) && !self.ignore_skip {
            return Some(Skip::Flag);
        }
        (!self.is_listed(vg, lv)).then_some(Skip::VolumeList)
    }

    /// Without a list, a VG or LV with tags runs on any host without tags; on a host with tags, tags of VG
    /// and LV have to match one, unless there are none (2.03.40: activate.c, _lv_passes_volumes_filter).
    fn is_listed(&self, vg: &Vg, lv: &Lv) -> bool {
        match &self.volume_list {
            Some(list) => list.names(vg, lv, &self.host_tags),
            None => {
                let tagged = !(vg.tags.is_empty() && lv.tags.is_empty());
                let host_tags = VolumeList(vec![Entry::HostTags]);
                self.host_tags.is_empty() || !tagged || host_tags.names(vg, lv, &self.host_tags)
            }
        }
    }

    /// Whether the LV's device refuses writes.
    pub fn is_read_only(&self, vg: &Vg, lv: &Lv) -> bool {
        let listed = self.read_only_list.as_ref().is_some_and(|list| list.names(vg, lv, &self.host_tags));
        listed || !lv.is_writable()
    }
}
