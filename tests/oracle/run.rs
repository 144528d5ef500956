//! Runs a sequence with one tool or two, and records what can be seen after every command.

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::case::{Case, words};
use crate::disks::{Disks, output};
use crate::normal::{Deltas, Normal, is_older};
use crate::on_disk;

/// Longer than any command of a case takes, in seconds.
const PATIENCE: &str = "60";

const REPORTS: &[&str] =
    &["pvs", "vgs", "lvs", "pvdisplay", "vgdisplay", "lvdisplay", "pvscan", "vgscan", "lvscan", "fullreport"];

/// The two programs, and whether there is a device-mapper for them.
pub(crate) struct Tools {
    pub(crate) lvm: PathBuf,
    pub(crate) lvm_version: String,
    rlvm: PathBuf,
    live: bool,
}

impl Tools {
    pub(crate) fn from_environment(live: bool) -> Result<Tools, Box<dyn Error>> {
        let rlvm = env::var_os("RLVM").ok_or("RLVM does not name the binary under test")?;
        let lvm = env::var_os("RLVM_ORACLE").unwrap_or_else(|| "lvm".into());
        let said = Command::new(&lvm).arg("version").env("LVM_SUPPRESS_FD_WARNINGS", "1").output()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let version = said.lines().find_map(|line| line.trim().strip_prefix("LVM version:"));
        let version =
            version.and_then(|rest| rest.split_whitespace().next()).ok_or("lvm does not tell its version")?;
        Ok(Tools { lvm: lvm.into(), lvm_version: version.to_owned(), rlvm: rlvm.into(), live })
    }
}

/// Which tool runs which command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// LVM2 alone: the reference.
    Lvm,
    /// rlvm alone.
    Rlvm,
    /// In turns, LVM2 first.
    LvmFirst,
    /// In turns, rlvm first.
    RlvmFirst,
}

impl Plan {
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Plan::Lvm => ", lvm alone",
            Plan::Rlvm => "",
            Plan::LvmFirst => ", in turns, lvm first",
            Plan::RlvmFirst => ", in turns, rlvm first",
        }
    }

    fn ours(self, step: usize) -> bool {
        match self {
            Plan::Lvm => false,
            Plan::Rlvm => true,
            Plan::LvmFirst => step % 2 == 1,
            Plan::RlvmFirst => step.is_multiple_of(2),
        }
    }
}

/// What a sequence did.
pub(crate) struct Record {
    pub(crate) steps: Vec<Step>,
}

/// One command: what it said (normalised), and what is there after it, as named texts to compare.
pub(crate) struct Step {
    pub(crate) command: String,
    pub(crate) tool: &'static str,
    pub(crate) seen: Vec<(String, String)>,
    /// For the reader of a failure; not compared.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `case` as `plan` says, from empty disks on.
pub(crate) fn sequence(
    case: &Case,
    plan: Plan,
    tools: &Tools,
    disks: &Disks,
    deltas: &Deltas,
) -> Result<Record, Box<dyn Error>> {
    let mut sequence = Sequence {
        tools,
        disks,
        deltas,
        normal: Normal::new(),
        last: HashMap::new(),
        etc: disks.directory().join("etc"),
    };
    sequence.start()?;
    let mut steps = Vec::new();
    for (at, step) in case.steps.iter().enumerate() {
        let older_than = |version: &String| is_older(&tools.lvm_version, version);
        if !step.since.as_ref().is_some_and(older_than) && step.before.as_ref().is_none_or(older_than) {
            steps.push(sequence.step(&step.command, plan.ours(at))?);
        }
    }
    steps.push(sequence.what_lvm_says()?);
    sequence.end()?;
    Ok(Record { steps })
}

struct Sequence<'a> {
    tools: &'a Tools,
    disks: &'a Disks,
    deltas: &'a Deltas,
    normal: Normal,
    /// What was last seen under a name, as read and normalised: most of it stays from command to command.
    last: HashMap<String, (String, String)>,
    /// LVM_SYSTEM_DIR of this run.
    etc: PathBuf,
}

