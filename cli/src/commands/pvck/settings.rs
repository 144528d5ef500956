//! `--settings "key=value ..."`: what is known better than the headers do.

use crate::change::Refusal;
use crate::options::Opt;
use crate::parsed::Parsed;
use std::path::PathBuf;
use units::Id;

/// Places and sizes in bytes.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) metadata_offset: Option<u64>,
    pub(super) mda_offset: Option<u64>,
    pub(super) mda_size: Option<u64>,
    pub(super) mda2_offset: Option<u64>,
    pub(super) mda2_size: Option<u64>,
    pub(super) device_size: Option<u64>,
    pub(super) data_offset: Option<u64>,
    pub(super) mda_num: Option<u64>,
    pub(super) seqno: Option<u32>,
    pub(super) pv: Option<Id>,
    pub(super) backup_file: Option<PathBuf>,
}

impl Settings {
    /// All of the options' pairs.
    pub(super) fn read(parsed: &Parsed) -> Result<Self, Refusal> {
        let mut settings = Self::default();
        for text in parsed.all(Opt::Settings) {
            let mut rest = text.trim_start();
            while !rest.is_empty() {
                let bad = || Refusal::words(format!("Invalid setting at: {rest}"));
                let (key, value) = rest.split_once('=').ok_or_else(bad)?;
                let value = value.trim_start();
                let end = value.find(char::is_whitespace).unwrap_or(value.len());
                settings.take(key.trim(), &value[..end])?;
                rest = value[end..].trim_start();
            }
        }
        Ok(settings)
    }

    fn take(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        let invalid = || Refusal::words(format!("Invalid setting: {key}"));
        let number = || value.parse::<u64>().map(Some).map_err(|_| invalid());
        match key {
            "metadata_offset" => self.metadata_offset = number()?,
            "mda_offset" => self.mda_offset = number()?,
            "mda_size" => self.mda_size = number()?,
            "mda2_offset" => self.mda2_offset = number()?,
            "mda2_size" => self.mda2_size = number()?,
            "device_size" => self.device_size = number()?,
            "data_offset" => self.data_offset = number()?,
            "mda_num" => self.mda_num = number()?.filter(|number| *number != 0),
            "seqno" => self.seqno = Some(value.parse().map_err(|_| invalid())?),
            "pv_uuid" => {
                let id = value.parse();
                self.pv = Some(id.map_err(|_| {
                    Refusal::words("Failed to parse UUID from pv_uuid setting.")
                        .line(format!("Invalid setting: {key}"))
                })?);
            }
            "backup_file" => self.backup_file = Some(PathBuf::from(value)),
            _ => return Err(invalid()),
        }
        Ok(())
    }
}