impl Sequence<'_> {
    fn start(&self) -> Result<(), Box<dyn Error>> {
        self.disks.clear()?;
        if self.etc.exists() {
            fs::remove_dir_all(&self.etc)?;
        }
        fs::create_dir(&self.etc)?;
        fs::write(self.etc.join("lvm.conf"), self.config())?;
        Ok(())
    }

    /// Only this case's disks exist, nothing outside its directory is written.
    fn config(&self) -> String {
        let accepted = self.disks.devices().iter().map(|device| format!("\"a|^{}$|\", ", device.display()));
        let filter: String = accepted.collect();
        let activation = u8::from(self.tools.live);
        let locks = self.etc.join("locks");
        format!(
            "global {{ activation = {activation} locking_dir = \"{}\" event_activation = 0 }}\n\
             devices {{ use_devicesfile = 0 hints = \"none\" scan = [ \"/dev\" ]\n\
             filter = [ {filter}\"r|.*|\" ] global_filter = [ {filter}\"r|.*|\" ] }}\n\
             activation {{ monitoring = 0 }}\n",
            locks.display()
        )
    }

    fn step(&mut self, line: &str, ours: bool) -> Result<Step, Box<dyn Error>> {
        if let Some(shell) = line.strip_prefix('!') {
            let shell = self.filled(shell.trim());
            output(Command::new("sh").args(["-ec", &shell]))?;
            return Ok(Step {
                command: line.to_owned(),
                tool: "sh",
                seen: self.state()?,
                stdout: String::new(),
                stderr: String::new(),
            });
        }
        let arguments: Vec<String> = words(line).iter().map(|word| self.filled(word)).collect();
        let name = arguments.first().cloned().unwrap_or_default();
        let (tool, program) = if ours { ("rlvm", &self.tools.rlvm) } else { ("lvm", &self.tools.lvm) };
        let output = self.run(program, &arguments)?;
        let mut stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        if !ours || program == &self.tools.lvm {
            stdout = self.deltas.apply(&name, &stdout);
        }
        let status = output.status.code().map_or("killed".to_owned(), |code| code.to_string());
        let mut seen = vec![("exit status".to_owned(), status)];
        // What stands on disk first: ids are numbered in that order.
        seen.extend(self.state()?);
        if REPORTS.contains(&name.as_str()) {
            seen.push(("report".to_owned(), self.normal.text(&stdout)));
        }
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Step { command: line.to_owned(), tool, seen, stdout, stderr })
    }

    /// LVM2's own words about what is there in the end, whoever wrote it.
    fn what_lvm_says(&mut self) -> Result<Step, Box<dyn Error>> {
        let mut seen = Vec::new();
        for line in [
            "vgck",
            "pvs -a -o pv_name,vg_name,pv_size,pv_mda_count,pv_used,pe_start,pv_ba_size,pv_uuid",
            "vgs -o vg_name,vg_seqno,vg_extent_size,vg_free_count,pv_count,lv_count,vg_mda_count,vg_tags",
            "lvs --segments -o lv_name,vg_name,seg_start_pe,seg_size_pe,devices,lv_tags,seg_type",
        ] {
            let output = self.run(&self.tools.lvm, &words(line))?;
            let said = [output.stdout, output.stderr].concat();
            let said = self.normal.text(&String::from_utf8_lossy(&said));
            seen.push((format!("lvm {line}"), format!("{}\n{said}", output.status)));
        }
        let (stdout, stderr) = (String::new(), String::new());
        Ok(Step { command: "what LVM2 says in the end".to_owned(), tool: "lvm", seen, stdout, stderr })
    }

    fn run(&self, program: &Path, arguments: &[String]) -> Result<Output, Box<dyn Error>> {
        let mut command = Command::new("timeout");
        command.args(["-k", "5", PATIENCE]).arg(program).args(arguments);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("TZ", "UTC").env("LC_ALL", "C");
        command.env("LVM_SYSTEM_DIR", &self.etc).env("LVM_SUPPRESS_FD_WARNINGS", "1");
        if program == self.tools.lvm {
            // No udevd runs beside this: LVM2 has to make its nodes itself.
            command.env("DM_DISABLE_UDEV", "1");
        }
        Ok(command.stdin(Stdio::null()).output()?)
    }

    /// `$1`... are the disks, `$dir` is LVM_SYSTEM_DIR.
    fn filled(&self, word: &str) -> String {
        let mut filled = word.replace("$dir", &self.etc.display().to_string());
        for (at, device) in self.disks.devices().iter().enumerate().rev() {
            filled = filled.replace(&format!("${}", at + 1), &device.display().to_string());
        }
        filled
    }

    /// Disks, backups, archives and the kernel's tables, normalised.
    fn state(&mut self) -> Result<Vec<(String, String)>, Box<dyn Error>> {
        let mut seen = Vec::new();
        for (at, device) in self.disks.devices().iter().enumerate() {
            output(Command::new("blockdev").arg("--flushbufs").arg(device))?;
            seen.push((format!("disk {}", at + 1), on_disk::describe(device)?));
        }
        for directory in ["backup", "archive"] {
            let found = files(&self.etc.join(directory))?.into_iter();
            seen.extend(found.map(|(name, text)| (format!("{directory} {name}"), text)));
        }
        if self.tools.live {
            for arguments in
                [vec!["table"], vec!["info", "-c", "--noheadings", "-o", "name,uuid,attr,read_ahead"]]
            {
                let said = output(Command::new("dmsetup").args(&arguments))?;
                let mut lines: Vec<&str> = said.lines().collect();
                lines.sort_unstable();
                seen.push((format!("dmsetup {}", arguments[0]), lines.join("\n")));
            }
        }
        for (name, text) in &mut seen {
            *text = self.normalised(name, text);
        }
        Ok(seen)
    }

    fn normalised(&mut self, name: &str, text: &str) -> String {
        if let Some((_, normal)) = self.last.get(name).filter(|(read, _)| read == text) {
            return normal.clone();
        }
        let normal = self.normal.text(text);
        self.last.insert(name.to_owned(), (text.to_owned(), normal.clone()));
        normal
    }

    /// Leaves neither node nor directory of the case behind, whatever went wrong in it.
    fn end(&self) -> Result<(), Box<dyn Error>> {
        if !self.tools.live {
            return Ok(());
        }
        self.run(&self.tools.lvm, &words("vgchange -an"))?;
        output(Command::new("dmsetup").args(["remove_all", "--force"]))?;
        let directories = "for link in /dev/*/*; do case $(readlink $link) in /dev/mapper/*|../dm-*) rm $link; \
             rmdir --ignore-fail-on-non-empty ${link%/*};; esac; done";
        output(Command::new("sh").args(["-ec", directories]))?;
        Ok(())
    }
}

/// The files of a directory of backups or archives by name, the random part of an archive's name left out.
fn files(directory: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut found = Vec::new();
    if !directory.exists() {
        return Ok(found);
    }
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = match name.strip_suffix(".vg").and_then(|stem| stem.rsplit_once('-')) {
            Some((stem, _random)) => format!("{stem}-N.vg"),
            None => name,
        };
        found.push((name, fs::read_to_string(entry.path())?));
    }
    found.sort();
    Ok(found)
}
